"""What the ledger's tests share: entries written for real, a sequencer of their own, a folder."""

from __future__ import annotations

from pathlib import Path

from django.db import connection, transaction

from haihe.base.actor import Actor
from haihe.base.registry import LedgerKind, registry
from haihe.edges.tlog.notes import ED25519, SigningKey
from haihe.kernel.ledger import actions
from haihe.kernel.ledger.log_files import LogFiles
from haihe.kernel.ledger.sequencing import Sequencer
from haihe.kernel.ledger.witnessing import Witness
from tests.plugin import SERVER

OFFICER = Actor(kind="officer", name="17", department="d01")
SEEN = LedgerKind("test.looked", {"en": "Looked"}, erased="With the test.", seen_by_subject=True)
UNSEEN = LedgerKind("test.ruled", {"en": "Ruled"}, erased="With the test.")
registry.add_ledger_kinds(SEEN, UNSEEN)

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


def as_owner(statement: str, arguments: list[object] | None = None) -> None:
    """What a thief of the database's owner role could do: change rows past the triggers."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(statement, arguments)
