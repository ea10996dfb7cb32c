"""Checkpoints (C2SP tlog-checkpoint): a log's size and root in a signed note."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass

from haihe.edges.tlog.notes import BadNote, SigningKey, VerifierKey, must_be_signed, read_note, sign


@dataclass(frozen=True)
class Checkpoint:
    """A tree head: whose log, how many leaves, which root (32 bytes), extension lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The note's text."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def signed_checkpoint(checkpoint: Checkpoint, *, key: SigningKey) -> str:
    """The checkpoint as a note that the log's key signed."""
    return f"{checkpoint.text}\n{sign(checkpoint.text, key=key)}"


def read_checkpoint_text(text: str) -> Checkpoint:
    """A checkpoint from a note's text; ``tlog.note.bad`` if it is none."""
    lines = text.split("\n")
    if len(lines) < 4 or not all(lines[:-1]) or lines[-1]:
        raise BadNote("This note is not a checkpoint.")
    origin, size, encoded = lines[:3]
    try:
        root = b64decode(encoded, validate=True)
    except ValueError:
        raise BadNote("The checkpoint's root can't be read.") from None
    if len(root) != 32:
        raise BadNote("The checkpoint's root can't be read.")
    return Checkpoint(origin, decimal(size), root, tuple(lines[3:-1]))


def read_checkpoint(raw: str, *, key: VerifierKey) -> Checkpoint:
    """A checkpoint that the log of that key signed.

    Errors: ``tlog.note.bad`` for another log's, an unsigned or an unreadable one.
    """
    note = read_note(raw)
    must_be_signed(note, keys=[key])
    checkpoint = read_checkpoint_text(note.text)
    if checkpoint.origin != key.name:
        raise BadNote("This checkpoint is of another log.")
    return checkpoint


def decimal(text: str) -> int:
    """A whole number without leading zeroes; ``tlog.note.bad`` for anything else."""
    is_number = text.isascii() and text.isdecimal() and len(text) < 20
    if not is_number or (len(text) > 1 and text[0] == "0"):
        raise BadNote("A size can't be read.")
    return int(text)
