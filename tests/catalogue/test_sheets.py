"""Spreadsheets of the four lists: each row through its rules, each fault at its cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.edges.sheets import write_xlsx
from haihe.kernel.catalogue import actions, queries
from haihe.kernel.catalogue.internals.sheets.lists import SHEETS
from haihe.kernel.catalogue.models import (
    Demand,
    NegativeEntry,
    Responsibility,
    SourceSystem,
)
from haihe.kernel.ledger.models import Entry
from tests.catalogue.builders import (
    PROVIDER,
    RECEIVER,
    Small,
    demand,
    forbid,
)
from tests.catalogue.test_demands import refused

pytestmark = pytest.mark.django_db
BY = {sheet.name: sheet for sheet in SHEETS}
MAY = PROVIDER.permissions
SYSTEM = {"code": "civil-new", "title": "救助系统", "kind": "postgresql"}
LATER = now().date() + timedelta(days=200)


def book(**lists: Iterable[Mapping[str, Any]]) -> bytes:
    """A workbook with rows of these lists."""
    return write_xlsx([(BY[name], rows) for name, rows in lists.items()])  # type: ignore[misc]


def tried(by: Actor = PROVIDER, **lists: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The faults of a workbook: place and code of each; nothing is written."""
    found = actions.try_sheets(by=by, data=book(**lists), name="a.xlsx")
    return [(each.cell.place, each.code) for each in found.faults]


def brought(by: Actor = PROVIDER, **lists: Iterable[Mapping[str, Any]]) -> dict[str, list[int]]:
    """Bring a workbook in; what was new, changed, unchanged of each list."""
    found = actions.import_sheets(by=by, data=book(**lists), name="a.xlsx")
    return {name: [c.new, c.changed, c.unchanged] for name, c in found.counts.items()}


def place(sheet: str, key: str, row: int = 2) -> str:
    """Where a field stands in a workbook of ours."""
    keys = [field.key for field in BY[sheet].fields]
    return f"{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[keys.index(key)]}{row}"


def test_a_system_comes_in_with_all_that_its_list_says(small: Small) -> None:
    whole = {
        **SYSTEM,
        "network": "extranet",
        "cloud": "市政务云",
        "protection_level": "3",
        "is_vertical": True,
        "tables": 120,
        "interfaces": 4,
        "builder": "某某公司",
        "items": ("低保审批", "临时救助"),
    }
    assert brought(systems=[whole]) == {"systems": [1, 0, 0]}
    found = SourceSystem.objects.get(pk="civil-new")
    kept = set(whole) - {"title", "items", "protection_level"}
    assert {key: getattr(found, key) for key in kept} == {key: whole[key] for key in kept}
    assert found.protection_level == 3
    assert (found.items, found.title) == (["低保审批", "临时救助"], {"zh": "救助系统"})
    assert brought(systems=[whole]) == {"systems": [0, 0, 1]}
    assert brought(systems=[{**whole, "tables": 121}]) == {"systems": [0, 1, 0]}


def test_an_import_keeps_address_and_limits_of_a_system(small: Small) -> None:
    before = SourceSystem.objects.get(pk="civil-db")
    row = {"code": "civil-db", "title": "民政库", "title_en": "Civil", "kind": "postgresql"}
    assert brought(systems=[row]) == {"systems": [0, 1, 0]}
    after = SourceSystem.objects.get(pk="civil-db")
    assert bytes(after.address_sealed or b"") == bytes(before.address_sealed or b"")
    assert (after.connection_cap, after.timeout_s) == (before.connection_cap, before.timeout_s)


def test_systems_are_merged_into_one_that_comes_later_in_the_same_file(small: Small) -> None:
    old = {**SYSTEM, "code": "civil-old", "fate": "merge", "merges_into": "civil-new"}
    assert brought(systems=[old, {**SYSTEM, "fate": "keep"}]) == {"systems": [2, 0, 0]}
    assert SourceSystem.objects.get(pk="civil-old").merges_into_id == "civil-new"


@pytest.mark.parametrize(
    ("changed", "key", "code"),
    [
        ({"fate": "merge"}, "merges_into", "catalogue.system.bad_merge"),
        ({"merges_into": "civil-db"}, "merges_into", "catalogue.system.bad_merge"),
        (
            {"fate": "merge", "merges_into": "civil-new"},
            "merges_into",
            "catalogue.system.bad_merge",
        ),
        ({"fate": "merge", "merges_into": "nowhere"}, "merges_into", "catalogue.system.bad_merge"),
        ({"tables": -1}, "tables", "catalogue.system.bad_count"),
        ({"interfaces": 10**12}, "interfaces", "catalogue.system.bad_count"),
        ({"title": None}, "title", "catalogue.sheets.title_missing"),
        ({"provider": "tax"}, "provider", "catalogue.sheets.not_yours"),
        ({"provider": "moon"}, "provider", "catalogue.sheets.provider_unknown"),
        ({"kind": None}, "kind", "sheets.cell.missing"),
        ({"tables": "viele"}, "tables", "sheets.cell.not_an_integer"),
    ],
)
def test_a_system_that_may_not_be(
    small: Small, changed: dict[str, Any], key: str, code: str
) -> None:
    assert tried(systems=[{**SYSTEM, **changed}]) == [(place("systems", key), code)]
    with refused("catalogue.sheets.faulty"):
        brought(systems=[{**SYSTEM, "code": "civil-fine"}, {**SYSTEM, **changed}])
    assert not SourceSystem.objects.filter(code__startswith="civil-").exclude(pk="civil-db")


def test_a_system_that_others_go_into_stays(small: Small) -> None:
    brought(systems=[SYSTEM, {**SYSTEM, "code": "b", "fate": "merge", "merges_into": "civil-new"}])
    assert tried(systems=[{**SYSTEM, "fate": "close"}]) == [
        (place("systems", "fate"), "catalogue.system.merged_into")
    ]


def test_another_departments_code_is_taken(small: Small) -> None:
    row = {"code": "civil-db", "title": "x", "kind": "postgresql", "provider": "housing"}
    assert tried(by=RECEIVER, systems=[row]) == [("A2", "catalogue.code_taken")]


DUTY = {"resource": "civil/households", "duty": "救助", "basis": "社会救助暂行办法第三条"}


def test_a_responsibility_comes_in_and_is_corrected(small: Small) -> None:
    whole = {
        **DUTY,
        "item_code": "110101",
        "item_title": "低保审批",
        "level": "municipal",
        "due": date(2027, 3, 1),
        "status": "working",
        "contact_post": "救助科数据岗",
    }
    assert brought(responsibilities=[whole]) == {"responsibilities": [1, 0, 0]}
    assert brought(responsibilities=[whole]) == {"responsibilities": [0, 0, 1]}
    assert brought(responsibilities=[{**whole, "status": "done"}])["responsibilities"] == [0, 1, 0]
    found = Responsibility.objects.get()
    assert (found.status, found.system_id, found.due) == ("done", "civil-db", date(2027, 3, 1))
    assert Entry.objects.filter(kind="catalogue.responsibility.changed").count() == 1


@pytest.mark.parametrize(
    ("changed", "key", "code"),
    [
        ({"basis": None}, "basis", "sheets.cell.missing"),
        ({"duty": None}, "duty", "catalogue.sheets.title_missing"),
        ({"resource": "civil/none"}, "resource", "catalogue.sheets.resource_unknown"),
        ({"system": "nowhere"}, "system", "catalogue.system.unknown"),
        ({"provider": "tax"}, "provider", "catalogue.sheets.not_yours"),
        (
            {"contact_post": "张三 13800000000"},
            "contact_post",
            "catalogue.responsibility.not_a_post",
        ),
        (
            {"item_code": "110101"},
            "item_title",
            "catalogue.responsibility.item_without_title",
        ),
    ],
)
def test_a_responsibility_that_may_not_be(
    small: Small, changed: dict[str, Any], key: str, code: str
) -> None:
    assert tried(responsibilities=[{**DUTY, **changed}]) == [(place("responsibilities", key), code)]


ENTRY = {
    "resource": "civil/households",
    "columns": ("income",),
    "law": "个人信息保护法第二十八条",
    "approved_by": "市政府办公厅",
    "review_on": LATER,
    "scope": "所有部门",
    "substitute": "proof",
}


def test_an_entry_of_the_negative_list_cuts_grants_as_it_comes_in(small: Small) -> None:
    grant = actions.grant_demand(by=PROVIDER, demand=demand(small.resource))
    assert brought(negative=[ENTRY]) == {"negative": [1, 0, 0]}
    assert set(grant.columns.values_list("name", flat=True)) == {"person"}
    assert brought(negative=[ENTRY]) == {"negative": [0, 0, 1]}


def test_of_an_entry_only_its_review_may_be_put_off(small: Small) -> None:
    brought(negative=[ENTRY])
    later = LATER + timedelta(days=100)
    assert brought(negative=[{**ENTRY, "review_on": later}]) == {"negative": [0, 1, 0]}
    assert NegativeEntry.objects.get().review_on == later
    for key, value in (("scope", "区"), ("approved_by", "x"), ("valid_until", LATER)):
        faults = tried(negative=[{**ENTRY, key: value}])
        assert faults == [(place("negative", key), "catalogue.sheets.entry_kept")]


@pytest.mark.parametrize(
    ("changed", "key", "code"),
    [
        ({"law": None}, "law", "sheets.cell.missing"),
        ({"columns": ("no",)}, "columns", "catalogue.column.unknown"),
        ({"valid_until": date(2020, 1, 1)}, "valid_until", "haihe.bad_input"),
        ({"review_on": None}, "review_on", "sheets.cell.missing"),
        ({"resource": "no/where"}, "resource", "catalogue.sheets.resource_unknown"),
    ],
)
def test_an_entry_that_may_not_be(
    small: Small, changed: dict[str, Any], key: str, code: str
) -> None:
    assert tried(negative=[{**ENTRY, **changed}]) == [(place("negative", key), code)]


def test_nobody_lists_columns_of_another_department(small: Small) -> None:
    assert tried(by=RECEIVER, negative=[ENTRY]) == [("A2", "catalogue.sheets.not_yours")]


def test_a_review_that_has_passed_is_listed_until_it_is_put_off(small: Small) -> None:
    brought(negative=[{**ENTRY, "review_on": now().date() - timedelta(days=1)}])
    assert [each.law for each in queries.unreviewed_entries()] == [ENTRY["law"]]
    brought(negative=[ENTRY])
    assert not queries.unreviewed_entries()
    with refused("catalogue.negative.review_passed"):
        actions.review_negative_entry(
            by=PROVIDER, entry=NegativeEntry.objects.get(), review_on=date(2020, 1, 1)
        )


DEMAND = {
    "resource": "civil/households",
    "columns": ("income", "person"),
    "purpose": "housing.fund",
    "basis": "住房公积金管理条例第二十四条",
    "mode": "interface",
}


def test_demands_are_raised_by_their_own_rules_and_once(small: Small) -> None:
    free = {**DEMAND, "resource": "civil/streets"}
    assert brought(by=RECEIVER, demands=[DEMAND, free]) == {"demands": [2, 0, 0]}
    states = dict(Demand.objects.values_list("resource", "state"))
    assert states == {"civil/households": "raised", "civil/streets": "granted"}
    assert brought(by=RECEIVER, demands=[DEMAND, free]) == {"demands": [0, 0, 2]}
    assert Demand.objects.count() == 2


def test_a_trial_of_demands_tells_nobody_and_grants_nothing(small: Small) -> None:
    before = Entry.objects.count()
    free = {**DEMAND, "resource": "civil/streets"}
    assert tried(by=RECEIVER, demands=[DEMAND, free]) == []
    assert (Demand.objects.count(), Entry.objects.count()) == (0, before)


@pytest.mark.parametrize(
    ("changed", "key", "code"),
    [
        ({"basis": None}, "basis", "sheets.cell.missing"),
        ({"purpose": "fun"}, "purpose", "catalogue.purpose.unknown"),
        ({"columns": ("faith",)}, "columns", "catalogue.column.withheld"),
        ({"columns": ("no",)}, "columns", "catalogue.column.unknown"),
        ({"months": 61}, "months", "catalogue.demand.bad"),
        ({"rate_per_minute": 0}, "rate_per_minute", "catalogue.demand.bad"),
        ({"rate_per_minute": 10**12}, "rate_per_minute", "catalogue.demand.bad"),
        ({"mode": None}, "mode", "sheets.cell.missing"),
        ({"number": "12"}, "number", "catalogue.sheets.demand_unknown"),
        ({"provider": "tax"}, "provider", "catalogue.sheets.not_yours"),
    ],
)
def test_a_demand_that_may_not_be(
    small: Small, changed: dict[str, Any], key: str, code: str
) -> None:
    faults = tried(by=RECEIVER, demands=[{**DEMAND, **changed}])
    assert faults == [(place("demands", key), code)]
    assert not Demand.objects.exists()


def test_a_demand_of_ones_own_or_of_a_listed_column_is_refused_at_its_cell(small: Small) -> None:
    assert tried(demands=[DEMAND]) == [
        (place("demands", "resource"), "catalogue.demand.own_resource")
    ]
    forbid(small.column("income"))
    assert tried(by=RECEIVER, demands=[DEMAND]) == [
        (place("demands", "columns"), "catalogue.column.on_negative_list")
    ]


def test_what_was_demanded_stays_whatever_a_file_says(small: Small) -> None:
    raised = demand(small.resource)
    row = {**DEMAND, "number": str(raised.pk), "basis": raised.basis, "months": 24}
    assert tried(by=RECEIVER, demands=[row]) == [
        (place("demands", "months"), "catalogue.sheets.demand_kept")
    ]


def test_a_whole_chain_comes_in_with_one_file(small: Small) -> None:
    resource = {
        "code": "civil/new",
        "title": "临时救助",
        "sharing_class": "unconditional",
        "system": "civil-new",
    }
    lists: dict[str, list[dict[str, Any]]] = {
        "systems": [SYSTEM],
        "resources": [resource],
        "items": [
            {"resource": "civil/new", "name": "number", "kind": "字符型"},
            {"resource": "civil/new", "name": "income", "kind": "数值型(18,2)"},
        ],
        "responsibilities": [{**DUTY, "resource": "civil/new"}],
        "negative": [{**ENTRY, "resource": "civil/new"}],
    }
    assert set(brought(**lists)) == {"systems", "catalogue", "responsibilities", "negative"}
    assert Responsibility.objects.get().system_id == "civil-new"
    assert set(queries.active_negative("civil/new")) == {"income"}
    entry = Entry.objects.get(kind="catalogue.sheets.imported")
    assert entry.body["lists"]["catalogue"] == {"new": 1, "changed": 0}


def test_one_fault_leaves_all_lists_of_the_file_as_they_were(small: Small) -> None:
    before = Entry.objects.count()
    lists = {"systems": [SYSTEM], "responsibilities": [{**DUTY, "system": "nowhere"}]}
    with refused("catalogue.sheets.faulty"):
        brought(**lists)
    assert not SourceSystem.objects.filter(pk="civil-new").exists()
    assert (Responsibility.objects.count(), Entry.objects.count()) == (0, before)


def test_what_hangs_on_a_faulty_row_is_not_blamed_for_it(small: Small) -> None:
    faults = tried(
        systems=[{**SYSTEM, "fate": "merge"}],
        resources=[
            {
                "code": "civil/new",
                "title": "临时救助",
                "sharing_class": "conditional",
                "system": "civil-new",
            }
        ],
        items=[{"resource": "civil/new", "name": "number", "kind": "字符型"}],
        responsibilities=[{**DUTY, "resource": "civil/new"}],
        negative=[{**ENTRY, "resource": "civil/new", "columns": ("number",)}],
    )
    assert sorted(code for _, code in faults) == [
        "catalogue.sheets.condition_missing",
        "catalogue.system.bad_merge",
    ]


def test_a_row_with_one_fault_is_told_its_others_too(small: Small) -> None:
    row = {"code": "civil/new", "sharing_class": "conditional", "classification": "9-99"}
    faults = tried(
        resources=[{**row, "format_detail": "x" * 61, "system": "nowhere"}],
        items=[{"resource": "civil/new", "name": "number", "kind": "字符型"}],
    )
    assert sorted(code for _, code in faults) == [
        "catalogue.sheets.condition_missing",
        "catalogue.sheets.title_missing",
        "catalogue.system.unknown",
        "sheets.cell.too_long",
    ]


RESOURCE = {"code": "civil/first", "title": "登记", "sharing_class": "unconditional"}
ITEM = {"resource": "civil/first", "name": "a", "title": "甲", "kind": "字符型"}


def test_related_resources_that_may_not_be(small: Small) -> None:
    at = place("resources", "related")
    for named, code in (("civil/first", "related_itself"), ("civil/none", "related_unknown")):
        row = {**RESOURCE, "related": (named,)}
        assert tried(resources=[row], items=[ITEM]) == [(at, f"catalogue.sheets.{code}")]
    pair = [
        {**RESOURCE, "related": ("civil/second", small.resource.pk)},
        {**RESOURCE, "code": "civil/second", "related": ("civil/first",)},
    ]
    items = [ITEM, {**ITEM, "resource": "civil/second"}]
    assert brought(resources=pair, items=items) == {"catalogue": [2, 0, 0]}
    assert brought(resources=pair, items=items) == {"catalogue": [0, 0, 2]}
