"""The log's own name, key and files, the witness's key; from settings."""

from __future__ import annotations

from haihe.base import sealing
from haihe.base.settings import Settings
from haihe.edges.tlog.notes import ED25519, SigningKey, read_verifier_key
from haihe.kernel.ledger.log_files import LogFiles
from haihe.kernel.ledger.witnessing import Witness


def log_key(settings: Settings) -> SigningKey:
    """The log's key under its origin; made at first use, readable by the owner only."""
    return SigningKey(settings.ledger_name, ED25519, sealing.key(settings.keys_path, "log"))


def log_files(settings: Settings) -> LogFiles:
    """The log's public files."""
    return LogFiles(settings.ledger_path)


def witness(settings: Settings) -> Witness | None:
    """The witness that the settings name, or None.

    Errors: ``tlog.note.bad`` for an unreadable key.
    """
    if not settings.witness_url or not settings.witness_key:
        return None
    return Witness(settings.witness_url, key=read_verifier_key(settings.witness_key))
