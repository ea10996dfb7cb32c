"""Rows erased from the lake by two persons, with a receipt; what is kept, by page and command."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from haihe.base.errors import HaiheError, NotPermitted
from haihe.kernel.exchange import actions, jobs, queries
from haihe.kernel.exchange.models import Batch, Link, Quarantined, Serving
from haihe.kernel.ledger.models import Entry
from haihe.kernel.people.queries import subject_of
from tests.exchange.builders import PROVIDER, TABLE, gathering, number, publish, rows
from tests.servers import Database

pytestmark = pytest.mark.django_db
ANN = replace(PROVIDER, name="ann", permissions=frozenset({"exchange.lake.erase"}))
BEN = replace(ANN, name="ben")
BASIS = "PIPL 47: the person's request"


@pytest.fixture
def link(department: Database) -> Link:
    """Five households gathered, one of them bad, and the first changed since."""
    bad = f"insert into households values ('{number(6)}', null, null, null, null)"
    department.run(TABLE, rows(1, 5), bad, "alter table households drop constraint households_pkey")
    department.run(f"insert into households values ('{number(7)}', repeat('x', 99), 1, null, null)")
    made = gathering(publish(department.address))
    actions.run_link(by=PROVIDER, link=made)
    department.run(f"update households set name = 'changed' where person = '{number(1)}'")
    actions.run_link(by=PROVIDER, link=made)
    return made


def erased(link: Link, who: int | None = None, **changes: object) -> actions.Erasure:
    given: dict[str, object] = {
        "by": ANN,
        "approved_by": BEN,
        "resource": link.resource_id,
        "basis": BASIS,
        "subject": None if who is None else subject_of(number(who), "luhn.person"),
        **changes,
    }
    return actions.erase_from_lake(**given)  # type: ignore[arg-type]


def code_of(link: Link, **changes: object) -> str:
    with pytest.raises(HaiheError) as raised:
        erased(link, **changes)  # type: ignore[arg-type]
    return raised.value.code


def test_a_persons_rows_go_from_lake_serving_and_quarantine_and_a_receipt_says_so(
    link: Link,
) -> None:
    held = queries.held_rows(link.resource_id)
    done = erased(link, 1)
    assert (done.lake.rows_now, done.lake.left, done.served) == (1, 0, 1)
    assert done.lake.rows_stored >= 2
    assert queries.held_rows(link.resource_id) == held - 1
    begun, proof = Entry.objects.filter(kind__startswith="exchange.lake.").order_by("pk")
    assert (begun.kind, proof.kind) == ("exchange.lake.erasing", "exchange.lake.erased")
    assert proof.pk == done.entry
    assert proof.body["left"] == 0
    assert proof.body["approved_by"] == "officer:ben"
    assert number(1) not in str(begun.body) + str(proof.body)
    assert erased(link, 1).lake.rows_stored == 0


def test_a_persons_bad_rows_go_and_those_of_others_stay(link: Link) -> None:
    before = Quarantined.objects.count()
    assert before > 0
    done = erased(link, 7)
    assert done.quarantined > 0
    assert Quarantined.objects.count() == before - done.quarantined


def test_a_data_set_is_erased_only_when_nothing_gathers_it_any_more(link: Link) -> None:
    assert code_of(link) == "exchange.lake.still_gathered"
    assert Serving.objects.filter(resource=link.resource_id).exists()
    actions.pause_link(by=PROVIDER, link=link.code)
    done = erased(link)
    assert done.lake.left == 0
    assert queries.held_rows(link.resource_id) == 0
    assert not Serving.objects.filter(resource=link.resource_id).exists()
    assert not Quarantined.objects.filter(batch__link=link).exists()
    assert Batch.objects.filter(link=link).count() == 2


def test_nobody_erases_alone_nor_without_a_basis_nor_without_the_permission(link: Link) -> None:
    assert code_of(link, who=1, approved_by=ANN) == "exchange.lake.second_person"
    assert code_of(link, who=1, basis=" ") == "exchange.lake.no_basis"
    with pytest.raises(NotPermitted):
        erased(link, 1, approved_by=replace(BEN, permissions=frozenset()))
    assert not Entry.objects.filter(kind__startswith="exchange.lake.").exists()


def test_the_night_writes_files_together_and_changes_no_count(link: Link) -> None:
    before = [each.state.rows for each in queries.kept_states(link.resource)]
    jobs.care_for_lake()
    states = queries.kept_states(link.resource)
    assert [each.state.rows for each in states] == before
    assert {each.batch.link_id for each in states if each.batch} == {link.code}


def test_the_page_of_former_states_needs_its_permission(link: Link, client: Client) -> None:
    answer = client.get(f"/sharing/catalogue/states/{link.resource_id}/")
    assert answer.status_code in {302, 403}
