"""What the ledger's tests share: entries written for real, a sequencer of their own, a folder."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection, transaction

from haihe.base import sealing
from haihe.base.actor import Actor
from haihe.base.registry import LedgerKind
from haihe.base.settings import settings
from haihe.edges.tlog.checkpoints import read_checkpoint
from haihe.edges.tlog.notes import ED25519, SigningKey, VerifierKey
from haihe.engine.merkle.entries import EntryRow, commitment
from haihe.engine.merkle.numbering import connect
from haihe.engine.merkle.promise import Promise
from haihe.engine.merkle.secrets import SubjectSecrets
from haihe.kernel.ledger import actions
from haihe.kernel.ledger.audit import Audit, Evidence, Head, Report
from haihe.kernel.ledger.log_files import LogFiles
from haihe.kernel.ledger.models import Entry, SubjectSecret
from haihe.kernel.ledger.sequencing import Sequencer
from haihe.kernel.ledger.witnessing import Witness
from tests.plugin import SERVER

OFFICER = Actor(kind="officer", name="17", department="d01")
SEEN = LedgerKind("test.looked", {"en": "Looked"}, erased="With the test.", seen_by_subject=True)
UNSEEN = LedgerKind("test.ruled", {"en": "Ruled"}, erased="With the test.")
KINDS = (SEEN, UNSEEN)

KEY = SigningKey("riverton.example/ledger", ED25519, b"k" * 32)


def url() -> str:
    """Address of the test database."""
    return SERVER.url(connection.settings_dict["NAME"])


def sequencer(folder: Path, *, witness: Witness | None = None) -> Sequencer:
    """A sequencer over the test database, with files in a folder of the test's own."""
    return Sequencer(url(), files=LogFiles(folder), key=KEY, witness=witness)


def write(count: int, *, subject: bytes | None = None) -> list[object]:
    """Entries, each in a transaction of its own."""
    made = []
    for number in range(count):
        with transaction.atomic():
            made.append(
                actions.record(
                    by=OFFICER, kind="test.looked", subject=subject, body={"number": number}
                )
            )
    return made


def fill(count: int) -> None:
    """Many entries at once, in one transaction."""
    rows = [EntryRow(kind="test.ruled", actor="clock:test") for _ in range(count)]
    for row in rows:
        row.leaf = commitment(row, secret=None)
    names = ("id", "kind", "at", "actor", "leaf")
    Entry.objects.bulk_create(Entry(**{name: getattr(row, name) for name in names}) for row in rows)


def enter(own: psycopg.Connection[Any]) -> None:
    """An entry by another connection, in whatever transaction is open there."""
    row = EntryRow(kind="test.ruled", actor="clock:test")
    own.execute(
        "insert into ledger_entry (id, kind, at, actor, department, purpose, body, leaf)"
        " values (%s, %s, %s, %s, '', '', '{}', %s)",
        [row.id, row.kind, row.at, row.actor, commitment(row, secret=None)],
    )


def as_owner(statement: str, arguments: list[object] | None = None) -> None:
    """What a thief of the database's owner role could do: change rows past the triggers."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(statement, arguments)


def audit(
    folder: Path,
    *,
    heads: list[Head] | None = None,
    promises: list[Promise] | None = None,
    key: VerifierKey = KEY.verifier,
    witness: VerifierKey | None = None,
) -> Report:
    """A verification of the test database against the files of a folder."""
    with closing(connect(url())) as own:
        return Audit(
            own,
            files=LogFiles(folder),
            key=key,
            secrets=SubjectSecrets(sealing.key(settings().keys_path, "ledger")),
            witness=witness,
        ).run(Evidence(heads=heads or [], promises=promises or []))


def head(folder: Path) -> Head:
    """The published checkpoint, as somebody outside keeps it."""
    text = LogFiles(folder).checkpoint() or ""
    return Head(read_checkpoint(text, key=KEY.verifier), "an older checkpoint")


def rebuild(folder: Path, key: SigningKey = KEY) -> None:
    """What a thief of database and signing key does: number and sign everything anew."""
    shutil.rmtree(folder)
    for table in ("numbered", "checkpoint", "cosignature"):
        as_owner(f"delete from ledger_{table}")
    again = Sequencer(url(), files=LogFiles(folder), key=key)
    again.step()
    again.close()


def reseal(entry: object) -> None:
    """Recompute an entry's commitment after its row was changed, as an insider can."""
    row = Entry.objects.get(id=entry)
    secrets = SubjectSecrets(sealing.key(settings().keys_path, "ledger"))
    given = {name: getattr(row, name) for name in EntryRow.__slots__}
    for name in ("subject", "subjects_root"):
        given[name] = bytes(given[name]) if given[name] is not None else None
    secret = None
    if given["subject"] is not None:
        secret = secrets.opened(bytes(SubjectSecret.objects.get(subject=row.subject).secret))
    leaf = commitment(EntryRow(**given), secret=secret)
    as_owner("update ledger_entry set leaf = %s where id = %s", [leaf, entry])
