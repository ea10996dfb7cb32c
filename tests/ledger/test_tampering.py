"""Whoever alters the ledger is convicted: by rows, older checkpoints, promises, the witness."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import NotPermitted
from haihe.edges.tlog.notes import ED25519, SigningKey
from haihe.engine.merkle.entries import EntryRow
from haihe.engine.merkle.promise import BadPromise, make_promises, verify_promise
from haihe.kernel.ledger import actions
from haihe.kernel.ledger.audit import Head
from haihe.kernel.ledger.errors import NoBasis, SecondPersonMissing, SecretsInUse, TooEarly
from haihe.kernel.ledger.models import Entry, Numbered, SubjectSecret
from tests.ledger import kit
from tests.ledger.test_witness import standin

pytestmark = pytest.mark.django_db(transaction=True)
PERSON = bytes(range(16))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A published log of 300 entries, the last 10 about a person."""
    log = kit.sequencer(tmp_path / "log")
    kit.fill(290)
    log.step()
    kit.write(10, subject=PERSON)
    log.step()
    log.close()
    return tmp_path / "log"


def entry(number: int) -> UUID:
    found: UUID = Numbered.objects.get(number=number).entry
    return found


def test_an_untouched_log_is_whole(folder: Path) -> None:
    report = kit.audit(folder, heads=[kit.head(folder)])
    assert (report.findings, report.entries, report.heads) == ([], 300, 4)


@pytest.mark.parametrize("number", [0, 299])
@pytest.mark.parametrize(
    "change",
    [
        "purpose = 'other'",
        "actor = 'officer:18'",
        "at = at + interval '1 microsecond'",
        "body = '[]'",
        "department = 'd02'",
        "kind = 'test.other'",
    ],
)
def test_an_edited_row_is_named(folder: Path, number: int, change: str) -> None:
    kit.as_owner(f"update ledger_entry set {change} where id = %s", [entry(number)])
    (finding,) = kit.audit(folder).findings
    assert f"number {number} ({entry(number)}) was altered" in finding


@pytest.mark.parametrize("number", [3, 295])
def test_an_edited_row_with_a_new_commitment_is_named(folder: Path, number: int) -> None:
    kit.as_owner("update ledger_entry set purpose = 'x' where id = %s", [entry(number)])
    kit.reseal(entry(number))
    (finding,) = kit.audit(folder).findings
    assert f"number {number} " in finding


def test_an_edit_carried_into_the_numbers_is_convicted_by_older_checkpoints(folder: Path) -> None:
    older = kit.head(folder)
    changed = entry(42)
    kit.as_owner("update ledger_entry set purpose = 'x' where id = %s", [changed])
    kit.reseal(changed)
    kit.as_owner(
        "update ledger_numbered set leaf = (select leaf from ledger_entry where id = entry)"
        " where number = 42"
    )
    findings = kit.audit(folder, heads=[older]).findings
    assert any("number 42 was published" in finding for finding in findings)
    assert any("does not lead to an older checkpoint of size 300" in each for each in findings)


def test_a_changed_published_tile_is_named(folder: Path) -> None:
    tile = folder / "tile/0/000"
    tile.write_bytes(tile.read_bytes()[::-1])
    (finding,) = kit.audit(folder).findings
    assert "The published tile/0/000 is not what the log leads to" in finding


def test_a_deleted_row_is_named(folder: Path) -> None:
    gone = entry(42)
    kit.as_owner("delete from ledger_entry where id = %s", [gone])
    (finding,) = kit.audit(folder, heads=[kit.head(folder)]).findings
    assert finding == f"Entry number 42 ({gone}) was deleted from the database."


def test_a_deleted_row_and_number_are_convicted(folder: Path) -> None:
    gone = entry(42)
    kit.as_owner("delete from ledger_entry where id = %s", [gone])
    kit.as_owner("delete from ledger_numbered where number = 42")
    findings = kit.audit(folder).findings
    assert "The log has no number 42." in findings


def test_a_log_cut_at_its_end_is_convicted_by_an_older_checkpoint(folder: Path) -> None:
    older = kit.head(folder)
    kit.as_owner("delete from ledger_entry where id in (select entry from ledger_numbered"
                 " where number >= 290)")  # fmt: skip
    kit.as_owner("delete from ledger_numbered where number >= 290")
    kit.as_owner("delete from ledger_checkpoint where size > 290")
    (folder / "checkpoint").unlink()
    findings = kit.audit(folder, heads=[older]).findings
    assert any("entries from number 290 on were removed" in finding for finding in findings)


def test_a_log_rebuilt_with_the_signing_key_is_convicted_by_an_older_checkpoint(
    folder: Path,
) -> None:
    older = kit.head(folder)
    gone = entry(42)
    kit.as_owner("delete from ledger_entry where id = %s", [gone])
    kit.as_owner("delete from ledger_subjectentry where entry = %s", [gone])
    kit.rebuild(folder)
    assert kit.audit(folder).findings == []
    assert kit.audit(folder, heads=[older]).findings != []


def test_a_log_rebuilt_with_the_signing_key_is_convicted_by_the_witness(tmp_path: Path) -> None:
    with standin(tmp_path / "w") as witness:
        log = kit.sequencer(tmp_path / "log", witness=witness)
        made = kit.write(5)
        log.step()
        log.close()
        kit.as_owner("delete from ledger_entry where id = %s", [made[2]])
        kit.write(3)
        kit.rebuild(tmp_path / "log")
        assert kit.audit(tmp_path / "log").findings == []
        seen = witness.head(kit.KEY.name)
        assert seen is not None
        findings = kit.audit(
            tmp_path / "log", heads=[Head(seen[1], "what the witness saw")]
        ).findings
        assert any("does not lead to what the witness saw of size 5" in each for each in findings)
        again = kit.sequencer(tmp_path / "log", witness=witness)
        kit.write(1)
        again.step()
        again.close()
    assert "witness" not in (tmp_path / "log/checkpoint").read_text()


def test_an_entry_deleted_before_its_checkpoint_is_convicted_by_the_promise(folder: Path) -> None:
    (gone,) = kit.write(1)
    found = Entry.objects.get(id=gone)
    row = EntryRow(kind=found.kind, actor=found.actor, id=found.id, leaf=bytes(found.leaf))
    (promise,) = make_promises([row], key=kit.KEY.private, origin=kit.KEY.name)
    kit.as_owner("delete from ledger_entry where id = %s", [gone])
    log = kit.sequencer(folder)
    kit.write(1)
    log.step()
    log.close()
    assert kit.audit(folder, heads=[kit.head(folder)]).findings == []
    verify_promise(promise, key=kit.KEY.private.public_key(), origin=kit.KEY.name)
    (finding,) = kit.audit(folder, promises=[promise]).findings
    assert "was removed before its checkpoint" in finding


def test_a_promised_entry_changed_before_its_checkpoint_is_convicted(folder: Path) -> None:
    (changed,) = kit.write(1)
    found = Entry.objects.get(id=changed)
    row = EntryRow(kind=found.kind, actor=found.actor, id=found.id, leaf=bytes(found.leaf))
    (promise,) = make_promises([row], key=kit.KEY.private, origin=kit.KEY.name)
    assert kit.audit(folder, promises=[promise]).findings == []
    kit.as_owner("update ledger_entry set purpose = 'x' where id = %s", [changed])
    kit.reseal(changed)
    log = kit.sequencer(folder)
    log.step()
    log.close()
    (finding,) = kit.audit(folder, promises=[promise]).findings
    assert "with another leaf" in finding


def test_a_forged_promise_convicts_nobody() -> None:
    row = EntryRow(kind="test.looked", actor="officer:17", leaf=bytes(32))
    thief = SigningKey(kit.KEY.name, ED25519, b"t" * 32)
    (promise,) = make_promises([row], key=thief.private, origin=thief.name)
    with pytest.raises(BadPromise):
        verify_promise(promise, key=kit.KEY.private.public_key(), origin=kit.KEY.name)


@pytest.mark.parametrize("forged", ["3", "900000000000"])
def test_an_entry_slipped_in_behind_the_sequencer_is_named(folder: Path, forged: str) -> None:
    (slipped,) = kit.write(1)
    kit.as_owner("update ledger_entry set transaction = %s where id = %s", [forged, slipped])
    log = kit.sequencer(folder)
    assert log.step() == 0
    log.close()
    (finding,) = kit.audit(folder).findings
    assert f"{slipped} was slipped in" in finding


def test_an_entry_taken_out_of_the_access_record_is_named(folder: Path) -> None:
    hidden = entry(295)
    kit.as_owner("delete from ledger_subjectentry where entry = %s", [hidden])
    (finding,) = kit.audit(folder).findings
    assert f"{hidden} was taken out" in finding


def test_a_person_taken_out_of_a_delivery_is_found(folder: Path) -> None:
    people = [os.urandom(16) for _ in range(50)]
    with transaction.atomic():
        delivered = actions.record_delivery(by=kit.OFFICER, kind="test.looked", subjects=people)
    log = kit.sequencer(folder)
    log.step()
    log.close()
    assert kit.audit(folder).findings == []
    kit.as_owner("delete from ledger_subjectentry where subject = %s", [people[7]])
    (finding,) = kit.audit(folder).findings
    assert f"Delivery {delivered} " in finding
    kit.as_owner("delete from ledger_subjectentry where entry = %s", [delivered])
    assert len(kit.audit(folder).findings) == 1


def test_a_destroyed_key_without_an_erasure_is_found(folder: Path) -> None:
    SubjectSecret.objects.filter(subject=PERSON).delete()
    findings = kit.audit(folder).findings
    assert len(findings) == 10
    assert all("no erasure accounts for it" in finding for finding in findings)


def test_a_replaced_key_without_an_erasure_is_found(folder: Path) -> None:
    SubjectSecret.objects.filter(subject=PERSON).update(secret=b"x" * 92)
    assert len(kit.audit(folder).findings) == 10


ERASE = frozenset({"ledger.subject.erase"})
FIRST = Actor(kind="administrator", name="1", permissions=ERASE)
SECOND = Actor(kind="administrator", name="2", permissions=ERASE)


def test_an_erasure_by_law_accounts_for_what_it_erased(folder: Path) -> None:
    subject = os.urandom(16)
    old_entry(subject, days=1200)
    actions.erase_subject(by=FIRST, subject=subject, basis="PIPL 47", approved_by=SECOND)
    log = kit.sequencer(folder)
    log.step()
    report = kit.audit(folder)
    assert (report.findings, report.erased) == ([], 1)
    kit.write(1, subject=subject)
    log.step()
    log.close()
    report = kit.audit(folder)
    assert (report.findings, report.erased) == ([], 1)


def test_an_erasure_takes_two_persons_a_basis_and_time(folder: Path) -> None:
    alone = {"by": FIRST, "subject": PERSON, "basis": "PIPL 47"}
    with pytest.raises(SecondPersonMissing):
        actions.erase_subject(**alone, approved_by=FIRST)
    with pytest.raises(NotPermitted):
        actions.erase_subject(**alone, approved_by=kit.OFFICER)
    with pytest.raises(TooEarly):
        actions.erase_subject(**alone, approved_by=SECOND)
    with pytest.raises(NoBasis):
        actions.erase_subject(by=FIRST, subject=PERSON, basis=" ", approved_by=SECOND)
    assert SubjectSecret.objects.filter(subject=PERSON).exists()


def test_an_erasure_does_not_wait_behind_a_long_transaction(folder: Path) -> None:
    subject = os.urandom(16)
    old_entry(subject, days=1200)
    with closing(psycopg.connect(kit.url())) as long:
        long.execute("select count(*) from ledger_subjectsecret")
        with pytest.raises(SecretsInUse):
            actions.erase_subject(by=FIRST, subject=subject, basis="PIPL 47", approved_by=SECOND)
    assert SubjectSecret.objects.filter(subject=subject).exists()


def old_entry(subject: bytes, *, days: int) -> None:
    """An entry as it would have been made long ago."""
    (made,) = kit.write(1, subject=subject)
    kit.as_owner(
        "update ledger_entry set at = %s where id = %s", [now() - timedelta(days=days), made]
    )
    kit.reseal(made)
