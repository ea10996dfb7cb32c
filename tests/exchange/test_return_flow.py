"""Rows flow back to their district: exactly its own, reconciled, and gone when they move away."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import psycopg
import pytest

from haihe.base.errors import HaiheError
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue.declare import DIVISION, ColumnDraft, Terms
from haihe.kernel.catalogue.models import Grant, Resource
from haihe.kernel.exchange import actions
from haihe.kernel.exchange.actions import run_link
from haihe.kernel.exchange.models import Link
from haihe.kernel.ledger.models import Entry, SubjectEntry
from haihe.kernel.org.models import Department
from haihe.kernel.places.models import Division
from tests.exchange.builders import PROVIDER, STEWARD, gathering, number, publish
from tests.servers import Database

pytestmark = pytest.mark.django_db
DISTRICT = replace(PROVIDER, name="7", department="oldbridge")
COLUMNS = (
    ColumnDraft("person", "text", is_subject=True, scheme="luhn.person", is_key=True),
    ColumnDraft("division", "text", element=DIVISION),
    ColumnDraft("income", "decimal(12,2)", is_personal=True),
)
PLACES = ("D01", "D0101", "D010", "D02", "D1", "d01", " D01", "", None)


def _literal(place: str | None) -> str:
    return "null" if place is None else f"'{place}'"


def people(department: Database) -> Link:
    """People of many divisions, and of none, gathered into the lake."""
    listed = ", ".join(
        f"('{number(i)}', {_literal(place)}, {i}.5)" for i, place in enumerate(PLACES, start=1)
    )
    department.run(
        "create table households (person text primary key, division text, income numeric(12,2))",
        f"insert into households values {listed}",
    )
    link = gathering(publish(department.address, columns=COLUMNS))
    run_link(by=PROVIDER, link=link)
    return link


def asked(
    resource: Resource, columns: tuple[str, ...] = ("person", "income"), **terms: Any
) -> Grant:
    """The district's rows, asked back by it and granted by the provider."""
    for code, parent, level in (("RV", None, 0), ("D01", "RV", 1)):
        Division.objects.get_or_create(
            code=code, defaults={"parent_id": parent, "level": level, "name": {"en": code}}
        )
    Department.objects.get_or_create(
        code="oldbridge",
        defaults={"name": {"en": "Oldbridge"}, "kind": "district", "division_id": "D01"},
    )
    catalogue.add_purpose(by=STEWARD, code="return", title={"en": "Return"}, basis="Decree 809")
    demand = catalogue.ask_return_flow(
        by=DISTRICT,
        resource=resource,
        columns=columns,
        purpose="return",
        basis="Decree 809",
        terms=Terms(**terms),
    )
    return catalogue.grant_demand(by=PROVIDER, demand=demand)


def delivery(held: Grant, address: str, **changes: Any) -> Link:
    """The ordinary delivery into the district's database."""
    catalogue.register_system(
        by=DISTRICT,
        code="district-db",
        department="oldbridge",
        kind="postgresql",
        title={"en": "District"},
        address=address,
    )
    given = {"target_system": "district-db", "target_table": "own_people", **changes}
    return actions.make_delivery(by=DISTRICT, grant=held, **given)


def test_exactly_the_districts_rows_come_back_reconciled(
    department: Database, receiver: Database
) -> None:
    resource = people(department).resource
    link = delivery(asked(resource), receiver.address)
    batch = run_link(by=DISTRICT, link=link)
    own = {number(i) for i, place in enumerate(PLACES, start=1) if (place or "")[:3] == "D01"}
    assert len(own) == 3
    assert {person for (person,) in receiver.ask("select person from own_people")} == own
    assert (batch.rows_read, batch.rows_written, batch.is_reconciled) == (3, 3, True)
    assert batch.source_hash == batch.target_hash
    entry = Entry.objects.get(pk=batch.entry)
    assert entry.grant == link.grant_id
    assert SubjectEntry.objects.filter(entry=batch.entry).count() == 3


def test_a_row_that_moved_to_another_district_is_gone_with_the_next_load(
    department: Database, receiver: Database
) -> None:
    gathered = people(department)
    link = delivery(asked(gathered.resource), receiver.address)
    run_link(by=DISTRICT, link=link)
    department.run(
        f"update households set division = 'D02' where person = '{number(1)}'",
        f"update households set division = 'D01' where person = '{number(4)}'",
    )
    run_link(by=PROVIDER, link=gathered)
    batch = run_link(by=DISTRICT, link=link)
    found = {person for (person,) in receiver.ask("select person from own_people")}
    assert found == {number(2), number(3), number(4)}
    assert batch.is_reconciled


def test_the_receivers_table_refuses_a_row_beyond_the_rule_itself(
    department: Database, receiver: Database
) -> None:
    gathered = people(department)
    link = delivery(asked(gathered.resource, ("person", "division")), receiver.address)
    assert run_link(by=DISTRICT, link=link).rows_written == 3
    for place in ("'D02'", "null", "' D01'"):
        with pytest.raises(psycopg.errors.CheckViolation):
            receiver.run(f"insert into own_people values ('beyond', {place})")
    assert run_link(by=DISTRICT, link=link).is_reconciled


def test_the_receiver_can_not_go_by_watermark_past_the_rule(
    department: Database, receiver: Database
) -> None:
    held = asked(people(department).resource)
    with pytest.raises(HaiheError) as raised:
        delivery(held, receiver.address, mode="watermark", watermark="income")
    assert raised.value.code == "exchange.delivery.rule_needs_full"


def test_a_rule_that_no_longer_fits_the_resource_delivers_nothing(
    department: Database, receiver: Database
) -> None:
    gathered = people(department)
    link = delivery(asked(gathered.resource), receiver.address)
    gathered.resource.columns.filter(name="division").update(kind="integer")
    with pytest.raises(HaiheError) as raised:
        run_link(by=DISTRICT, link=link)
    assert raised.value.code == "catalogue.rows.bad"
    assert receiver.ask("select to_regclass('own_people')") == [(None,)]


@pytest.mark.parametrize(("code", "wanted"), [("D01", {1}), ("D0101", {2}), ("D02", set())])
def test_a_narrower_rule_gives_a_part_of_the_districts_rows_and_no_others(
    department: Database, receiver: Database, code: str, wanted: set[int]
) -> None:
    rule = {"column": "division", "test": "one_of", "values": [code]}
    link = delivery(asked(people(department).resource, rows=[rule]), receiver.address)
    batch = run_link(by=DISTRICT, link=link)
    found = {person for (person,) in receiver.ask("select person from own_people")}
    assert found == {number(i) for i in wanted}
    assert batch.is_reconciled
