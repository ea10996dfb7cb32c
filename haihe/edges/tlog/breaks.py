"""Declared breaks: a log that was set back says so, in an extension line of every later checkpoint.

An extension of ours to C2SP tlog-checkpoint, which lets any line follow the root. A checkpoint
signed before a break lacks its line: so it is told apart from one of the same size signed after.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from haihe.edges.tlog.checkpoints import Checkpoint, decimal
from haihe.edges.tlog.notes import (
    BadNote,
    SigningKey,
    VerifierKey,
    must_be_signed,
    read_note,
    sign,
)

_MARK = "haihe-break/v1"


@dataclass(frozen=True)
class Break:
    """The log was set back from ``old_size`` entries (of ``old_root``) to the first ``kept``.

    ``kept_at`` is when those were signed, ``declared_at`` when the break was declared (POSIX
    seconds): what was lost was entered between. ``ordinal`` counts the log's breaks from 1.
    """

    ordinal: int
    kept: int
    kept_at: int
    old_size: int
    old_root: bytes
    declared_at: int

    @property
    def line(self) -> str:
        """The extension line.

        >>> Break(1, 290, 1700000000, 300, bytes(32), 1700000600).line[:50]
        'haihe-break/v1 1 290 1700000000 300 1700000600 AAA'
        """
        numbers = (self.ordinal, self.kept, self.kept_at, self.old_size, self.declared_at)
        return f"{_MARK} {' '.join(map(str, numbers))} {b64encode(self.old_root).decode()}"

    def lost(self, head: Checkpoint) -> bool:
        """Whether a checkpoint from before covers entries that this break gave up."""
        is_other = head.size == self.old_size and head.root != self.old_root
        return self.kept < head.size <= self.old_size and not is_other

    def lost_at(self, moment: datetime) -> bool:
        """Whether what was entered at that moment may be among the entries given up."""
        return self.kept_at <= moment.astimezone(UTC).timestamp() <= self.declared_at + 1


def read_break(line: str) -> Break:
    """A break from its line; ``tlog.note.bad`` if it can't be read."""
    mark, *parts = line.split(" ")
    if mark != _MARK or len(parts) != 6:
        raise BadNote("This line declares no break.")
    ordinal, kept, kept_at, old_size, declared_at = map(decimal, parts[:5])
    try:
        root = b64decode(parts[5], validate=True)
    except ValueError:
        raise BadNote("A break's root can't be read.") from None
    if len(root) != 32 or kept >= old_size or not ordinal:
        raise BadNote("A break's line contradicts itself.")
    return Break(ordinal, kept, kept_at, old_size, root, declared_at)


def signed_breaks(breaks: Sequence[Break], *, key: SigningKey) -> str:
    """A log's breaks as a note that its key signed."""
    text = "".join(f"{line}\n" for line in (f"{key.name} breaks", *(b.line for b in breaks)))
    return f"{text}\n{sign(text, key=key)}"


def read_signed_breaks(raw: str, *, key: VerifierKey) -> tuple[Break, ...]:
    """The breaks from such a note; ``tlog.note.bad`` if the log did not sign it."""
    note = read_note(raw)
    must_be_signed(note, keys=[key])
    first, *lines = note.text.splitlines()
    if first != f"{key.name} breaks":
        raise BadNote("This note tells of no breaks.")
    return tuple(read_break(line) for line in lines)


def breaks_of(head: Checkpoint) -> tuple[Break, ...]:
    """The breaks that a checkpoint declares, oldest first; other extensions are passed over.

    Errors: ``tlog.note.bad`` for a line of ours that can't be read.
    """
    ours = [line for line in head.extensions if line.split(" ")[0] == _MARK]
    return tuple(read_break(line) for line in ours)


def explains(declared: Sequence[Break], head: Checkpoint) -> Break | None:
    """The first of a log's declared breaks that explains why it does not lead to a checkpoint.

    The checkpoint must be from before that break, and declare the same breaks up to there.
    """
    known = breaks_of(head)
    if tuple(declared[: len(known)]) != known:
        return None
    return next((each for each in declared[len(known) :] if each.lost(head)), None)
