"""A promise is checked from outside, against files or the public address alone."""

from __future__ import annotations

import http.server
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from haihe.base.ids import new_id
from haihe.edges.tlog.notes import ED25519, SigningKey
from haihe.engine.merkle.entries import EntryRow
from haihe.engine.merkle.promise import Promise, make_promises, promise_text
from haihe.kernel.ledger.copies import CopyIncomplete, SavedCopy, copy_at, save_copy
from haihe.kernel.ledger.models import Entry, Numbered
from haihe.kernel.ledger.promised import CopyBroken, PromiseFresh, Verdict, check_promise
from tests.ledger import kit
from tests.project.test_without_django import haihe

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = timedelta(0)


def promise(entry: object) -> Promise:
    """The promise that a caller was given with their answer."""
    found = Entry.objects.get(id=entry)
    row = EntryRow(kind=found.kind, actor=found.actor, id=found.id, leaf=bytes(found.leaf))
    return make_promises([row], key=kit.KEY.private, origin=kit.KEY.name, at=found.at)[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A published log of 700 entries: two full bundles and a partial one."""
    log = kit.sequencer(tmp_path / "log")
    kit.fill(600)
    log.step()
    kit.write(100)
    log.step()
    log.close()
    return tmp_path / "log"


def grow(folder: Path, count: int) -> None:
    log = kit.sequencer(folder)
    kit.write(count)
    log.step()
    log.close()


def judged(given: Promise, folder: Path, within: timedelta = AT_ONCE) -> Verdict:
    return check_promise(given, copy=SavedCopy(folder), key=kit.KEY.verifier, within=within)


def deleted(folder: Path) -> Promise:
    """A promise for an entry that its operator deleted before its checkpoint."""
    (gone,) = kit.write(1)
    given = promise(gone)
    kit.as_owner("delete from ledger_entry where id = %s", [gone])
    grow(folder, 30)
    return given


@pytest.mark.parametrize("number", [0, 255, 256, 511, 512, 699])
def test_a_kept_promise_is_found_by_its_id_alone(folder: Path, number: int) -> None:
    entry = Numbered.objects.get(number=number).entry
    verdict = judged(promise(entry), folder)
    assert (verdict.number, verdict.size, verdict.findings) == (number, 700, ())


def test_a_deleted_entry_is_convicted_from_files_alone(folder: Path) -> None:
    given = deleted(folder)
    verdict = judged(given, folder)
    assert verdict.number is None
    assert f"{given.entry}, promised at {given.at}, is none of" in verdict.findings[0]


def test_an_altered_entry_is_convicted_from_files_alone(folder: Path) -> None:
    (changed,) = kit.write(1)
    given = promise(changed)
    kit.as_owner("update ledger_entry set purpose = 'x' where id = %s", [changed])
    kit.reseal(changed)
    grow(folder, 1)
    (finding,) = judged(given, folder).findings
    assert "with another leaf" in finding


def test_an_entry_far_from_its_time_is_found_all_the_same(tmp_path: Path) -> None:
    log = kit.sequencer(tmp_path)
    with closing(psycopg.connect(kit.url())) as long:
        kit.enter(long)
        early = long.execute("select id from ledger_entry").fetchone()
        for _ in range(40):
            kit.fill(256)
            log.step()
        long.commit()
    assert early is not None
    log.step()
    log.close()
    assert judged(promise(early[0]), tmp_path).number == 40 * 256


def test_a_promise_younger_than_the_copy_convicts_nobody(folder: Path) -> None:
    (late,) = kit.write(1)
    with pytest.raises(PromiseFresh):
        judged(promise(late), folder)
    with pytest.raises(PromiseFresh):
        judged(deleted(folder), folder, within=timedelta(hours=1))


def test_a_copy_that_was_tampered_with_proves_nothing(folder: Path) -> None:
    kept = promise(Numbered.objects.get(number=300).entry)
    bundle = folder / "tile/entries/001"
    whole = bundle.read_bytes()
    bundle.write_bytes(whole.replace(UUID(str(kept.entry)).bytes, new_id().bytes))
    with pytest.raises(CopyBroken):
        judged(kept, folder)
    bundle.write_bytes(whole[:-1])
    with pytest.raises(CopyBroken):
        judged(kept, folder)
    bundle.unlink()
    with pytest.raises(CopyIncomplete):
        judged(kept, folder)
    bundle.write_bytes(whole)
    tile = folder / "tile/0/001"
    tile.write_bytes(tile.read_bytes()[::-1])
    with pytest.raises(CopyBroken):
        judged(kept, folder)


def test_a_log_written_anew_is_convicted_by_a_checkpoint_kept_before(folder: Path) -> None:
    older = kit.head(folder)
    kept = promise(Numbered.objects.get(number=5).entry)
    kit.as_owner("delete from ledger_entry where id = %s", [Numbered.objects.get(number=9).entry])
    kit.write(5)
    kit.rebuild(folder)
    verdict = check_promise(
        kept,
        copy=SavedCopy(folder),
        key=kit.KEY.verifier,
        older=[(older.checkpoint, "the checkpoint kept before")],
    )
    assert verdict.number == 5
    assert "does not extend the checkpoint kept before of size 700" in verdict.findings[0]


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder at a web address, as the log's own public one."""
    handler = partial(_Silent, directory=str(folder.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{folder.name}"
        server.shutdown()


class _Silent(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Silent."""


def test_a_copy_is_saved_from_the_public_address_and_grows(folder: Path, tmp_path: Path) -> None:
    with served(folder) as url:
        assert save_copy(copy_at(url), folder=tmp_path / "copy") == 700
        grow(folder, 100)
        assert save_copy(copy_at(url), folder=tmp_path / "copy") == 800
    shutil.rmtree(folder)
    for number in (3, 767, 799):
        given = promise(Numbered.objects.get(number=number).entry)
        assert judged(given, tmp_path / "copy").number == number


def said(
    given: Promise, log: object, *words: str, folder: Path
) -> subprocess.CompletedProcess[str]:
    """The command where no Django and no database is."""
    file = folder / "answer.json"
    file.write_bytes(b'{"found": true, "rows": [], "receipt": ' + promise_text(given) + b"}")
    key = kit.KEY.verifier.text
    words = ("ledger", "check-promise", str(file), "--log", str(log), "--key", key, *words)
    return haihe(*words, folder=folder / "nothing")


def test_the_command_judges_without_django_and_database(folder: Path, tmp_path: Path) -> None:
    kept, gone = promise(Numbered.objects.get(number=42).entry), deleted(folder)
    with served(folder) as url:
        for log in (folder, url):
            good = said(kept, log, folder=tmp_path)
            assert (good.returncode, good.stderr) == (0, "")
            assert "The promise is kept: entry number 42 of 730." in good.stdout
            bad = said(gone, log, "--within", "0", folder=tmp_path)
            assert bad.returncode == 1
            assert "is none of the log's 730 entries" in bad.stdout
            fresh = said(gone, log, folder=tmp_path)
            assert fresh.returncode == 1
            assert "[ledger.promise.fresh]" in fresh.stderr


def test_what_can_not_be_judged_is_said_in_a_sentence(folder: Path, tmp_path: Path) -> None:
    thief = SigningKey(kit.KEY.name, ED25519, b"t" * 32)
    row = EntryRow(kind="test.looked", actor="officer:17", leaf=bytes(32))
    (forged,) = make_promises([row], key=thief.private, origin=thief.name)
    kept = promise(Numbered.objects.get(number=42).entry)
    for given, log, code in (
        (forged, folder, "ledger.promise.bad"),
        (kept, tmp_path / "absent", "ledger.copy.incomplete"),
        (kept, "http://127.0.0.1:9/ledger", "ledger.log.unreachable"),
    ):
        told = said(given, log, folder=tmp_path)
        assert told.returncode == 1
        assert f"[{code}]" in told.stderr
        assert "Traceback" not in told.stderr
