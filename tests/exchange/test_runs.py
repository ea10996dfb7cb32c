"""A link's run: from a department's database to the lake, and from the lake to a receiver."""

from __future__ import annotations

import pytest

from haihe.base.settings import settings
from haihe.engine.lake import lake_database, open_lake
from haihe.kernel.exchange.actions import run_link
from haihe.kernel.exchange.models import Serving
from haihe.kernel.ledger.models import Entry, SubjectEntry
from haihe.kernel.people.queries import subject_of
from tests.exchange.builders import (
    PROVIDER,
    RECEIVER,
    TABLE,
    delivery,
    gathering,
    grant,
    number,
    publish,
    rows,
)
from tests.servers import Database

pytestmark = pytest.mark.django_db


def in_lake(table: str) -> list[tuple[object, ...]]:
    """All rows of a table of the lake, in order."""
    with open_lake(lake_database(settings())) as lake:
        return lake.execute(f"select * from lake.{table} order by all").fetchall()


def test_a_row_goes_from_a_department_through_the_lake_to_another(
    department: Database, receiver: Database
) -> None:
    department.run(TABLE, rows(1, 50))
    resource = publish(department.address)

    gathered = run_link(by=PROVIDER, link=gathering(resource))

    assert (gathered.rows_read, gathered.rows_written, gathered.rows_quarantined) == (50, 50, 0)
    assert gathered.is_reconciled
    assert gathered.source_hash == gathered.target_hash
    assert len(in_lake(resource.table)) == 50
    served = Serving.objects.get(subject=subject_of(number(7), "luhn.person"))
    assert served.rows[0]["name"] == "名7"

    delivered = run_link(by=RECEIVER, link=delivery(grant(resource), receiver.address))

    assert delivered.rows_written == 50
    assert receiver.ask(
        "select income::text from households where person = '" + number(7) + "'"
    ) == [("7.50",)]
    entry = Entry.objects.get(kind="exchange.batch.delivered")
    assert entry.purpose == "housing.fund"
    assert SubjectEntry.objects.filter(entry=entry.pk).count() == 50


def test_a_bad_row_waits_in_quarantine(department: Database) -> None:
    department.run(TABLE, rows(1, 5), "insert into households values ('1234567890', 'x', 1, null)")
    resource = publish(department.address)

    batch = run_link(by=PROVIDER, link=gathering(resource))

    assert (batch.rows_read, batch.rows_written, batch.rows_quarantined) == (6, 5, 1)
    assert batch.is_reconciled
    bad = batch.quarantined.get()
    assert (bad.reason, bad.column) == ("exchange.row.bad_check_digit", "person")
    assert bad.row["person"] == "1234567890"
    assert bad.row_hash == batch.quarantine_hash
