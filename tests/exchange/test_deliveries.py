"""Deliveries: whole keys, tables of their own, and rows that were gathered late."""

from __future__ import annotations

import pytest

from haihe.base.errors import HaiheError
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.exchange.actions import run_link
from haihe.kernel.exchange.models import Link
from tests.exchange.builders import (
    PROVIDER,
    RECEIVER,
    delivery,
    gathering,
    grant,
    number,
    publish,
)
from tests.servers import Database

pytestmark = pytest.mark.django_db
BY_YEAR = (
    ColumnDraft("person", "text", is_subject=True, scheme="luhn.person", is_key=True),
    ColumnDraft("year", "integer", is_key=True),
    ColumnDraft("income", "decimal(12,2)"),
    ColumnDraft("changed", "timestamp"),
)


def by_year(department: Database) -> Link:
    """A grant of a part of a key of two columns: three rows, two of them of one person."""
    department.run(
        "create table households (person text, year bigint, income numeric(12,2),"
        " changed timestamp, primary key (person, year))",
        f"insert into households values ('{number(1)}', 2020, 1, now()),"
        f" ('{number(1)}', 2021, 2, now()), ('{number(2)}', 2020, 3, now())",
    )
    return gathering(publish(department.address, columns=BY_YEAR))


def test_a_part_of_a_key_drops_no_row(department: Database, receiver: Database) -> None:
    gathered = by_year(department)
    run_link(by=PROVIDER, link=gathered)
    held = grant(gathered.resource, "person", "income", "changed")
    batch = run_link(by=RECEIVER, link=delivery(held, receiver.address))
    assert (batch.rows_written, batch.rows_quarantined) == (3, 0)
    assert receiver.ask("select count(*) from households") == [(3,)]


def test_a_part_of_a_key_is_no_key_to_merge_by(department: Database, receiver: Database) -> None:
    held = grant(by_year(department).resource, "person", "income", "changed")
    with pytest.raises(HaiheError) as raised:
        delivery(held, receiver.address, mode="watermark", watermark="changed")
    assert raised.value.code == "exchange.link.no_key"
