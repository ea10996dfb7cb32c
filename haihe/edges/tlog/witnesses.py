"""The call by which a log asks a witness to cosign (C2SP tlog-witness, `add-checkpoint`).

And one of ours beside it, `add-break`, of the same body without a proof: it asks to cosign the
first checkpoint after a declared break (see ``breaks``).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from haihe.edges.tlog.checkpoints import decimal
from haihe.edges.tlog.notes import BadNote

_MOST_HASHES = 63


@dataclass(frozen=True)
class AddCheckpoint:
    """A request: the size that the witness saw last, the proof from there, the checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: str


def add_checkpoint_body(*, old: int, proof: Sequence[bytes], checkpoint: str) -> bytes:
    """The request's body."""
    lines = [f"old {old}\n", *(f"{b64encode(each).decode()}\n" for each in proof), "\n"]
    return ("".join(lines) + checkpoint).encode()


def read_add_checkpoint(body: bytes) -> AddCheckpoint:
    """A request from its body; ``tlog.note.bad`` if it can't be read."""
    try:
        head, gap, checkpoint = body.decode().partition("\n\n")
        first, *hashes = head.split("\n")
        proof = tuple(b64decode(line, validate=True) for line in hashes)
    except ValueError:
        raise BadNote("The request can't be read.") from None
    right = gap and first.startswith("old ") and len(proof) <= _MOST_HASHES
    if not right or any(len(each) != 32 for each in proof):
        raise BadNote("The request can't be read.")
    return AddCheckpoint(decimal(first[4:]), proof, checkpoint)


def head_before(origin: str, ordinal: int) -> str:
    """Under which name a witness keeps what it saw last before a log's break of that ordinal."""
    return f"{origin}#{ordinal}"


def head_path(origin: str) -> str:
    """Where our stand-in for a witness shows the last checkpoint that it cosigned for a log."""
    return f"/{sha256(origin.encode()).hexdigest()}/checkpoint"
