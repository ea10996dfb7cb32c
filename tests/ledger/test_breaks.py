"""A restore sets the log back: declared and witnessed it is explained, undeclared it convicts."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from haihe.base.actor import Actor
from haihe.base.errors import NotPermitted
from haihe.base.settings import settings
from haihe.edges.tlog.breaks import Break, breaks_of, read_break, signed_breaks
from haihe.edges.tlog.checkpoints import read_checkpoint, signed_checkpoint
from haihe.edges.tlog.notes import ED25519, BadNote, SigningKey
from haihe.edges.tlog.witnesses import head_before, head_path
from haihe.engine.merkle.entries import EntryRow, commitment
from haihe.engine.merkle.promise import Promise, make_promises
from haihe.engine.postgres.folder import binaries
from haihe.kernel.ledger import actions
from haihe.kernel.ledger.audit import Head, Report
from haihe.kernel.ledger.copies import SavedCopy
from haihe.kernel.ledger.errors import BreakAlone, LogBroken, NoBreak, NotSetBack, SequencerRuns
from haihe.kernel.ledger.keys import log_key
from haihe.kernel.ledger.log_files import LogFiles
from haihe.kernel.ledger.models import Entry, SubjectSecret
from haihe.kernel.ledger.promised import check_promise
from haihe.kernel.ledger.sequencing import Sequencer
from haihe.kernel.ledger.witnessing import Witness
from tests.ledger import kit
from tests.ledger.test_tampering import FIRST, SECOND, old_entry
from tests.ledger.test_witness import standin

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = Actor("officer", "1", permissions=frozenset({"ledger.break.declare"}))
AUDIT = Actor("officer", "2", permissions=frozenset({"ledger.break.approve"}))
TABLES = ("entry", "numbered", "checkpoint", "cosignature", "subjectentry", "subjectsecret")
ABSENT = Witness("http://127.0.0.1:9", key=kit.KEY.verifier)


class City:
    """A log with its files, its witness, and what people outside have kept of it."""

    def __init__(self, folder: Path, witness: Witness | None) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.witness = witness
        self.kept: list[Head] = []

    def sequencer(self) -> Sequencer:
        files = LogFiles(self.log)
        return Sequencer(kit.url(), files=files, key=log_key(settings()), witness=self.witness)

    def grow(self, count: int) -> list[object]:
        """Entries that are published and cosigned; somebody outside keeps the checkpoint."""
        made = kit.write(count)
        self.publish()
        return made

    def publish(self) -> None:
        sequencer = self.sequencer()
        for _ in range(4):
            sequencer.step()
            sequencer._patience.answered()
        sequencer.close()
        head = read_checkpoint(self.text(), key=log_key(settings()).verifier)
        self.kept.append(Head(head, f"the one kept at {head.size}"))

    def text(self) -> str:
        return LogFiles(self.log).checkpoint() or ""

    def dump(self) -> None:
        """A backup of the ledger's tables, as an operator makes one."""
        named = [f"--table=ledger_{table}" for table in TABLES]
        self._run("pg_dump", kit.url(), "--data-only", "--format=custom", *named, "--file")

    def restore(self) -> None:
        """The backup put back: what was entered since is lost."""
        kit.as_owner(f"truncate {', '.join(f'ledger_{table}' for table in TABLES)}")
        self._run("pg_restore", "--data-only", "--dbname", kit.url())

    def _run(self, program: str, *words: str) -> None:
        subprocess.run([binaries() / program, *words, self.folder / "dump"], check=True)

    def audit(self, *promises: Promise) -> Report:
        seen = self.witness.head(settings().ledger_name) if self.witness else None
        heads = [*self.kept, *([Head(seen[1], "what the witness saw")] if seen else [])]
        return kit.audit(
            self.log,
            heads=heads,
            promises=list(promises),
            key=log_key(settings()).verifier,
            witness=self.witness.key if self.witness else None,
        )

    def declare(self, old: str) -> actions.Declared:
        done = actions.declare_break(by=SYSTEM, approved_by=AUDIT, old=old, reason="disk failed")
        self.publish()
        return done


@pytest.fixture(autouse=True)
def no_erasures() -> Iterator[None]:
    """Other tests' erasures are not replayed here."""
    noted = settings().data / "erasures"
    noted.unlink(missing_ok=True)
    yield
    noted.unlink(missing_ok=True)


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """A log of ten entries, dumped, that has grown by five since."""
    with standin(tmp_path / "w", log_key(settings()).verifier) as witness:
        made = City(tmp_path, witness)
        made.grow(10)
        made.dump()
        made.grow(2)
        made.grow(3)
        yield made


def promise(entry: object) -> Promise:
    found = Entry.objects.get(id=entry)
    row = EntryRow(kind=found.kind, actor=found.actor, id=found.id, leaf=bytes(found.leaf))
    key = log_key(settings())
    return make_promises([row], key=key.private, origin=key.name, at=found.at)[0]


def test_an_undeclared_restore_stops_the_log_and_is_convicted(city: City) -> None:
    city.restore()
    sequencer = city.sequencer()
    with pytest.raises(LogBroken):
        sequencer.resume()
    findings = city.audit().findings
    for whose in ("the one kept at 12", "the one kept at 15", "what the witness saw"):
        assert any(whose in each for each in findings)


def test_a_declared_and_witnessed_restore_is_explained(city: City) -> None:
    (lost,) = city.grow(1)
    given, old = promise(lost), city.text()
    city.restore()
    assert city.audit(given).findings
    done = city.declare(old)
    assert (done.what.ordinal, done.what.kept, done.what.old_size) == (1, 10, 16)
    city.grow(20)
    report = city.audit(given)
    assert report.findings == []
    assert report.entries == 31
    assert any("break 1 says why" in note for note in report.notes)
    assert any("entries of that time were lost" in note for note in report.notes)
    assert breaks_of(city.kept[-1].checkpoint) == (done.what,)
    entry = Entry.objects.get(kind="ledger.break.declared")
    assert (entry.actor, entry.body["approved_by"]) == ("officer:1", "officer:2")
    assert entry.body["reason"] == "disk failed"


def test_the_lost_history_is_kept_where_it_can_be_compared(city: City) -> None:
    old = city.text()
    city.restore()
    city.declare(old)
    assert LogFiles(city.folder / "log-before-break-1").checkpoint() == old
    assert city.witness is not None
    seen = city.witness._call(head_path(head_before(settings().ledger_name, 1)), None)
    assert seen == (200, old)


def test_a_declared_break_covers_no_later_tampering(city: City) -> None:
    old = city.text()
    city.restore()
    city.declare(old)
    after = city.grow(20)
    assert city.audit().findings == []
    kit.as_owner("delete from ledger_entry where id = %s", [after[3]])
    kit.rebuild(city.log, log_key(settings()))
    findings = city.audit().findings
    assert any("does not lead to" in each for each in findings)


def test_a_declared_break_covers_no_entry_from_before_it(city: City) -> None:
    old = city.text()
    first = Entry.objects.order_by("id").first()
    assert first is not None
    given = promise(first.id)
    city.restore()
    city.declare(old)
    kit.as_owner("delete from ledger_entry where id = %s", [first.id])
    kit.rebuild(city.log, log_key(settings()))
    findings = city.audit(given).findings
    assert any("the one kept at 10" in each for each in findings)
    assert any("was removed before its checkpoint" in each for each in findings)


def test_a_second_restore_is_undeclared_until_it_is_declared_too(city: City) -> None:
    old = city.text()
    city.restore()
    city.declare(old)
    city.grow(30)
    later = city.text()
    city.restore()  # behind the first break: the database has forgotten it
    assert city.audit().findings
    with pytest.raises(LogBroken):
        city.sequencer().resume()
    done = city.declare(later)
    assert (done.what.ordinal, done.what.kept, done.what.old_size) == (2, 10, 41)
    assert city.audit().findings == []
    assert len(breaks_of(city.kept[-1].checkpoint)) == 2


def test_a_break_that_the_witness_has_not_cosigned_explains_nothing(city: City) -> None:
    old = city.text()
    city.restore()
    city.witness, there = ABSENT, city.witness
    city.declare(old)
    city.witness = there
    report = city.audit()
    assert any("what the witness saw" in each for each in report.findings)
    assert any("it explains nothing" in each for each in report.notes)
    city.publish()
    assert city.audit().findings == []


def test_a_witness_that_was_away_cosigns_a_break_of_what_it_never_saw(tmp_path: Path) -> None:
    with standin(tmp_path / "w", log_key(settings()).verifier) as witness:
        city = City(tmp_path, witness)
        city.grow(2)
        city.dump()
        city.witness = None
        city.grow(9)
        old = city.text()
        city.restore()
        city.witness = witness
        city.declare(old)
        report = city.audit()
    assert report.findings == []
    assert any("The witness co-signed it" in note for note in report.notes)


def test_a_witness_refuses_a_break_that_names_less_than_it_saw(city: City) -> None:
    city.restore()
    named = read_checkpoint(_at(city, 12), key=log_key(settings()).verifier)
    assert named.size == 12
    actions.declare_break(by=SYSTEM, approved_by=AUDIT, old=_at(city, 12), reason="less")
    with pytest.raises(LogBroken):  # the published checkpoint covers more than was declared
        city.sequencer().resume()
    (city.log / "checkpoint").unlink()
    city.publish()
    assert city.audit().findings


def _at(city: City, size: int) -> str:
    """The checkpoint of that size, which somebody outside has kept, as the log signed it."""
    (head,) = {each.checkpoint for each in city.kept if each.checkpoint.size == size}
    return signed_checkpoint(head, key=log_key(settings()))


def test_without_any_witness_a_declared_break_is_told_and_explained(tmp_path: Path) -> None:
    city = City(tmp_path, None)
    city.grow(10)
    city.dump()
    city.grow(5)
    old = city.text()
    city.restore()
    city.declare(old)
    report = city.audit()
    assert report.findings == []
    assert any("No witness is known" in note for note in report.notes)


def test_a_break_that_the_logs_key_did_not_sign_is_none(city: City) -> None:
    old = read_checkpoint(city.text(), key=log_key(settings()).verifier)
    city.restore()
    thief = SigningKey(settings().ledger_name, ED25519, b"t" * 32)
    forged = Break(1, 10, 0, old.size, old.root, 2**33)
    row = EntryRow(
        kind="ledger.break.declared",
        actor="officer:1",
        body={"note": signed_breaks([forged], key=thief), "reason": "", "approved_by": ""},
    )
    row.leaf = commitment(row, secret=None)
    names = ("id", "kind", "at", "actor", "leaf", "body")
    Entry.objects.create(**{name: getattr(row, name) for name in names})
    with pytest.raises(LogBroken, match="did not sign"):
        city.sequencer().resume()
    findings = city.audit().findings
    assert "A break is declared that the log's key did not sign." in findings
    assert any("the one kept at 15" in each for each in findings)


def test_a_break_takes_two_administrators_a_reason_and_a_loss(city: City) -> None:
    old = city.text()
    both = Actor("officer", "3", permissions=SYSTEM.permissions | AUDIT.permissions)
    asked = {"by": SYSTEM, "approved_by": AUDIT, "old": old, "reason": "disk failed"}
    with pytest.raises(NoBreak):
        actions.declare_break(**asked)
    city.restore()
    for change, error in (
        ({"by": AUDIT}, NotPermitted),
        ({"approved_by": SYSTEM}, NotPermitted),
        ({"by": both, "approved_by": both}, BreakAlone),
        ({"reason": "  "}, BreakAlone),
        ({"old": old.replace("15", "16", 1)}, BadNote),
    ):
        with pytest.raises(error):
            actions.declare_break(**{**asked, **change})
    assert not Entry.objects.filter(kind="ledger.break.declared").exists()
    city.declare(old)
    with pytest.raises(NoBreak):
        actions.declare_break(**asked)


def test_a_break_waits_until_no_sequencer_runs(city: City) -> None:
    old = city.text()
    city.restore()
    (city.log / "checkpoint").unlink()  # the files were restored too: the sequencer goes on
    running = city.sequencer()
    running.step()
    with pytest.raises(SequencerRuns):
        city.declare(old)
    running.close()
    city.declare(old)
    assert city.audit().findings == []


@pytest.mark.parametrize("is_set_back", [False, True])
def test_tampering_is_no_break(city: City, is_set_back: bool) -> None:
    older = city.text() if is_set_back else _at(city, 12)
    if is_set_back:
        city.restore()
    kit.as_owner("update ledger_numbered set leaf = %s where number = 3", [bytes(32)])
    with pytest.raises(NotSetBack):
        actions.declare_break(by=SYSTEM, approved_by=AUDIT, old=older, reason="an excuse")


def test_a_restore_does_not_undo_an_erasure(city: City) -> None:
    erased, looked_at = os.urandom(16), os.urandom(16)
    old_entry(erased, days=1200)
    old_entry(looked_at, days=1200)
    city.publish()
    city.dump()
    for subject in (erased, looked_at):
        actions.erase_subject(by=FIRST, subject=subject, basis="PIPL 47", approved_by=SECOND)
    city.grow(1)
    old = city.text()
    city.restore()
    kit.write(1, subject=looked_at)
    assert SubjectSecret.objects.filter(subject=erased).exists()
    done = city.declare(old)
    assert (done.replayed, done.waiting) == (1, 1)
    assert not SubjectSecret.objects.filter(subject=erased).exists()
    assert SubjectSecret.objects.filter(subject=looked_at).exists()
    report = city.audit()
    assert (report.findings, report.erased) == ([], 1)


def test_from_outside_a_break_is_told_and_a_lost_promise_still_not_kept(city: City) -> None:
    (lost,) = city.grow(1)
    given, old = promise(lost), city.text()
    before = city.kept[-1]
    city.restore()
    city.declare(old)
    verdict = check_promise(
        given,
        copy=SavedCopy(city.log),
        key=log_key(settings()).verifier,
        older=[(before.checkpoint, before.whose)],
        within=timedelta(days=-1),
    )
    assert verdict.number is None
    assert len(verdict.findings) == 1
    assert any("declares that it lost entries" in note for note in verdict.notes)
    assert any("gave up the one kept at 16" in note for note in verdict.notes)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "other",
        "haihe-break/v1 1",
        "haihe-break/v1 1 9 0 9 0 AAAA",
        "haihe-break/v1 a b c d e f",
    ],
)
def test_a_line_that_contradicts_itself_declares_nothing(line: str) -> None:
    with pytest.raises(BadNote):
        read_break(line)
