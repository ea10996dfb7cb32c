"""Delivery as files: what leaves is what lies in the lake, for the receiver alone, while it may."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import time
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from haihe.base.clock import now
from haihe.base.settings import settings
from haihe.engine.age import new_identity
from haihe.engine.moving.opening import open_export
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.exchange import actions, jobs
from haihe.kernel.exchange.actions import run_link
from haihe.kernel.exchange.internals import exporting
from haihe.kernel.exchange.models import Batch, Export, Link
from haihe.kernel.ledger.models import Entry, SubjectEntry
from haihe.kernel.org.models import Department
from haihe.project.command import assemble
from tests.exchange.builders import (
    PROVIDER,
    RECEIVER,
    STEWARD,
    TABLE,
    as_files,
    fetched,
    gathering,
    grant,
    publish,
)
from tests.exchange.files import ALL, fetch, held, refusal
from tests.servers import Database

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("file_format", "encoding"), [("parquet", "utf-8"), ("csv", "utf-8"), ("csv", "gb18030")]
)
def test_rows_arrive_as_they_lie_in_the_lake(
    department: Database, tmp_path: Path, file_format: str, encoding: str
) -> None:
    link, identity = as_files(held(department), file_format=file_format, encoding=encoding)
    batch = run_link(by=RECEIVER, link=link)
    assert (batch.rows_written, batch.is_reconciled) == (94, True)

    opened = open_export(
        fetched(batch, tmp_path / "got"),
        identity=identity,
        into=tmp_path / "plain",
        manifest_sha256=bytes(batch.export.manifest_sha256).hex(),
    )

    assert opened.manifest["content_hash"] == str(batch.source_hash)
    there = department.ask(
        "select person::text, name, income::text, since::text,"
        " to_char(changed at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') from households"
    )
    assert _read(opened.files, file_format, encoding) == sorted(map(_plain, there))


def _plain(row: tuple[object, ...]) -> list[str]:
    """A row as CSV says it: nothing where nothing is, decimals without zeros at the end."""
    shown = ["" if value is None else str(value) for value in row]
    shown[2] = shown[2].rstrip("0").rstrip(".") if "." in shown[2] else shown[2]
    return shown


def _read(files: list[Path], file_format: str, encoding: str) -> list[list[str]]:
    """The rows of opened files, read by other means than our own opening."""
    if file_format == "parquet":
        names = [str(each) for each in files]
        found = duckdb.sql(
            "select person, name, income::varchar, since::varchar,"
            f" strftime(changed, '%Y-%m-%d %H:%M:%S.%f') from read_parquet({names})"
        )
        return sorted(map(_plain, found.fetchall()))
    lines: list[list[str]] = []
    for each in files:
        text = gzip.decompress(each.read_bytes()).decode(encoding)
        lines += list(csv.reader(text.splitlines(keepends=True)))[1:]
    return sorted(lines)


def test_the_manifest_stands_in_the_ledger_before_anything_can_be_fetched(
    department: Database,
) -> None:
    link, identity = as_files(held(department))
    batch = run_link(by=RECEIVER, link=link)
    entry = Entry.objects.get(pk=batch.entry)
    manifest = fetch(batch)
    assert entry.body["manifest_sha256"] == hashlib.sha256(manifest).hexdigest()
    assert entry.body["key"] == identity.recipient.text
    assert (entry.kind, entry.purpose) == ("exchange.batch.delivered", "housing.fund")
    assert SubjectEntry.objects.filter(entry=entry.pk).count() == 94
    told = json.loads(manifest)
    assert told["data_life_days"] == link.grant.data_life_days
    assert [(each["name"], each["type"]) for each in told["columns"]][:2] == [
        ("person", "text"),
        ("name", "text"),
    ]
    assert told["purpose"] == {"code": "housing.fund", "basis": "Housing Act, art. 3"}
    assert sum(each["rows"] for each in told["files"]) == told["rows"] == 94


def test_the_manifest_names_the_exceptions_from_the_ban_of_onward_use_that_stand(
    department: Database,
) -> None:
    link, _ = as_files(held(department))
    Department.objects.create(code="audit", name={"en": "Audit"}, kind="department")
    until = (now() + timedelta(days=20)).date()
    asked = catalogue.ask_onward(
        by=RECEIVER, grant=link.grant, to=["audit"], law="Audit Act, art. 9", last=until,
        reason="The yearly audit",
    )  # fmt: skip
    before = json.loads(fetch(run_link(by=RECEIVER, link=link)))["onward_use"]
    assert before == {"allowed_to": [], "law": "", "exceptions": []}
    allowed = catalogue.allow_onward(by=PROVIDER, exception=asked, reason="By law it must")
    after = json.loads(fetch(run_link(by=RECEIVER, link=link)))["onward_use"]
    assert after["exceptions"] == [
        {"allowed_to": ["audit"], "law": "Audit Act, art. 9", "until": allowed.until.isoformat()}
    ]


def test_each_download_is_in_the_ledger_before_its_first_byte(department: Database) -> None:
    batch = run_link(by=RECEIVER, link=as_files(held(department))[0])
    name = batch.export.files.get().name
    got = actions.download(by=RECEIVER, batch=batch, name=name, purpose="housing.fund", first=10)
    entry = Entry.objects.get(kind="exchange.export.downloaded")
    assert (entry.department, entry.purpose, entry.grant) == (
        "housing",
        "housing.fund",
        batch.link.grant_id,
    )
    assert (entry.body["file"], entry.body["first"], entry.body["last"]) == (
        name,
        10,
        got.size - 1,
    )
    assert b"".join(got.content) == fetch(batch, name)[10:]


def test_a_download_is_resumed_where_it_broke_off(department: Database) -> None:
    batch = run_link(by=RECEIVER, link=as_files(held(department))[0])
    file = batch.export.files.get()
    whole = fetch(batch, file.name)
    assert hashlib.sha256(whole).digest() == bytes(file.sha256)
    assert whole == fetch(batch, file.name, last=99) + fetch(batch, file.name, first=100)
    assert len(whole) == file.size
    assert refusal(fetch, batch=batch, name=file.name, first=file.size) == (
        "exchange.export.bad_range"
    )


def test_files_are_split_at_the_stated_size(department: Database, tmp_path: Path) -> None:
    link, identity = as_files(held(department, last=20_000), file_format="csv", size_mib=1)
    batch = run_link(by=RECEIVER, link=link)
    assert batch.export.files.count() > 1
    opened = open_export(
        fetched(batch, tmp_path / "got"), identity=identity, into=tmp_path / "plain"
    )
    sizes = [len(gzip.decompress(each.read_bytes())) for each in opened.files]
    assert max(sizes) < 1.5 * 1024 * 1024
    assert opened.manifest["rows"] == 20_004


def test_an_empty_resource_is_a_file_without_rows(department: Database, tmp_path: Path) -> None:
    department.run(TABLE)
    gathered = gathering(publish(department.address))
    run_link(by=PROVIDER, link=gathered)
    link, identity = as_files(grant(gathered.resource, *ALL, mode="file"))
    batch = run_link(by=RECEIVER, link=link)
    folder = fetched(batch, tmp_path / "got")
    opened = open_export(folder, identity=identity, into=tmp_path / "plain")
    assert (opened.manifest["rows"], len(opened.files)) == (0, 1)


def test_the_console_sets_a_delivery_up_and_lists_it(department: Database) -> None:
    delivered = held(department)
    actions.register_key(by=RECEIVER, public=new_identity().recipient.text)
    words = ["export", "ask", str(delivered.pk), "--format", "csv", "--encoding", "gb18030"]
    told = CliRunner().invoke(assemble(words[:1]), words, catch_exceptions=False)
    link = Link.objects.get(grant=delivered)
    assert f"haihe link run {link.code}" in told.output
    batch = run_link(by=RECEIVER, link=link)
    listed = CliRunner().invoke(assemble(["export"]), ["export", "list"], catch_exceptions=False)
    assert bytes(batch.export.manifest_sha256).hex() in listed.output


def test_a_withdrawn_grant_stops_a_running_download_within_a_second(department: Database) -> None:
    batch = run_link(by=RECEIVER, link=as_files(held(department, last=20_000))[0])
    name = batch.export.files.get().name
    got = actions.download(by=RECEIVER, batch=batch, name=name, purpose="housing.fund")
    next(got.content)
    catalogue.withdraw_grant(by=PROVIDER, grant=batch.link.grant, reason="no longer needed")
    time.sleep(0.6)
    assert refusal(lambda: next(got.content)) == "exchange.delivery.grant_ended"
    assert refusal(fetch, batch=batch) == "exchange.delivery.grant_ended"
    assert jobs.drop_exports() == 1
    assert not (exporting.folder() / str(batch.pk)).exists()


def test_a_column_that_was_cut_since_blocks_the_download(department: Database) -> None:
    batch = run_link(by=RECEIVER, link=as_files(held(department))[0])
    fetch(batch)
    catalogue.add_negative_entry(
        by=STEWARD,
        columns=[batch.link.resource.columns.get(name="income")],
        law="PIPL, article 28",
        approved_by="Office of the city",
        review_on=now().date() + timedelta(days=365),
    )
    assert refusal(fetch, batch=batch) == "exchange.delivery.column_forbidden"
    assert Entry.objects.filter(kind="exchange.export.downloaded").count() == 1
    fresh = run_link(by=RECEIVER, link=batch.link)
    told = json.loads(fetch(fresh))
    assert "income" not in {each["name"] for each in told["columns"]}


def test_files_past_their_term_are_refused_then_gone_with_a_receipt(department: Database) -> None:
    batch = run_link(by=RECEIVER, link=as_files(held(department))[0])
    term = batch.export.expires_at - now()
    assert timedelta(0) < term <= timedelta(hours=settings().export_hours)
    Export.objects.filter(pk=batch.pk).update(expires_at=now())
    assert refusal(fetch, batch=batch) == "exchange.export.ended"

    assert jobs.drop_exports() == 1

    assert not (exporting.folder() / str(batch.pk)).exists()
    entry = Entry.objects.get(kind="exchange.export.removed")
    assert entry.body["manifest_sha256"] == bytes(batch.export.manifest_sha256).hex()
    assert (entry.body["files"], entry.actor) == (1, "clock:clock")
    assert refusal(fetch, batch=batch) == "exchange.export.ended"
    assert jobs.drop_exports() == 0


def test_only_the_receiver_gets_its_files_and_for_its_purpose(department: Database) -> None:
    batch = run_link(by=RECEIVER, link=as_files(held(department))[0])
    assert refusal(fetch, batch=batch, by=PROVIDER) == "exchange.export.not_yours"
    assert refusal(fetch, batch=batch, purpose="housing.loans") == "exchange.export.wrong_purpose"
    assert refusal(fetch, batch=batch, name="../../x") == "exchange.export.unknown"
    assert not Entry.objects.filter(kind="exchange.export.downloaded").exists()


def test_old_files_stay_with_the_old_key(department: Database, tmp_path: Path) -> None:
    link, old = as_files(held(department))
    first = run_link(by=RECEIVER, link=link)
    new = new_identity()
    actions.register_key(by=RECEIVER, public=new.recipient.text)
    second = run_link(by=RECEIVER, link=link)
    for batch, identity, name in ((first, old, "first"), (second, new, "second")):
        folder = fetched(batch, tmp_path / name)
        open_export(folder, identity=identity, into=tmp_path / f"{name}-plain")
    assert (
        refusal(open_export, folder=tmp_path / "second", identity=old, into=tmp_path / "none")
        == "age.file.not_for_this_key"
    )
    how = {"by": RECEIVER, "public": old.recipient.text}
    assert refusal(actions.register_key, **how) == "exchange.key.known"
    assert refusal(actions.register_key, **{**how, "public": old.text}) == "age.key.private"
    assert Entry.objects.filter(kind="exchange.key.registered").count() == 2


def test_without_a_key_no_files_are_made(department: Database) -> None:
    how = {"by": RECEIVER, "grant": held(department)}
    assert refusal(actions.make_file_delivery, **how) == "exchange.export.no_key"
    as_table = {"by": RECEIVER, "grant": grant(how["grant"].resource, "name")}  # type: ignore[attr-defined]
    assert refusal(actions.make_file_delivery, **as_table) == "exchange.delivery.not_files"


def test_a_schedule_makes_files_by_the_clock(department: Database) -> None:
    link, _ = as_files(held(department), schedule="every 1d")
    assert jobs.run_due() == 1
    assert jobs.run_link(link.code) == str(Batch.objects.get(link=link).pk)
    assert jobs.run_due() == 0


def left(batch: Batch, **changes: object) -> Link:
    """Make a batch look as a process leaves it that was killed at its end."""
    Batch.objects.filter(pk=batch.pk).update(state="running", ended_at=None, **changes)
    return batch.link


def test_files_of_a_killed_run_stand_if_their_entry_does(department: Database) -> None:
    batch = run_link(by=RECEIVER, link=as_files(held(department))[0])
    link = left(batch)
    assert refusal(fetch, batch=batch) == "exchange.export.unknown"
    run_link(by=RECEIVER, link=link)
    batch.refresh_from_db()
    assert batch.state == "done"
    assert fetch(batch)


def test_files_of_a_killed_run_without_an_entry_go(department: Database) -> None:
    batch = run_link(by=RECEIVER, link=as_files(held(department))[0])
    run_link(by=RECEIVER, link=left(batch, entry=None))
    batch.refresh_from_db()
    assert (batch.state, Export.objects.filter(pk=batch.pk).exists()) == ("failed", False)
    assert not (exporting.folder() / str(batch.pk)).exists()
