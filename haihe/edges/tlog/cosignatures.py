"""Cosignatures (C2SP tlog-cosignature, version 1): a witness's timestamped signature line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from haihe.edges.tlog.notes import Note, SignatureLine, SigningKey, VerifierKey


@dataclass(frozen=True)
class Cosignature:
    """Which witness saw a checkpoint, and when (POSIX seconds)."""

    witness: str
    time: int
    line: str


def cosign(text: str, *, key: SigningKey, time: int) -> str:
    """The cosignature line under a checkpoint's text; ``time`` in POSIX seconds."""
    verifier = key.verifier
    signature = key.private.sign(_message(text, time))
    return SignatureLine(verifier.name, verifier.key_id, time.to_bytes(8, "big") + signature).text


def cosignatures(note: Note, *, keys: Iterable[VerifierKey]) -> list[Cosignature]:
    """The cosignatures of known witnesses that verify; all others are passed over."""
    found = []
    for key in keys:
        for line in note.by(key):
            time = int.from_bytes(line.signature[:8], "big")
            if key.verifies(_message(note.text, time), line.signature[8:]):
                found.append(Cosignature(key.name, time, line.text))
    return found


def _message(text: str, time: int) -> bytes:
    return f"cosignature/v1\ntime {time}\n{text}".encode()
