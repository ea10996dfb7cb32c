"""A disk fills while a link runs: a coded sentence, nothing half-done, the next run is fine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from haihe.base.settings import settings
from haihe.engine.sources.errors import DiskFull
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.exchange import queries
from haihe.kernel.exchange.actions import run_link
from haihe.kernel.exchange.models import Batch, Link
from haihe.kernel.ledger.models import Entry
from tests import needs
from tests.exchange.builders import PROVIDER, TABLE, gathering, publish, rows
from tests.plugin import SERVER
from tests.servers import Database

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 60_000
WIDE = f"""
create table households as
select i::bigint as id, string_agg(md5(i::text || j), '') as t
from generate_series(1, {ROWS}) i, generate_series(1, 20) j
group by i
"""
COLUMNS = (ColumnDraft("id", "integer", is_key=True), ColumnDraft("t", "text"))
MOUNTED = 'mount -t tmpfs -o size=$ROOM tmpfs "$SMALL" && exec "$@"'


def run_on_small_disk(link: Link, *, small: str, room: str) -> subprocess.CompletedProcess[str]:
    """`haihe link run` where a folder of the data is a small disk of its own."""
    folder = settings().data / small
    folder.mkdir(exist_ok=True)
    return subprocess.run(
        ["unshare", "--mount", "sh", "-c", MOUNTED, "sh",
         sys.executable, "-m", "haihe.project.command", "link", "run", link.code],
        env={**os.environ, "ROOM": room, "SMALL": str(folder),
             "HAIHE_DATABASE_URL": SERVER.url(connection.settings_dict["NAME"])},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def left_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


@needs.small_disk
@pytest.mark.parametrize(("small", "room"), [("staging", "20m"), ("lake", "8m")])
def test_a_disk_that_fills_undoes_the_run_and_the_next_is_fine(
    department: Database, small: str, room: str
) -> None:
    department.run(WIDE)
    resource = publish(department.address, columns=COLUMNS)
    link = gathering(resource)
    before = set(left_in(Path(settings().lake_path)))

    told = run_on_small_disk(link, small=small, room=room)

    assert told.returncode == 1
    assert "[exchange.disk_full]" in told.stderr
    assert "Traceback" not in told.stderr
    batch = Batch.objects.get(link=link)
    assert (batch.state, batch.error_code) == ("failed", "exchange.disk_full")
    assert not left_in(settings().data / "staging")
    assert set(left_in(Path(settings().lake_path))) == before
    assert queries.held_rows(resource.pk) == 0

    again = run_link(by=PROVIDER, link=link)

    assert (again.state, again.is_reconciled, again.rows_written) == ("done", True, ROWS)
    assert queries.held_rows(resource.pk) == ROWS
    assert Entry.objects.filter(kind="exchange.batch.gathered", body__batch=str(again.pk)).exists()


FULL = """
create function refuse_for_room() returns trigger language plpgsql as $$
begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$
"""


@pytest.mark.parametrize("table", ["exchange_quarantined", "ledger_subjectentry", "ledger_entry"])
def test_haihes_own_database_without_room_undoes_the_run(department: Database, table: str) -> None:
    department.run(TABLE, rows(1, 20), "update households set person = 'x' where income < 2")
    resource = publish(department.address)
    link = gathering(resource)
    own = Database(SERVER.url(connection.settings_dict["NAME"]))
    own.run(
        FULL,
        f"create trigger full_disk before insert on {table} execute function refuse_for_room()",
    )
    try:
        with pytest.raises(DiskFull):
            run_link(by=PROVIDER, link=link)
    finally:
        own.run("drop function refuse_for_room cascade")

    batch = Batch.objects.get(link=link)
    assert (batch.state, batch.error_code) == ("failed", "exchange.disk_full")
    assert not batch.quarantined.exists()
    assert queries.held_rows(resource.pk) == 0
    again = run_link(by=PROVIDER, link=link)
    assert (again.state, again.rows_written, again.rows_quarantined) == ("done", 19, 1)


def test_a_failure_that_can_not_be_kept_is_settled_by_the_next_run(department: Database) -> None:
    department.run(TABLE, rows(1, 20))
    link = gathering(publish(department.address))
    own = Database(SERVER.url(connection.settings_dict["NAME"]))
    own.run(
        FULL,
        "create trigger full_disk before update on exchange_batch"
        " execute function refuse_for_room()",
    )
    try:
        with pytest.raises(DiskFull):
            run_link(by=PROVIDER, link=link)
    finally:
        own.run("drop function refuse_for_room cascade")

    assert Batch.objects.get(link=link).state == "running"
    again = run_link(by=PROVIDER, link=link)
    first = Batch.objects.exclude(pk=again.pk).get(link=link)
    assert (first.state, first.error_code) == ("failed", "exchange.batch.interrupted")
    assert (again.state, again.rows_written) == ("done", 20)
