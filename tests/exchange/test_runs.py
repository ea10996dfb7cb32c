"""A link's run: from a department's database to the lake, and from the lake to a receiver."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from haihe.base.actor import Actor
from haihe.base.clock import day_in, now
from haihe.base.errors import HaiheError
from haihe.base.settings import settings
from haihe.engine.lake import lake_database, open_lake
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.exchange import queries
from haihe.kernel.exchange.actions import pause_link, resume_link, run_link
from haihe.kernel.exchange.internals.alone import alone
from haihe.kernel.exchange.models import Batch, Link, Serving
from haihe.kernel.ledger.models import Entry, SubjectEntry
from haihe.kernel.people.queries import subject_of
from tests.exchange.builders import (
    PROVIDER,
    RECEIVER,
    STEWARD,
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


def fails(by: Actor, link: Link) -> str:
    """Run a link that must fail; the code of its error, which its batch keeps too."""
    with pytest.raises(HaiheError) as raised:
        run_link(by=by, link=link)
    return raised.value.code


def test_only_who_may_runs_a_link(department: Database) -> None:
    department.run(TABLE)
    link = gathering(publish(department.address))
    assert fails(Actor("officer", "9", department="civil"), link) == "haihe.not_permitted"
    assert not link.batches.exists()


def test_a_failed_batch_keeps_its_error_and_nothing_else(department: Database) -> None:
    department.run(TABLE, rows(1, 3))
    resource = publish(department.address)
    link = gathering(resource)
    run_link(by=PROVIDER, link=link)
    department.run("alter table households drop column name")

    assert fails(PROVIDER, link) == "exchange.source.changed"

    failed = link.batches.get(state="failed")
    assert failed.error_code == "exchange.source.changed"
    assert "name" in failed.error
    assert len(in_lake(resource.table)) == 3


@pytest.mark.parametrize("is_withdrawn", [True, False])
def test_a_delivery_stops_with_its_grant(
    department: Database, receiver: Database, *, is_withdrawn: bool
) -> None:
    department.run(TABLE, rows(1, 3))
    resource = publish(department.address)
    run_link(by=PROVIDER, link=gathering(resource))
    held = grant(resource)
    link = delivery(held, receiver.address)
    assert run_link(by=RECEIVER, link=link).rows_written == 3
    if is_withdrawn:
        catalogue.withdraw_grant(by=PROVIDER, grant=held, reason="No longer needed")
    else:
        held.until = now() - timedelta(seconds=1)
        held.save(update_fields=["until"])
    assert fails(RECEIVER, link) == "exchange.delivery.grant_ended"


def test_a_forbidden_column_is_never_delivered(department: Database, receiver: Database) -> None:
    department.run(TABLE, rows(1, 3))
    resource = publish(department.address)
    run_link(by=PROVIDER, link=gathering(resource))
    link = delivery(grant(resource), receiver.address)
    run_link(by=RECEIVER, link=link)
    catalogue.add_negative_entry(
        by=STEWARD,
        columns=[resource.columns.get(name="income")],
        law="Statistics Act, art. 25",
        substitute="",
        approved_by="Bureau",
        review_on=date(2100, 1, 1),
    )
    department.run("update households set income = 99")
    run_link(by=PROVIDER, link=Link.objects.get(grant=None))

    assert fails(RECEIVER, link) in {
        "exchange.delivery.column_forbidden",
        "exchange.delivery.no_columns",
        "exchange.target.differs",
    }

    assert receiver.ask("select count(*) from households where income = 99") == [(0,)]
    served = Serving.objects.get(subject=subject_of(number(1), "luhn.person"))
    assert "income" not in served.rows[0]


def test_serving_follows_the_lake(department: Database) -> None:
    department.run(TABLE, rows(1, 4))
    resource = publish(department.address)
    link = gathering(resource, mode="watermark", watermark="changed")
    first = run_link(by=PROVIDER, link=link)
    department.run(
        "update households set name = 'new', changed = '2022-01-01' where person = '"
        + number(2)
        + "'",
        rows(5, 5),
    )
    second = run_link(by=PROVIDER, link=link)

    batches = dict(Serving.objects.values_list("subject", "batch"))
    key = {i: bytes(subject_of(number(i), "luhn.person")) for i in range(1, 6)}
    assert batches[key[1]] == first.pk
    assert batches[key[2]] == second.pk
    assert Serving.objects.get(subject=key[2]).rows[0]["name"] == "new"

    full = gathering(resource)
    department.run(f"delete from households where person = '{number(3)}'")
    run_link(by=PROVIDER, link=full)
    assert not Serving.objects.filter(subject=key[3]).exists()
    assert Serving.objects.count() == 4


def test_a_batch_that_a_kill_left_uncommitted_is_given_up(department: Database) -> None:
    department.run(TABLE, rows(1, 3))
    link = gathering(publish(department.address))
    left = Batch.objects.create(link=link)

    assert run_link(by=PROVIDER, link=link).rows_written == 3

    left.refresh_from_db()
    assert (left.state, left.error_code) == ("failed", "exchange.batch.interrupted")


def test_a_batch_that_a_kill_left_committed_is_finished(department: Database) -> None:
    department.run(TABLE, rows(1, 3))
    link = gathering(publish(department.address))
    left = run_link(by=PROVIDER, link=link)
    # As a kill between the target's commit and ours leaves it.
    Batch.objects.filter(pk=left.pk).update(state="running", ended_at=None)
    Serving.objects.all().delete()

    run_link(by=PROVIDER, link=link)

    left.refresh_from_db()
    assert left.state == "done"
    assert set(Serving.objects.values_list("batch", flat=True)) == {left.pk}


def test_a_batch_whose_entry_stands_but_whose_rows_do_not_is_undone(department: Database) -> None:
    department.run(TABLE, rows(1, 3))
    link = gathering(publish(department.address))
    done = run_link(by=PROVIDER, link=link)
    left = Batch.objects.create(link=link, entry=done.entry)

    run_link(by=PROVIDER, link=link)

    left.refresh_from_db()
    assert left.state == "failed"
    assert Entry.objects.get(kind="exchange.batch.undone").body["batch"] == str(left.pk)


def test_what_is_paused_does_not_run(department: Database) -> None:
    department.run(TABLE, rows(1, 3))
    link = gathering(publish(department.address))
    pause_link(by=PROVIDER, link=link)
    assert fails(PROVIDER, link) == "exchange.link.paused"
    resume_link(by=PROVIDER, link=link)
    catalogue.pause_system(by=PROVIDER, system="civil-db")
    assert fails(PROVIDER, link) == "catalogue.system.paused"
    catalogue.resume_system(by=PROVIDER, system="civil-db")
    assert run_link(by=PROVIDER, link=link).rows_written == 3


def test_a_link_runs_once_at_a_time(department: Database) -> None:
    department.run(TABLE)
    link = gathering(publish(department.address))
    with alone(link.code):
        assert fails(PROVIDER, link) == "exchange.link.running"


def test_what_was_moved_is_counted(department: Database, receiver: Database) -> None:
    department.run(TABLE, rows(1, 3), "insert into households values ('1', 'x', 1, null)")
    resource = publish(department.address)
    gathered = run_link(by=PROVIDER, link=gathering(resource))
    run_link(by=RECEIVER, link=delivery(grant(resource), receiver.address))

    assert (queries.gathered_rows(), queries.exchanged_rows()) == (3, 3)
    assert queries.counts().quarantined_rows == 1
    assert queries.rows_by_department() == [
        queries.DepartmentRows("civil", 3, 0),
        queries.DepartmentRows("housing", 0, 3),
    ]
    day = day_in("UTC")
    assert queries.rows_moved(since=day, until=day, zone="UTC") == [
        queries.MovedRows(day, "civil", "", "gathered", 3),
        queries.MovedRows(day, "civil", "housing", "table", 3),
    ]
    assert queries.reasons_of(gathered) == [("exchange.row.bad_check_digit", "person", 1)]
    assert queries.batches(department="housing").count() == 1
