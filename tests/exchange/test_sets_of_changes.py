"""Files of what changed: each set follows the one before, and gives just what differs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from haihe.base.clock import now
from haihe.engine.age import Identity, new_identity
from haihe.engine.moving.opening import Opened, open_export
from haihe.kernel.exchange import actions
from haihe.kernel.exchange import queries as exchange
from haihe.kernel.exchange.actions import run_link
from haihe.kernel.exchange.models import Batch, Export, Link
from haihe.kernel.ledger.models import Entry, SubjectEntry
from haihe.project.command import assemble
from tests.exchange.builders import (
    PROVIDER,
    RECEIVER,
    TABLE,
    as_files,
    fetched,
    gathering,
    grant,
    number,
    publish,
    rows,
)
from tests.exchange.files import ALL, held, refusal
from tests.servers import Database

pytestmark = pytest.mark.django_db


@dataclass
class Receiver:
    """A department that applies each set to what it holds, by its key."""

    identity: Identity
    folder: Path
    rows: dict[str, tuple[object, ...]] = field(default_factory=dict)
    sets: list[Path] = field(default_factory=list)

    def take(self, batch: Batch) -> Opened:
        """Fetch, open and apply one set."""
        name = f"set{len(self.sets)}"
        got = fetched(batch, self.folder / name)
        opened = open_export(
            got,
            identity=self.identity,
            into=self.folder / f"{name}-plain",
            after=str(self.sets[-1]) if self.sets else "",
        )
        self.sets.append(got)
        if opened.manifest["chain"]["holds"] == "all":
            self.rows = {}
        for each in opened.files:
            for row in duckdb.read_parquet(str(each)).fetchall():
                if each.name.startswith("gone"):
                    del self.rows[row[0]]
                else:
                    self.rows[row[0]] = row
        return opened


@pytest.fixture
def gathered(department: Database) -> Link:
    """A link that gathers households, whole each time, already run."""
    department.run(TABLE, rows(1, 30))
    link = gathering(publish(department.address))
    run_link(by=PROVIDER, link=link)
    return link


@pytest.fixture
def taking(gathered: Link, tmp_path: Path) -> tuple[Link, Receiver]:
    """A delivery of changes and its receiver, who has taken the first set."""
    link, identity = as_files(grant(gathered.resource, *ALL, mode="file"), mode="changes")
    receiver = Receiver(identity, tmp_path)
    receiver.take(run_link(by=RECEIVER, link=link))
    return link, receiver


def there(department: Database) -> dict[str, object]:
    """Names by person, as the source has them."""
    return dict(department.ask("select person::text, name from households"))  # type: ignore[arg-type]


def test_a_set_gives_what_came_what_changed_and_the_keys_that_went(
    department: Database, gathered: Link, taking: tuple[Link, Receiver]
) -> None:
    link, receiver = taking
    department.run(
        rows(31, 33),
        f"update households set name = '新' where person = '{number(1)}'",
        f"update households set name = '暂' where person = '{number(2)}'",
        f"delete from households where person in ('{number(3)}', '{number(4)}')",
    )
    run_link(by=PROVIDER, link=gathered)
    department.run(f"update households set name = '名2' where person = '{number(2)}'")
    run_link(by=PROVIDER, link=gathered)

    batch = run_link(by=RECEIVER, link=link)
    told = receiver.take(batch).manifest

    assert (batch.rows_written, batch.is_reconciled, batch.export.rows_gone) == (4, True, 2)
    assert told["chain"] == {
        "number": 2,
        "previous": bytes(batch.export.previous.manifest_sha256).hex(),
        "holds": "changes",
    }
    assert (told["rows"], told["gone"]["rows"], told["held_after"]["rows"]) == (4, 2, 31)
    assert {person: row[1] for person, row in receiver.rows.items()} == there(department)


def test_what_a_receiver_holds_is_what_a_whole_set_would_give(
    department: Database, gathered: Link, taking: tuple[Link, Receiver]
) -> None:
    link, receiver = taking
    for step in range(3):
        department.run(
            rows(40 + 10 * step, 44 + 10 * step),
            f"update households set income = income + 1 where person > '{number(5 * step)}'",
            f"delete from households where person = '{number(7 + step)}'",
        )
        run_link(by=PROVIDER, link=gathered)
        receiver.take(run_link(by=RECEIVER, link=link))
    after = json.loads((receiver.sets[-1] / "manifest.json").read_text())["held_after"]
    actions.ask_whole(by=RECEIVER, link=link)
    whole = receiver.take(run_link(by=RECEIVER, link=link)).manifest
    assert whole["chain"]["number"] == 5
    assert whole["chain"]["holds"] == "all"
    assert {"rows": whole["rows"], "content_hash": whole["content_hash"]} == after
    assert {person: row[1] for person, row in receiver.rows.items()} == there(department)


def test_nothing_changed_is_a_set_without_rows(taking: tuple[Link, Receiver]) -> None:
    link, receiver = taking
    before = dict(receiver.rows)
    batch = run_link(by=RECEIVER, link=link)
    told = receiver.take(batch).manifest
    assert (told["rows"], told["gone"]["rows"], told["chain"]["number"]) == (0, 0, 2)
    assert receiver.rows == before


def test_a_set_stands_in_the_ledger_with_its_place_and_whom_it_names(
    department: Database, gathered: Link, taking: tuple[Link, Receiver]
) -> None:
    link, _ = taking
    department.run(rows(31, 31), f"delete from households where person = '{number(3)}'")
    run_link(by=PROVIDER, link=gathered)
    batch = run_link(by=RECEIVER, link=link)
    entry = Entry.objects.get(pk=batch.entry)
    told = {name: entry.body[name] for name in ("number", "holds", "rows_written", "rows_gone")}
    assert told == {"number": 2, "holds": "changes", "rows_written": 1, "rows_gone": 1}
    assert entry.body["previous"] == bytes(batch.export.previous.manifest_sha256).hex()
    # Whose row came, and whose went: to say that it went tells of the person too.
    assert SubjectEntry.objects.filter(entry=entry.pk).count() == 2
    assert exchange.counts().exchanged_rows == 31


def test_a_missing_set_is_noticed_and_told_with_what_to_do(
    department: Database, gathered: Link, taking: tuple[Link, Receiver], tmp_path: Path
) -> None:
    link, receiver = taking
    batches = []
    for step in (31, 32):
        department.run(rows(step, step))
        run_link(by=PROVIDER, link=gathered)
        batches.append(run_link(by=RECEIVER, link=link))
    third = fetched(batches[1], tmp_path / "third")
    how = {"folder": third, "identity": receiver.identity, "into": tmp_path / "p"}
    assert refusal(open_export, **how) == "export.chain.unnamed"
    assert refusal(open_export, **how, after=str(receiver.sets[0])) == "export.chain.broken"
    assert refusal(open_export, **how, after="0" * 64) == "export.chain.broken"
    assert not (tmp_path / "p").exists()
    key = tmp_path / "key.txt"
    key.write_text(receiver.identity.text)
    words = ["open", str(third), "--key", str(key), "--out", str(tmp_path / "p")]
    told = CliRunner().invoke(
        assemble(["export"]), ["export", *words, "--after", str(receiver.sets[0])]
    )
    assert told.exit_code != 0
    assert "number 3, follows number 2" in str(told.exception)
    assert "have a whole set made" in told.exception.hint  # type: ignore[union-attr]
    receiver.take(batches[0])
    receiver.take(batches[1])
    assert len(receiver.rows) == 32


def test_an_altered_list_of_gone_keys_is_refused(
    department: Database, gathered: Link, taking: tuple[Link, Receiver], tmp_path: Path
) -> None:
    link, receiver = taking
    department.run(f"delete from households where person = '{number(3)}'")
    run_link(by=PROVIDER, link=gathered)
    folder = fetched(run_link(by=RECEIVER, link=link), tmp_path / "got")
    how = {
        "folder": folder,
        "identity": receiver.identity,
        "into": tmp_path / "p",
        "after": str(receiver.sets[0]),
    }
    manifest = folder / "manifest.json"
    told = json.loads(manifest.read_text())
    told["gone"]["content_hash"] = "1"
    manifest.write_text(json.dumps(told))
    assert refusal(open_export, **how) == "export.rows.differ"
    del told["gone"]["keys"]
    manifest.write_text(json.dumps(told))
    assert refusal(open_export, **how) == "export.manifest.bad"
    assert not (tmp_path / "p").exists()


def test_rows_that_leave_what_is_granted_are_told_as_gone(
    department: Database, gathered: Link, tmp_path: Path
) -> None:
    days = ["2019-01-01", "2020-12-31"]
    rule = [{"column": "since", "test": "within", "values": days}]
    held_ = grant(gathered.resource, *ALL, mode="file", rows=rule)
    link, identity = as_files(held_, mode="changes")
    receiver = Receiver(identity, tmp_path)
    receiver.take(run_link(by=RECEIVER, link=link))
    before = set(receiver.rows)
    department.run(f"update households set since = '2024-05-01' where person = '{number(3)}'")
    run_link(by=PROVIDER, link=gathered)
    told = receiver.take(run_link(by=RECEIVER, link=link)).manifest
    assert (told["rows"], told["gone"]["rows"]) == (0, 1)
    assert before - set(receiver.rows) == {number(3)}


def test_another_key_other_columns_and_a_life_that_is_over_begin_anew(
    gathered: Link, taking: tuple[Link, Receiver]
) -> None:
    link, _ = taking
    new = new_identity()
    actions.register_key(by=RECEIVER, public=new.recipient.text)
    batch = run_link(by=RECEIVER, link=link)
    assert (batch.export.number, batch.export.is_whole) == (2, True)
    assert run_link(by=RECEIVER, link=link).export.is_whole is False
    long_ago = now() - timedelta(days=link.grant.data_life_days + 1)
    Batch.objects.filter(link=link).update(ended_at=long_ago)
    assert run_link(by=RECEIVER, link=link).export.is_whole is True
    assert run_link(by=RECEIVER, link=link).export.is_whole is False
    last = Export.objects.filter(batch__link=link).order_by("-number").first()
    told = json.loads(last.manifest)
    told["columns"].pop()
    Export.objects.filter(pk=last.pk).update(manifest=json.dumps(told))
    assert run_link(by=RECEIVER, link=link).export.is_whole is True


def test_changes_need_the_whole_key_and_files(department: Database) -> None:
    delivered = held(department, "name", "income")
    how = {"by": RECEIVER, "grant": delivered, "mode": "changes"}
    actions.register_key(by=RECEIVER, public=new_identity().recipient.text)
    assert refusal(actions.make_file_delivery, **how) == "exchange.link.no_key"
    assert refusal(actions.make_file_delivery, **{**how, "mode": "watermark"}) == (
        "exchange.delivery.not_files"
    )


def test_the_console_sets_changes_up_and_asks_for_a_whole_set(department: Database) -> None:
    delivered = held(department)
    actions.register_key(by=RECEIVER, public=new_identity().recipient.text)
    words = ["export", "ask", str(delivered.pk), "--changes"]
    CliRunner().invoke(assemble(["export"]), words, catch_exceptions=False)
    link = Link.objects.get(grant=delivered)
    assert link.mode == "changes"
    run_link(by=RECEIVER, link=link)
    CliRunner().invoke(assemble(["export"]), ["export", "whole", link.code], catch_exceptions=False)
    assert run_link(by=RECEIVER, link=link).export.is_whole
    assert Entry.objects.filter(kind="exchange.export.whole_asked").count() == 1
