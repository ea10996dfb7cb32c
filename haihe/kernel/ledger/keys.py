"""The log's own name, key and files, the witness's key; from settings."""

from __future__ import annotations

from pathlib import Path

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
    """The witness that the settings name, the demo's own in demo mode, or None.

    Errors: ``tlog.note.bad`` for an unreadable key.
    """
    if settings.witness_url and settings.witness_key:
        return Witness(settings.witness_url, key=read_verifier_key(settings.witness_key))
    shown = demo_witness_folder(settings) / "vkey"
    if settings.demo and not settings.witness_url and shown.exists():
        key = read_verifier_key(shown.read_text(encoding="utf-8"))
        return Witness(_demo_witness_address(settings), key=key)
    return None


def _demo_witness_address(settings: Settings) -> str:
    """Where the stand-in said that it listens: another terminal need not know the ports."""
    said = demo_witness_folder(settings) / "address"
    if said.exists():
        return said.read_text(encoding="utf-8").strip()
    return f"http://127.0.0.1:{demo_witness_port(settings)}"


def demo_witness_folder(settings: Settings) -> Path:
    """Where the demo's stand-in for a witness keeps its state, and shows `vkey` and `address`."""
    return settings.data / "standins" / "witness"


def demo_witness_port(settings: Settings) -> int:
    """The port of the demo's stand-in: two above the pages'."""
    return settings.pages_port + 2
