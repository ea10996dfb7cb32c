"""A link that follows a change log: made, run, served, mended, refused."""

from __future__ import annotations

import pytest

from haihe.base.errors import HaiheError
from haihe.engine.changes import log_name
from haihe.kernel.exchange import queries
from haihe.kernel.exchange.actions import run_link
from haihe.kernel.exchange.models import Batch, Link, Serving
from haihe.kernel.ledger.models import Entry
from haihe.kernel.people.queries import subject_of
from tests.exchange.builders import (
    PROVIDER,
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


@pytest.fixture
def link(department: Database) -> Link:
    """A link by change log over fifty rows; its provider has run the script's part."""
    department.run(TABLE, rows(1, 50))
    made = gathering(publish(department.address), mode="log")
    table = made.resource.source_table
    name = log_name(made.code)
    department.run(
        f"create publication {name} for table {table}",
        f"select pg_create_logical_replication_slot('{name}', 'pgoutput')",
    )
    return made


def test_a_deletion_reaches_the_lake_and_what_is_served(department: Database, link: Link) -> None:
    whole = run_link(by=PROVIDER, link=link)
    assert (whole.rows_written, whole.is_reconciled) == (50, True)
    table = link.resource.source_table
    key = number(7)
    department.run(f"delete from {table} where person = '{key}'")

    batch = run_link(by=PROVIDER, link=link)

    assert (batch.state, batch.rows_read, batch.rows_deleted) == (Batch.State.DONE, 0, 1)
    assert (batch.rows_held, batch.is_reconciled) == (49, True)
    assert batch.lag_bytes is not None
    assert not Serving.objects.filter(subject=subject_of(key, "luhn.person")).exists()
    body = Entry.objects.get(pk=batch.entry).body
    assert body["rows_deleted"] == 1


def test_a_bad_row_that_is_deleted_is_open_no_longer(department: Database, link: Link) -> None:
    run_link(by=PROVIDER, link=link)
    table = link.resource.source_table
    department.run(f"update {table} set name = chr(65533) where person = '{number(3)}'")
    assert run_link(by=PROVIDER, link=link).rows_quarantined == 1
    assert queries.open_quarantine().count() == 1
    department.run(f"delete from {table} where person = '{number(3)}'")
    run_link(by=PROVIDER, link=link)
    assert queries.open_quarantine().count() == 0


def test_a_log_made_anew_fails_the_batch_until_it_is_asked_to_read_anew(
    department: Database, link: Link
) -> None:
    run_link(by=PROVIDER, link=link)
    name = log_name(link.code)
    department.run(
        f"select pg_drop_replication_slot('{name}')",
        f"select pg_create_logical_replication_slot('{name}', 'pgoutput')",
    )
    with pytest.raises(HaiheError, match="made anew"):
        run_link(by=PROVIDER, link=link)
    failed = queries.batches(link=link.code).first()
    assert failed is not None
    assert failed.error_code == "exchange.log.made_anew"
    assert run_link(by=PROVIDER, link=link, is_anew=True).rows_written == 50


def test_the_script_names_the_table_and_holds_no_password(link: Link) -> None:
    script = queries.log_script(link.code)
    assert log_name(link.code) in script
    assert "max_slot_wal_keep_size" in script
    assert "password" not in script


def test_a_delivery_follows_no_log(department: Database, receiver: Database) -> None:
    department.run(TABLE, rows(1, 3))
    held = grant(publish(department.address))
    with pytest.raises(HaiheError, match="follow a change log"):
        delivery(held, receiver.address, mode="log")
