"""The core fields of resources: numbers, classes, versions, lead sources, freshness, opening."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import override_settings

from haihe.base.clock import told
from haihe.base.text import Text
from haihe.kernel.catalogue import actions, queries
from haihe.kernel.catalogue.declare import CodeScheme, ColumnDraft
from haihe.kernel.catalogue.models import Column, Resource, ResourceVersion
from haihe.kernel.ledger.models import Entry
from tests.catalogue.builders import PROVIDER, RECEIVER, STEWARD, Small, demand, publish
from tests.catalogue.test_demands import refused

pytestmark = pytest.mark.django_db
NUMBER = ColumnDraft("number", "text", is_key=True)
PHONE = ColumnDraft("phone", "text", {"zh": "手机号码"}, element="person.phone", is_lead=True)


def draft(code: str, *columns: ColumnDraft, **changes: object) -> dict[str, object]:
    return {
        "code": code,
        "title": {"zh": "登记"},
        "department": "civil",
        "table": code.replace("/", "."),
        "sharing_class": "unconditional",
        "columns": [NUMBER, *columns],
        **changes,
    }


def test_a_classified_resource_gets_its_number_once_and_the_next_one_the_next(small: Small) -> None:
    first = publish("civil/a", free=True, classification="1-03")
    second = publish("civil/b", free=True, classification="1-03")
    other = publish("civil/c", free=True, classification="1-01")
    assert [each.national_code for each in (first, second, other)] == [
        "103/000001",
        "103/000002",
        "101/000001",
    ]
    assert publish("civil/a", free=True, classification="1-01").national_code == "103/000001"
    assert small.resource.national_code is None


def test_a_city_may_number_by_department_and_leaves_others_without(small: Small) -> None:
    form = "{department}{classification}"
    city = CodeScheme(form=form, digits=4, departments={"civil": "120007"})
    with override_settings(CATALOGUE_CODES=city):
        numbered = publish("civil/a", free=True, classification="1-03")
    with override_settings(CATALOGUE_CODES=CodeScheme(form=form)):
        unknown = publish("civil/b", free=True, classification="1-03")
    assert (numbered.national_code, unknown.national_code) == ("120007103/0001", None)


def test_a_class_that_the_tree_does_not_have_is_refused_and_a_finer_one_is_not(
    small: Small,
) -> None:
    classes: dict[str, Text] = {"1": {"en": "Base"}, "1-03": {"en": "Space"}}
    assert actions.set_classes(by=STEWARD, classes=classes) == 2
    assert actions.set_classes(by=STEWARD, classes=classes) == 0
    with refused("catalogue.classification.unknown"):
        publish(classification="1-04")
    assert publish(classification="1-03-02").classification == "1-03-02"
    assert publish(classification="1").classification == "1"
    with refused("catalogue.classification.unknown"):
        publish(classification="1-99")
    assert Entry.objects.filter(kind="catalogue.classes.set").count() == 1


def test_each_change_makes_a_version_that_says_what_changed(small: Small) -> None:
    publish(cycle="weekly", open_class="conditional", open_condition="On request")
    publish(
        cycle="weekly", open_class="conditional", open_condition="On request",
        columns=[ColumnDraft("person", "text", is_key=True), ColumnDraft("new", "date")],
    )  # fmt: skip
    newest, middle, first = queries.versions_of(small.resource)
    assert [line.version.version for line in (newest, middle, first)] == [3, 2, 1]
    changed = {each.field: (each.before, each.after) for each in middle.differences}
    assert changed == {
        "cycle": ("daily", "weekly"),
        "open_class": ("closed", "conditional"),
        "open_condition": ("", "On request"),
    }
    of_columns = {(each.column, each.field) for each in newest.differences}
    assert {("new", ""), ("income", ""), ("person", "is_subject"), ("person", "scheme")} <= (
        of_columns
    )
    assert first.differences == []


@pytest.mark.parametrize("sql", ["update {} set made_by = 'x'", "delete from {}"])
def test_a_version_is_never_changed_or_deleted(small: Small, sql: str) -> None:
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="stays on record"):
        cursor.execute(sql.format("catalogue_resourceversion"))


def test_one_datum_has_one_source_and_who_else_claims_it_hears_who_holds_it(small: Small) -> None:
    publish("civil/people", free=True, columns=[NUMBER, PHONE])
    with refused("catalogue.lead.taken"):
        publish("civil/other", free=True, columns=[NUMBER, PHONE])
    with refused("catalogue.resource.bad_draft"):
        publish("civil/other", free=True, columns=[ColumnDraft("a", "text", is_lead=True)])
    assert queries.lead_columns(["person.phone"])["person.phone"].resource_id == "civil/people"


def test_the_database_keeps_one_source_a_datum_too(small: Small) -> None:
    publish("civil/people", free=True, columns=[NUMBER, PHONE])
    income = small.column("income")
    for changes in ({"element": "person.phone", "is_lead": True}, {"is_lead": True}):
        with transaction.atomic(), pytest.raises(IntegrityError):
            Column.objects.filter(pk=income.pk).update(**changes)


def test_a_source_moves_to_another_resource_in_one_step(small: Small) -> None:
    publish("civil/people", free=True, columns=[NUMBER, PHONE])
    given = [draft("civil/people"), draft("civil/phones", PHONE)]
    actions.publish_resources(by=PROVIDER, drafts=given)  # type: ignore[arg-type]
    assert queries.lead_columns(["person.phone"])["person.phone"].resource_id == "civil/phones"


def test_data_that_several_hold_and_nobody_leads_are_named(small: Small) -> None:
    plain = ColumnDraft("phone", "text", element="person.phone")
    publish("civil/people", free=True, columns=[NUMBER, plain])
    publish("civil/more", free=True, columns=[NUMBER, plain])
    assert queries.conflicts() == []  # one department may hold it twice
    by_housing = {**draft("housing/people", plain), "department": "housing"}
    actions.publish_resource(by=RECEIVER, **by_housing)  # type: ignore[arg-type]
    (conflict,) = queries.conflicts()
    assert (conflict.element, len(conflict.columns)) == ("person.phone", 3)
    publish("civil/people", free=True, columns=[NUMBER, PHONE])
    assert queries.conflicts() == []


def test_a_form_is_told_what_the_government_holds_already(small: Small) -> None:
    publish("civil/people", free=True, columns=[NUMBER, PHONE])
    held = queries.already_held(["手机号码", "person.phone", "Shoe size"])
    assert {title: column.name for title, column in held.items()} == {
        "手机号码": "phone",
        "person.phone": "phone",
    }


def test_late_is_whoever_is_a_cycle_behind(small: Small) -> None:
    with told(datetime.fromisoformat("2026-03-10T12:00:00+08:00")):
        weekly = publish(cycle="weekly")
        assert queries.late_since(weekly, gathered=date(2026, 3, 3)) is None
        assert queries.late_since(weekly, gathered=date(2026, 3, 2)) == date(2026, 3, 9)
        assert queries.late_since(publish(cycle="irregular"), gathered=date(2020, 1, 1)) is None
    with told(datetime.fromisoformat("2026-03-19T12:00:00+08:00")):
        assert queries.late_since(weekly, gathered=None) == date(2026, 3, 17)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"modes": []}, "modes"),
        ({"modes": ["pigeon"]}, "modes"),
        ({"format": "clay"}, "format"),
        ({"open_class": "ajar"}, "open_class"),
        ({"open_class": "conditional"}, "open_condition"),
        ({"open_class": "unconditional", "sharing_class": "withheld"}, "open_class"),
        ({"cycle": "never"}, "cycle"),
        ({"columns": [NUMBER, ColumnDraft("a", "text", modes=["x"])]}, "modes"),
        ({"columns": [NUMBER, ColumnDraft("a", "text", is_lead=True)]}, "element"),
    ],
)
def test_a_faulty_field_is_named(small: Small, changes: dict[str, object], field: str) -> None:
    given = draft("civil/x", **changes)
    faults = queries.draft_faults([given], by=PROVIDER)  # type: ignore[list-item]
    assert [fault.field for fault in faults] == [field]
    with refused(faults[0].error.code):
        actions.publish_resource(by=PROVIDER, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"open_class": "conditional"},
        {"open_class": "unconditional", "sharing_class": "withheld"},
        {"modes": []},
    ],
)
def test_the_database_refuses_what_a_resource_can_t_say(
    small: Small, changes: dict[str, object]
) -> None:
    with transaction.atomic(), pytest.raises(IntegrityError):
        Resource.objects.filter(pk="civil/streets").update(**changes)


def test_of_many_drafts_every_fault_is_found_and_none_is_written(small: Small) -> None:
    given = [
        draft("civil/a"),
        draft("civil/a", table="civil.b"),
        draft("civil/c", cycle="never"),
        draft("civil/d", department="nowhere"),
    ]
    faults = queries.draft_faults(given, by=PROVIDER)  # type: ignore[arg-type]
    assert [(fault.draft, fault.field) for fault in faults] == [
        (0, "code"), (1, "code"), (2, "cycle"), (3, "department"),
    ]  # fmt: skip
    with refused("catalogue.code_taken"):
        actions.publish_resources(by=PROVIDER, drafts=given)  # type: ignore[arg-type]
    assert Resource.objects.count() == 2


def test_many_are_published_at_once_each_with_entry_and_version(small: Small) -> None:
    given = [draft(f"civil/r{n}", classification="1-01") for n in range(1200)]
    written = actions.publish_resources(by=PROVIDER, drafts=given)  # type: ignore[arg-type]
    assert [each.national_code for each in (written[0], written[-1])] == [
        "101/000001", "101/001200",
    ]  # fmt: skip
    kind = "catalogue.resource.published"
    assert Entry.objects.filter(kind=kind, body__resource__startswith="civil/r").count() == 1200
    assert ResourceVersion.objects.filter(resource__code__startswith="civil/r").count() == 1200
    assert len(queries.search("登记")) == 1200


def test_a_draft_that_leaves_a_field_out_is_judged_by_what_stands_there(small: Small) -> None:
    publish("civil/open", free=True, open_class="conditional", open_condition="On request")
    assert publish("civil/open", free=True).open_class == "conditional"
    withheld = {"sharing_class": "withheld", "sharing_condition": ""}
    faults = queries.draft_faults([draft("civil/open", **withheld)], by=PROVIDER)  # type: ignore[list-item]
    assert [fault.field for fault in faults] == ["open_class"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "c" * 81}, "code"),
        ({"format_detail": "x" * 61}, "format_detail"),
        ({"sharing_condition": "a\x00b"}, "sharing_condition"),
        ({"title": {"zh": "a\x00b"}}, "title"),
        ({"columns": [ColumnDraft("n" * 81, "text")]}, "name"),
    ],
)
def test_a_text_that_no_row_can_hold_is_named(
    small: Small, changes: dict[str, object], field: str
) -> None:
    given = {**draft("civil/x"), **changes}
    faults = queries.draft_faults([given], by=PROVIDER)  # type: ignore[list-item]
    assert [fault.field for fault in faults] == [field]


def test_texts_with_signs_of_the_database_s_own_come_back_as_they_were(small: Small) -> None:
    odd = ['a"b', "c\\d", "e,f", "{}", "\t\n", "null"]
    for number, code in enumerate(odd):
        publish(code, table=f"civil.odd{number}")
    condition = 'tab\t "quoted" \\ back'
    made = publish("civil/odd", related=odd, sharing_condition=condition, open_condition=condition)
    kept = Resource.objects.get(pk=made.pk)
    assert (kept.related, kept.sharing_condition, kept.open_condition) == (
        odd,
        condition,
        condition,
    )
    assert made.versions.get().content["related"] == odd


def test_a_number_is_no_other_s_and_stays(small: Small) -> None:
    publish("civil/a", free=True, national_code="103/000009")
    with refused("catalogue.code_taken"):
        publish("civil/b", free=True, national_code="103/000009")
    with refused("catalogue.code_taken"):
        publish("civil/a", free=True, national_code="103/000010")
    with transaction.atomic(), pytest.raises(IntegrityError, match="keeps its number"):
        Resource.objects.filter(pk="civil/a").update(national_code="x")
    following = publish("civil/c", free=True, classification="1-03")
    assert following.national_code == "103/000010"


def test_only_an_offered_way_of_delivery_is_demanded(small: Small) -> None:
    columns = [NUMBER, ColumnDraft("wide", "text", modes=["table"])]
    found = publish("civil/m", modes=["interface", "table"], columns=columns)
    with refused("catalogue.demand.bad"):
        demand(found, "wide")
    raised = demand(found, "number")
    assert raised.mode == "interface"
    wide = found.columns.get(name="wide")
    with transaction.atomic(), pytest.raises(IntegrityError, match="does not deliver"):
        raised.columns.add(wide)


@pytest.mark.django_db(transaction=True)
def test_faults_are_asked_for_without_holding_anything(small: Small) -> None:
    publish("civil/a", free=True)
    assert queries.draft_faults([draft("civil/a")], by=PROVIDER) == []  # type: ignore[list-item]


def test_proposals_wait_without_a_number(small: Small) -> None:
    proposed = actions.propose_resource(by=STEWARD, **draft("civil/p", classification="1-01"))  # type: ignore[arg-type]
    assert proposed.national_code is None
    confirmed = actions.confirm_resource(by=PROVIDER, resource=proposed)
    assert (confirmed.national_code, confirmed.version) == ("101/000001", 1)
    assert confirmed.published_at is not None
    assert confirmed.published_at - timedelta(days=1) < datetime.now(confirmed.published_at.tzinfo)


def test_related_resources_are_there_and_others(small: Small) -> None:
    with refused("catalogue.related.itself"):
        publish("civil/a", related=["civil/a"])
    with refused("catalogue.related.unknown"):
        publish("civil/a", related=["civil/none"])
    made = publish("civil/a", related=[small.resource.pk])
    assert made.versions.get().content["related"] == [small.resource.pk]
    changed = publish("civil/a", related=[])
    line = queries.versions_of(changed)[0]
    assert [each.field for each in line.differences] == ["related"]


def test_resources_of_one_batch_may_name_each_other(small: Small) -> None:
    pair = [draft("civil/a", related=["civil/b"]), draft("civil/b", related=["civil/a"])]
    assert queries.draft_faults(pair, by=PROVIDER) == []  # type: ignore[arg-type]
    first, second = actions.publish_resources(by=PROVIDER, drafts=pair)  # type: ignore[arg-type]
    at_once()
    assert (first.related, second.related) == (["civil/b"], ["civil/a"])


def test_the_database_keeps_related_resources_too(small: Small) -> None:
    code = small.resource.pk
    for related, words in (([code], "related to itself"), (["civil/none"], "not in the catalogue")):
        with pytest.raises(IntegrityError, match=words), transaction.atomic():
            update_related(code, related)
    plain = {"sharing_class": "unconditional", "cycle": "daily", "table": "civil.bare"}
    named = Resource.objects.create(code="civil/bare", title={}, department_id="civil", **plain)
    update_related(code, [named.pk])
    with pytest.raises(IntegrityError, match="is related to this one"), transaction.atomic():
        delete_at_once(named.pk)


def update_related(code: str, related: list[str]) -> None:
    """In plain SQL, looked at before the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update catalogue_resource set related = %s where code = %s", [related, code]
        )
    at_once()


def delete_at_once(code: str) -> None:
    """Take a resource away in plain SQL, looked at before the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("delete from catalogue_resource where code = %s", [code])
    at_once()


def at_once() -> None:
    """Look now at what the database looks at when a transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


def test_what_a_sample_said_goes_when_the_resource_is_confirmed(small: Small) -> None:
    given = draft("civil/s", sample={"rows": 3, "key_duplicates": 0, "columns": {}})
    proposed = actions.propose_resource(by=PROVIDER, **given)  # type: ignore[arg-type]
    assert Resource.objects.get(pk=proposed.pk).sample["rows"] == 3
    confirmed = actions.confirm_resource(by=PROVIDER, resource=proposed)
    assert Resource.objects.get(pk=confirmed.pk).sample == {}
