"""A statement: one entry of the ledger in full, with the log's promise; checked offline.

Only entries about no person can be stated so: their salt is public, see ``entries.commitment``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from haihe.base.errors import BadInput
from haihe.engine.merkle.entries import EntryRow, canonical, commitment
from haihe.engine.merkle.promise import Promise, verify_promise

FORMAT = "haihe-statement/1"


class BadStatement(BadInput):
    """A statement can't be read, or was altered."""

    code = "ledger.statement.bad"
    message = "This is no statement of this ledger, or it was altered."
    hint = "Take it again from the page of its link, and give the ledger's own verifier key."


class Statement(msgspec.Struct, frozen=True):
    """``entry``: the canonical fields of ``entries.canonical``; ``promise``: the log's own."""

    format: str
    entry: dict[str, Any]
    promise: Promise


def statement_text(row: EntryRow, promise: Promise) -> bytes:
    """An entry about no person as a statement, JSON in UTF-8."""
    entry = msgspec.json.decode(canonical(row))
    return msgspec.json.encode(Statement(FORMAT, entry, promise))


def read_statement(text: bytes) -> Statement:
    """A statement from its JSON. Errors: ``ledger.statement.bad``."""
    try:
        found = msgspec.json.decode(text, type=Statement)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise BadStatement from None
    if found.format != FORMAT:
        raise BadStatement
    return found


def verify_statement(statement: Statement, *, key: Ed25519PublicKey, origin: str) -> None:
    """Refuse a statement whose entry is not the one that the log of that key promised.

    Errors: ``ledger.statement.bad``, ``ledger.promise.bad``.
    """
    verify_promise(statement.promise, key=key, origin=origin)
    try:
        row = _row(statement.entry)
        leaf = commitment(row, secret=None).hex()
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadStatement from None
    is_same = msgspec.json.decode(canonical(row)) == statement.entry
    if leaf != statement.promise.leaf or row.id != statement.promise.entry or not is_same:
        raise BadStatement


def _row(entry: dict[str, Any]) -> EntryRow:
    root = entry["subjects_root"]
    return EntryRow(
        kind=entry["kind"],
        actor=entry["actor"],
        department=entry["department"],
        purpose=entry["purpose"],
        grant=UUID(entry["grant"]) if entry["grant"] else None,
        subject=bytes.fromhex(entry["subject"]) if entry["subject"] else None,
        subjects_root=bytes.fromhex(root) if root else None,
        body=entry["body"],
        at=datetime.fromisoformat(entry["at"]),
        id=UUID(entry["id"]),
    )
