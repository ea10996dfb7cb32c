"""The terms of a grant: what may be asked, what is frozen, and that nothing widens it."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haihe.kernel.catalogue import actions, queries
from haihe.kernel.catalogue.declare import DIVISION, DOCUMENT, ColumnDraft, Terms
from haihe.kernel.catalogue.models import Demand, Grant, GrantDocument, Resource
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org.models import Department
from haihe.kernel.places.models import Division
from tests.catalogue.builders import PROVIDER, STEWARD, Small, demand, forbid, publish
from tests.catalogue.test_database import breaks
from tests.catalogue.test_demands import refused

COLUMNS = (
    ColumnDraft("person", "text", is_subject=True, scheme="luhn.person", is_key=True),
    ColumnDraft("income", "integer", {"en": "Income", "zh": "收入"}, is_personal=True),
    ColumnDraft("born", "date", {"en": "Born", "zh": "出生日期"}, is_personal=True),
    ColumnDraft("division", "text", {"en": "Division", "zh": "区划代码"}, element=DIVISION),
    ColumnDraft("status", "text", {"en": "Status", "zh": "状态"}),
    ColumnDraft("members", "integer"),
    ColumnDraft("faith", "text", sharing_class="withheld"),
)
HERE = {"column": "division", "test": "prefix", "values": ["D01"]}


@pytest.fixture
def people(small: Small) -> Resource:
    return publish("civil/people", columns=COLUMNS)


def granted(resource: Resource, **terms: Any) -> Grant:
    raised = demand(resource, "person", "income", mode="table", terms=Terms(**terms))
    return actions.grant_demand(by=PROVIDER, demand=raised)


def test_a_grant_has_the_terms_of_its_demand(people: Resource) -> None:
    held = granted(
        people, rows=[HERE], every_hours=24, data_life_days=90, onward_to=["tax"],
        onward_law="Tax Act, art. 9",
    )  # fmt: skip
    held.refresh_from_db()
    assert (held.rows, held.every_hours, held.data_life_days) == ([HERE], 24, 90)
    assert (held.onward_to, held.onward_law, held.fetching) == (
        ["tax"],
        "Tax Act, art. 9",
        "periodic",
    )


def test_what_is_not_said_is_every_row_periodic_a_year_and_no_onward_use(people: Resource) -> None:
    held = granted(people)
    assert (held.rows, held.fetching, held.every_hours) == ([], "periodic", None)
    assert (held.data_life_days, held.onward_to, held.onward_law) == (365, [], "")


@pytest.mark.parametrize(
    ("code", "terms"),
    [
        ("catalogue.rows.bad", {"rows": [{**HERE, "column": "nothing"}]}),
        ("catalogue.rows.bad", {"rows": [{**HERE, "column": "members"}]}),
        ("catalogue.rows.bad", {"rows": [{**HERE, "column": "person"}]}),
        (
            "catalogue.rows.bad",
            {"rows": [{"column": "income", "test": "one_of", "values": [1]}]},
        ),
        (
            "catalogue.rows.bad",
            {"rows": [{"column": "members", "test": "one_of", "values": ["1"]}]},
        ),
        ("catalogue.column.withheld", {"rows": [{**HERE, "column": "faith"}]}),
        ("rows.bad", {"rows": [{**HERE, "test": "like"}]}),
        ("catalogue.terms.bad", {"fetching": "once", "every_hours": 2}),
        ("catalogue.terms.bad", {"fetching": "twice"}),
        ("catalogue.terms.bad", {"every_hours": 0}),
        ("catalogue.terms.bad", {"data_life_days": 0}),
        ("catalogue.terms.bad", {"onward_to": ["tax"]}),
        ("catalogue.terms.bad", {"onward_law": "Tax Act"}),
        ("catalogue.terms.bad", {"onward_to": ["civil"], "onward_law": "Tax Act"}),
        ("catalogue.return_flow.bad", {"is_return_flow": True}),
    ],
)
def test_terms_that_can_not_be_held_are_refused(
    people: Resource, code: str, terms: dict[str, Any]
) -> None:
    with refused(code):
        demand(people, "income", mode="table", terms=Terms(**terms))
    assert not Demand.objects.exists()


def test_calls_are_bounded_by_the_minute_alone(people: Resource) -> None:
    for terms in (Terms(every_hours=1), Terms(fetching="once")):
        with refused("catalogue.terms.bad"):
            demand(people, "income", terms=terms)


def test_days_of_a_personal_column_may_narrow(people: Resource) -> None:
    rule = {"column": "born", "test": "within", "values": [None, "1960-01-01"]}
    assert granted(people, rows=[rule]).rows == [rule]


def test_a_rule_over_a_column_on_the_negative_list_is_refused(people: Resource) -> None:
    forbid(people.columns.get(name="division"))
    with refused("catalogue.column.on_negative_list"):
        demand(people, "income", mode="table", terms=Terms(rows=[HERE]))


def test_a_grant_ends_when_its_rule_may_no_longer_be_asked(people: Resource) -> None:
    held = granted(people, rows=[HERE])
    forbid(people.columns.get(name="division"))
    held.refresh_from_db()
    assert held.withdrawn_at is not None


def test_the_document_is_frozen_hashed_and_named_by_the_ledger(people: Resource) -> None:
    held = granted(people, rows=[HERE])
    kept = queries.document(held)
    assert kept is not None
    entry = Entry.objects.get(pk=kept.entry)
    content = queries.content_of(kept)
    assert entry.kind == "catalogue.demand.granted"
    assert entry.body["terms"] == kept.hash == sha256(kept.text.encode()).hexdigest()
    assert kept.text == json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    assert content.keys() == DOCUMENT.keys()
    assert content["rows"] == [HERE]
    assert content["columns"] == ["person", "income"]
    assert content["onward_use"] == {"allowed_to": [], "law": "", "exceptions": []}
    assert queries.is_whole(kept)


def test_a_cut_grant_gets_its_next_document_and_the_first_stays(people: Resource) -> None:
    held = granted(people)
    forbid(people.columns.get(name="income"))
    first, second = queries.document(held, edition=1), queries.document(held)
    assert first is not None
    assert second is not None
    assert queries.content_of(first)["columns"] == ["person", "income"]
    assert (second.edition, queries.content_of(second)["columns"]) == (2, ["person"])
    assert Entry.objects.get(pk=second.entry).body["terms"] == second.hash


def test_a_document_can_not_be_changed_doubled_or_forged(people: Resource) -> None:
    held = granted(people)
    kept = GrantDocument.objects.get()
    breaks(
        "kept_on_record", "update catalogue_grantdocument set text = '{}' where id = %s", kept.pk
    )
    breaks("kept_on_record", "delete from catalogue_grantdocument where id = %s", kept.pk)
    insert = (
        "insert into catalogue_grantdocument (grant_id, edition, text, hash, entry)"
        " values (%s, %s, %s, %s, %s)"
    )
    breaks("document_is_whole", insert, held.pk, 2, kept.text, "0" * 64, kept.entry)
    breaks("document_is_whole", insert, held.pk, 3, kept.text, kept.hash, kept.entry)


@pytest.mark.parametrize(
    "change",
    [
        "rows = '[]'",
        """rows = '[{"column": "division", "test": "prefix", "values": ["D"]}]'""",
        "every_hours = 1",
        "every_hours = null",
        "data_life_days = 91",
        "onward_to = '{tax,housing}'",
        "onward_law = 'Another law'",
        "until = until + interval '1 day'",
    ],
)
def test_a_grant_widens_for_nobody_not_even_in_sql(people: Resource, change: str) -> None:
    held = granted(
        people, rows=[HERE], every_hours=24, data_life_days=90, onward_to=["tax"],
        onward_law="Tax Act, art. 9",
    )  # fmt: skip
    breaks("grant_only_shrinks", f"update catalogue_grant set {change} where id = %s", held.pk)


def test_a_demands_terms_stay_as_they_were_asked(people: Resource) -> None:
    raised = demand(people, "income", mode="table", terms=Terms(rows=[HERE]))
    for change in ("rows = '[]'", "data_life_days = 1", "fetching = 'once'", "every_hours = 5"):
        breaks("demand_stays", f"update catalogue_demand set {change} where id = %s", raised.pk)


def test_onward_use_is_banned_unless_a_law_is_cited_in_sql_too(people: Resource) -> None:
    raised = demand(people, "income", mode="table")
    copied = (
        "insert into catalogue_demand (id, department_id, resource_id, purpose_id, basis, scene,"
        " mode, rate_per_minute, months, state, raised_by, decided_by, reason, onward_to,"
        " onward_law) select gen_random_uuid(), department_id, resource_id, purpose_id, basis,"
        " '', mode, 600, 12, 'raised', '2', '', '', %s, %s from catalogue_demand where id = %s"
    )
    rule = "demand_bans_onward_use_or_cites_the_law"
    breaks(rule, copied, ["tax"], "", raised.pk)
    breaks(rule, copied, [], "Tax Act", raised.pk)
    assert Demand.objects.get().onward_to == []


values = st.lists(st.sampled_from(("D01", "D02", "D03")), min_size=1, max_size=2, unique=True)
rules = st.lists(
    values.map(lambda found: {"column": "division", "test": "prefix", "values": found}),
    max_size=3,
)


@pytest.mark.django_db
@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(wider=rules, narrower=rules)
def test_the_database_calls_narrower_what_keeps_every_test(
    wider: list[dict[str, Any]], narrower: list[dict[str, Any]]
) -> None:
    with connection.cursor() as cursor:
        arguments = [json.dumps(wider), json.dumps(narrower)]
        cursor.execute("select catalogue_narrows(%s, %s)", arguments)
        (says,) = cursor.fetchone()
    assert says == all(test in narrower for test in wider)


def test_a_sentence_says_the_terms_in_both_languages(people: Resource) -> None:
    held = granted(people, rows=[HERE], every_hours=24, data_life_days=90)
    words = queries.terms_in_words(held)
    assert "区划代码以D01开头的记录" in words["zh"]
    assert "至多每24小时提供一次" in words["zh"]
    assert "最长留存90天" in words["zh"]
    assert "不得向第三方提供" in words["zh"]
    assert "Division begins with D01" in words["en"]
    assert "it may not be passed on" in words["en"]


def district() -> Department:
    """A district with a division of its own."""
    for code, parent, level in (("RV", None, 0), ("D01", "RV", 1), ("D02", "RV", 1)):
        Division.objects.get_or_create(
            code=code, defaults={"parent_id": parent, "level": level, "name": {"en": code}}
        )
    return Department.objects.create(
        code="oldbridge", name={"en": "Oldbridge"}, kind="district", division_id="D01"
    )


def test_a_district_asks_for_its_own_rows_and_no_others(people: Resource) -> None:
    district()
    by = PROVIDER.__class__(
        "officer", "9", department="oldbridge", permissions=PROVIDER.permissions
    )
    asked: dict[str, Any] = {
        "by": by, "resource": people, "columns": ["person", "division"],
        "purpose": "housing.fund", "basis": "Decree 809",
    }  # fmt: skip
    raised = actions.ask_return_flow(**asked)
    assert (raised.rows, raised.mode, raised.is_return_flow) == ([HERE], "table", True)
    other = {**HERE, "values": ["D02"]}
    with refused("catalogue.return_flow.bad"):
        actions.raise_demand(**asked, mode="table", terms=Terms(rows=[other], is_return_flow=True))
    with refused("catalogue.return_flow.bad"):
        actions.ask_return_flow(**{**asked, "by": STEWARD})
    copied = (
        "insert into catalogue_demand (id, department_id, resource_id, purpose_id, basis, scene,"
        " mode, rate_per_minute, months, state, raised_by, decided_by, reason, rows,"
        " is_return_flow) select gen_random_uuid(), department_id, resource_id, purpose_id, basis,"
        " '', mode, 600, 12, 'raised', '2', '', '', %s, true from catalogue_demand where id = %s"
    )
    breaks("return_flow_of_ones_own", copied, json.dumps([other]), raised.pk)
    breaks("return_flow_of_ones_own", copied, "[]", raised.pk)


def test_rows_are_held_to_the_closed_language_in_sql_too(people: Resource) -> None:
    raised = demand(people, "income", mode="table", terms=Terms(rows=[HERE]))
    copied = (
        "insert into catalogue_demand (id, department_id, resource_id, purpose_id, basis, scene,"
        " mode, rate_per_minute, months, state, raised_by, decided_by, reason, rows)"
        " select gen_random_uuid(), department_id, resource_id, purpose_id, basis, '', mode, 600,"
        " 12, 'raised', '2', '', '', %s from catalogue_demand where id = %s"
    )
    for rule, rows in (
        ("rows_are_tests", {"all": True}),
        ("rows_are_tests", [{**HERE, "test": "like"}]),
        ("rows_are_tests", [{**HERE, "values": "D01"}]),
        ("rows_name_a_column", [{**HERE, "column": "nothing"}]),
        ("rows_name_nobody", [{**HERE, "column": "person"}]),
    ):
        breaks(rule, copied, json.dumps(rows), raised.pk)


MORE = {"column": "status", "test": "one_of", "values": ["open"]}


def test_a_provider_narrows_rows_while_granting_and_says_why(people: Resource) -> None:
    raised = demand(people, "person", "income", mode="table", terms=Terms(rows=[HERE]))
    with refused("catalogue.without_reason"):
        actions.grant_demand(by=PROVIDER, demand=raised, rows=[MORE])
    held = actions.grant_demand(by=PROVIDER, demand=raised, rows=[MORE], reason="Open ones alone")
    held.refresh_from_db()
    assert held.rows == [HERE, MORE]
    kept = queries.document(held)
    assert kept is not None
    assert queries.content_of(kept)["rows"] == [HERE, MORE]
    assert Entry.objects.get(pk=kept.entry).body["rows"] == [HERE, MORE]
    cut = queries.cut_of(held)
    assert cut is not None
    assert cut.columns == ()
    assert cut.rows == {"zh": "状态为open的记录", "en": "for rows whose Status is open"}


def test_a_provider_s_rows_are_held_to_the_closed_language(people: Resource) -> None:
    raised = demand(people, "person", "income", mode="table")
    for code, test in (
        ("rows.bad", {**MORE, "test": "like"}),
        ("catalogue.rows.bad", {**MORE, "column": "person"}),
        ("catalogue.column.withheld", {**MORE, "column": "faith"}),
    ):
        with refused(code):
            actions.grant_demand(by=PROVIDER, demand=raised, rows=[test], reason="Less")
    assert not Grant.objects.exists()
    assert queries.cut_of(actions.grant_demand(by=PROVIDER, demand=raised)) is None


def test_what_is_narrowed_can_not_be_widened_in_sql(people: Resource) -> None:
    raised = demand(people, "income", mode="table", terms=Terms(rows=[HERE]))
    held = actions.grant_demand(by=PROVIDER, demand=raised, rows=[MORE], reason="Less")
    widen = "update catalogue_grant set rows = %s where id = %s"
    breaks("grant_only_shrinks", widen, json.dumps([HERE]), held.pk)
    breaks("grant_only_shrinks", widen, json.dumps([]), held.pk)
    breaks("grant_only_shrinks", widen, json.dumps([MORE]), held.pk)
