"""Systems, resources, responsibilities and the negative list, through the actions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.kernel.catalogue import actions, queries
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.catalogue.models import Column, Grant, Resource, SourceSystem
from haihe.kernel.ledger.models import Entry
from haihe.kernel.messages.models import Message
from tests.catalogue.builders import (
    ADDRESS,
    PROVIDER,
    RECEIVER,
    STEWARD,
    THIRD,
    Small,
    demand,
    forbid,
    publish,
)
from tests.catalogue.test_demands import refused


def granted(small: Small, *columns: str) -> Grant:
    return actions.grant_demand(by=PROVIDER, demand=demand(small.resource, *columns))


def names(grant: Grant) -> set[str]:
    return {column.name for column in grant.columns.all()}


def test_a_negative_entry_cuts_its_columns_from_every_grant_at_once(small: Small) -> None:
    grant = granted(small, "person", "income")
    forbid(small.column("income"))
    assert names(grant) == {"person"}
    entry = Entry.objects.get(kind="catalogue.grant.cut")
    assert entry.grant == grant.pk
    assert entry.body["columns"] == ["income"]
    assert Message.objects.filter(department="housing", key__contains=":cut:").count() == 1


def test_a_grant_without_a_column_left_is_withdrawn(small: Small) -> None:
    grant = granted(small, "income")
    forbid(small.column("income"))
    grant.refresh_from_db()
    assert grant.withdrawn_at is not None
    assert grant.withdrawn_reason == "PIPL, article 28"
    assert Entry.objects.filter(kind="catalogue.grant.withdrawn", grant=grant.pk).exists()


def test_an_ended_entry_lets_its_columns_be_demanded_again_but_brings_no_grant_back(
    small: Small,
) -> None:
    grant = granted(small, "person", "income")
    entry = forbid(small.column("income"))
    actions.end_negative_entry(by=STEWARD, entry=entry, reason="The law was changed")
    assert names(grant) == {"person"}
    assert names(granted_again(small)) == {"income"}
    with refused("catalogue.state.not_allowed"):
        actions.end_negative_entry(by=STEWARD, entry=entry, reason="Twice")


def granted_again(small: Small) -> Grant:
    return actions.grant_demand(by=PROVIDER, demand=demand(small.resource, "income", by=THIRD))


def test_a_negative_entry_cites_its_law_and_names_columns(small: Small) -> None:
    column = small.column("income")
    day = now().date()
    for code, changes in (
        ("catalogue.without_basis", {"law": " "}),
        ("catalogue.without_columns", {"columns": []}),
        ("haihe.bad_input", {"substitute": "whatever"}),
        ("haihe.bad_input", {"valid_until": day - timedelta(days=1)}),
    ):
        whole = {"columns": [column], "law": "PIPL", "approved_by": "x", "review_on": day}
        with refused(code):
            actions.add_negative_entry(by=STEWARD, **{**whole, **changes})  # type: ignore[arg-type]


def test_the_queries_leave_out_what_may_not_be_shared(small: Small) -> None:
    entry = forbid(small.column("income"))
    servable = [column.name for column in queries.servable_columns(small.resource)]
    assert servable == ["person", "since"]
    assert queries.active_negative("civil/households") == {"income": entry}
    closed = Resource(pk="civil/households", state="closed", sharing_class="unconditional")
    assert queries.grantable_columns(closed) == []


def test_a_withheld_resource_serves_nothing_and_leaves_every_grant(small: Small) -> None:
    grant = granted(small)
    withheld = publish(sharing_class="withheld")
    grant.refresh_from_db()
    assert grant.withdrawn_at is not None
    assert queries.servable_columns(withheld) == []


def test_a_dropped_column_leaves_its_grants_and_its_forbiddance_outlives_it(small: Small) -> None:
    grant = granted(small, "person", "income", "since")
    forbid(small.column("since"))
    rest = [ColumnDraft("person", "text", is_subject=True, scheme="luhn.person", is_key=True)]
    again = publish(columns=rest)
    assert names(grant) == {"person"}
    assert again.version == 2
    assert [column.name for column in again.columns.all()] == ["person"]
    whole = publish(columns=[*rest, ColumnDraft("since", "date")])
    assert whole.version == 3
    assert list(queries.active_negative(whole)) == ["since"]


def test_a_demand_whose_columns_are_all_gone_is_not_granted(small: Small) -> None:
    waiting = demand(small.resource, "since")
    publish(columns=[ColumnDraft("other", "text")])
    with refused("catalogue.without_columns"):
        actions.grant_demand(by=PROVIDER, demand=waiting)


def test_publishing_again_unchanged_makes_no_new_version(small: Small) -> None:
    assert publish().version == small.resource.version == 1


def test_the_mark_of_the_subject_moves_to_another_column(small: Small) -> None:
    drafts = [
        ColumnDraft("person", "text", scheme="luhn.person"),
        ColumnDraft("holder", "text", is_subject=True, scheme="luhn.person"),
    ]
    assert publish(columns=drafts).columns.get(is_subject=True).name == "holder"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"columns": []}, "catalogue.resource.bad_draft"),
        ({"columns": [ColumnDraft("a", "text")] * 2}, "catalogue.resource.bad_draft"),
        ({"sharing_class": "secret"}, "catalogue.resource.bad_draft"),
        ({"sharing_condition": " "}, "catalogue.resource.bad_draft"),
        ({"columns": [ColumnDraft("a", "blob")]}, "exchange.kind.unknown"),
        ({"columns": [ColumnDraft("a", "text", scheme="x")]}, "catalogue.resource.bad_draft"),
        ({"columns": [ColumnDraft("a", "text", is_subject=True)]}, "catalogue.resource.bad_draft"),
        ({"table": "civil.streets"}, "catalogue.code_taken"),
        ({"system": "nowhere"}, "catalogue.system.unknown"),
        ({"department": "nowhere"}, "catalogue.department.unknown"),
        ({"department": "housing"}, "catalogue.not_your_department"),
    ],
)
def test_a_draft_with_a_fault_is_refused_by_name(
    small: Small, changes: dict[str, object], code: str
) -> None:
    with refused(code):
        publish(**changes)
    assert Resource.objects.get(pk="civil/households").version == 1


def test_a_proposed_resource_is_used_by_nobody_until_a_person_confirms_it(small: Small) -> None:
    proposed = actions.propose_resource(
        by=STEWARD,
        code="civil/found",
        title={"en": "Found"},
        department="civil",
        system="civil-db",
        table="civil.found",
        sharing_class="conditional",
        sharing_condition="To be settled",
        columns=[ColumnDraft("a", "text")],
    )
    with refused("catalogue.resource.not_published"):
        demand(proposed, "a")
    with refused("catalogue.not_your_department"):
        actions.confirm_resource(by=RECEIVER, resource=proposed)
    confirmed = actions.confirm_resource(by=PROVIDER, resource="civil/found")
    assert (confirmed.state, confirmed.confirmed_by) == ("published", PROVIDER.name)
    with refused("catalogue.state.not_allowed"):
        actions.confirm_resource(by=PROVIDER, resource="civil/found")
    assert demand(confirmed, "a").state == "raised"


def test_whoever_confirms_corrects_columns_and_class_first(small: Small) -> None:
    proposed = actions.propose_resource(
        by=STEWARD,
        code="civil/found",
        title={"en": "found"},
        department="civil",
        system="civil-db",
        source_table="public.found",
        table="civil.found",
        sharing_class="conditional",
        sharing_condition="To be settled",
        columns=[ColumnDraft("a", "text"), ColumnDraft("b", "text")],
    )
    with refused("catalogue.resource.bad_draft"):
        actions.confirm_resource(by=PROVIDER, resource=proposed, columns=[])
    confirmed = actions.confirm_resource(
        by=PROVIDER,
        resource=proposed,
        title={"en": "Foundlings"},
        columns=[ColumnDraft("a", "text", is_personal=True, sharing_class="withheld")],
    )
    assert (confirmed.title, confirmed.source_table) == ({"en": "Foundlings"}, "public.found")
    assert [column.name for column in confirmed.columns.all()] == ["a"]
    assert queries.grantable_columns(confirmed) == []
    assert confirmed.version == 2


def test_an_address_is_stored_sealed_and_opens_only_for_its_own_system(small: Small) -> None:
    system = SourceSystem.objects.get(pk="civil-db")
    assert ADDRESS.encode() not in bytes(system.address_sealed or b"")
    assert queries.address_of("civil-db") == ADDRESS
    SourceSystem.objects.create(
        code="other",
        department_id="tax",
        title={},
        kind="postgresql",
        address_sealed=system.address_sealed,
    )
    with refused("sealing.cannot_open"):
        queries.address_of("other")


def test_the_provider_or_the_system_administrator_pauses_a_system(small: Small) -> None:
    with refused("catalogue.not_your_department"):
        actions.pause_system(by=RECEIVER, system="civil-db")
    actions.pause_system(by=PROVIDER, system="civil-db", reason="Overload")
    with refused("catalogue.system.paused"):
        queries.address_of("civil-db")
    administrator = Actor(
        "administrator", "5", permissions=frozenset({"catalogue.system.pause_any"})
    )
    actions.resume_system(by=administrator, system="civil-db")
    assert queries.address_of("civil-db") == ADDRESS
    kinds = Entry.objects.filter(kind__startswith="catalogue.system").order_by("at")
    assert [entry.kind for entry in kinds][-2:] == [
        "catalogue.system.paused",
        "catalogue.system.resumed",
    ]


def test_a_system_keeps_its_department_and_its_address(small: Small) -> None:
    fields = {"code": "civil-db", "kind": "postgresql", "title": {"en": "New name"}}
    with refused("catalogue.code_taken"):
        actions.register_system(by=RECEIVER, department="housing", **fields)  # type: ignore[arg-type]
    actions.register_system(by=PROVIDER, department="civil", connection_cap=5, **fields)  # type: ignore[arg-type]
    assert queries.address_of("civil-db") == ADDRESS


def test_one_resource_has_one_responsibility_of_its_provider(small: Small) -> None:
    given = {"resource": small.resource, "duty": {"en": "Keep households"}, "basis": "Act, art. 1"}
    with refused("catalogue.without_basis"):
        actions.add_responsibility(by=PROVIDER, **{**given, "basis": ""})  # type: ignore[arg-type]
    with refused("catalogue.not_your_department"):
        actions.add_responsibility(by=THIRD, department="tax", **given)  # type: ignore[arg-type]
    with refused("catalogue.system.unknown"):
        actions.add_responsibility(by=PROVIDER, system="nowhere", **given)  # type: ignore[arg-type]
    row = actions.add_responsibility(by=PROVIDER, **given)  # type: ignore[arg-type]
    assert row.system_id == "civil-db"
    with refused("catalogue.responsibility.taken"):
        actions.add_responsibility(by=PROVIDER, **given)  # type: ignore[arg-type]


def test_counts_are_counted(small: Small) -> None:
    granted(small)
    forbid(small.column("since"))
    found = queries.counts()
    assert (found.resources, found.systems, found.grants, found.negative) == (2, 1, 1, 1)
    assert found.columns == Column.objects.count() == 8
