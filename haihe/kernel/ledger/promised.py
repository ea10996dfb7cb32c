"""Checking a promise against the log's public files alone: no database, no Django, no trust.

The promise names its entry, not the entry's number. Ids sort by time and numbers nearly so: a few
bundles tell where an entry stands. Only to convict is every bundle read, and each is held against
the signed root, so that the finding rests on what the log itself has signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from haihe.base.errors import HaiheError
from haihe.edges.tlog.breaks import breaks_of, explains
from haihe.edges.tlog.checkpoints import Checkpoint, read_checkpoint
from haihe.edges.tlog.notes import VerifierKey
from haihe.edges.tlog.tiles import WIDTH, BadTile, TileName, read_bundle
from haihe.engine.merkle.promise import Promise, verify_promise
from haihe.engine.merkle.tiles import TiledTree
from haihe.engine.merkle.tree import Frontier, inclusion_path, leaf_hash, root, root_from_inclusion
from haihe.kernel.ledger.copies import Copy, CopyIncomplete

WITHIN = timedelta(minutes=10)
"""After a promise its entry stands in the log: within a second, but for a transaction that was
still under way. A copy that is not so much younger than the promise convicts nobody."""
_NEAR = 32
"""Bundles looked through on either side of where an entry should stand."""


class CopyBroken(HaiheError):
    """A copy's files are not what its signed checkpoint says."""

    code = "ledger.copy.broken"
    message = "The copy's files do not lead to its signed checkpoint."
    hint = (
        "Copy them again from the log. If the log itself serves them, keep both: "
        "it published what it did not sign."
    )


class PromiseFresh(HaiheError):
    """A promise is too fresh for this copy to judge."""

    code = "ledger.promise.fresh"
    message = "The entry is not in this copy, but the copy may be older than the entry's number."
    hint = "Check again later, with a newer copy; --within says how long the log may take."
    status = 409


@dataclass(frozen=True)
class Verdict:
    """The entry's ``number`` in a log of ``size`` entries; ``findings`` convict the log.

    ``notes`` tell of breaks that the log declares; whether to believe them is the witness's word.
    """

    size: int
    number: int | None
    findings: tuple[str, ...]
    notes: tuple[str, ...] = ()


def check_promise(
    promise: Promise,
    *,
    copy: Copy,
    key: VerifierKey,
    older: Sequence[tuple[Checkpoint, str]] = (),
    within: timedelta = WITHIN,
) -> Verdict:
    """Judge whether the log keeps a promise; ``older`` are checkpoints kept before, and whose.

    Errors: ``ledger.promise.bad`` and ``tlog.note.bad`` for what the key did not sign,
    ``ledger.promise.fresh``, ``ledger.copy.broken``, ``ledger.copy.incomplete``,
    ``ledger.log.unreachable``.
    """
    verify_promise(promise, key=Ed25519PublicKey.from_public_bytes(key.public), origin=key.name)
    log = _Log(copy, read_checkpoint(copy.checkpoint(), key=key))
    findings = [found for head, whose in older if (found := log.contradicted_by(head, whose))]
    number, leaf = log.find(promise.entry)
    if number is None:
        _must_be_ripe(promise, log.known_at(), within=within)
        findings.append(
            f"Entry {promise.entry}, promised at {promise.at}, is none of the log's "
            f"{log.head.size} entries: it was removed, or never numbered."
        )
    elif leaf != promise.leaf_hash:
        findings.append(
            f"Entry {promise.entry}, promised at {promise.at}, stands in the log as number "
            f"{number} with another leaf: it was altered before its checkpoint."
        )
    return Verdict(log.head.size, number, tuple(findings), log.notes(promise, older))


class _Log:
    """A copy under its signed checkpoint: nothing of it is believed that the root does not cover.

    A checkpoint of no entries has no files.
    """

    def __init__(self, copy: Copy, head: Checkpoint) -> None:
        self.head = head
        self._copy = copy
        self._tree = TiledTree(head.size, read=self._hashes)
        self._newest = datetime.fromtimestamp(0, UTC)
        if root(self._tree.lookup, head.size) != head.root:
            raise CopyBroken

    def contradicted_by(self, older: Checkpoint, whose: str) -> str:
        """A finding if the log does not extend an older checkpoint; empty if it does."""
        if explains(breaks_of(self.head), older):
            return ""
        if older.size > self.head.size:
            return f"The log has {self.head.size} entries, but {whose} covers {older.size}."
        if root(self._tree.lookup, older.size) != older.root:
            return f"The log does not extend {whose} of size {older.size}: it was written anew."
        return ""

    def notes(self, promise: Promise, older: Sequence[tuple[Checkpoint, str]]) -> tuple[str, ...]:
        """What the log's declared breaks have to do with a promise and older checkpoints."""
        declared = breaks_of(self.head)
        told = [
            f"The log declares that it lost entries of that time, in break {each.ordinal}."
            for each in declared
            if each.lost_at(promise.promised_at)
        ]
        for head, whose in older:
            if gone := explains(declared, head):
                told.append(f"The log gave up {whose} in break {gone.ordinal}, which it declares.")
        return tuple(told)

    def find(self, entry: UUID) -> tuple[int | None, bytes]:
        """An entry's number and leaf hash, proven by the root; None if it surely has none."""
        for index in self._likely(entry):
            for place, raw in enumerate(self._bundle(index)):
                if raw[:16] == entry.bytes:
                    return index * WIDTH + place, self._proven(index * WIDTH + place, raw)
        return self._find_anywhere(entry)

    def known_at(self) -> datetime:
        """The latest moment that this copy surely speaks of: every bundle has been read."""
        return max(self._copy.as_of or self._newest, self._newest)

    def _find_anywhere(self, entry: UUID) -> tuple[int | None, bytes]:
        """Read every bundle; together they must lead to the root."""
        frontier, found, newest = Frontier(), None, b""
        for index in range(self._bundles):
            for raw in self._bundle(index):
                if raw[:16] == entry.bytes:
                    found = frontier.size, leaf_hash(raw)
                newest = max(newest, raw[:6])
                frontier.extend([leaf_hash(raw)])
        if frontier.root() != self.head.root:
            raise CopyBroken
        self._newest = datetime.fromtimestamp(int.from_bytes(newest, "big") / 1000, UTC)
        return found or (None, b"")

    def _likely(self, entry: UUID) -> Iterator[int]:
        """Bundles where an entry should stand by its time, the likeliest first."""
        low, high = 0, self._bundles
        while low < high:
            middle = (low + high) // 2
            first = self._bundle(middle)[0]
            low, high = (middle + 1, high) if first[:16] <= entry.bytes else (low, middle)
        middle = max(low - 1, 0)
        near = range(max(middle - _NEAR, 0), min(middle + _NEAR + 1, self._bundles))
        yield from sorted(near, key=lambda index: abs(index - middle))

    def _proven(self, number: int, raw: bytes) -> bytes:
        """The leaf's hash, once its inclusion path leads to the root."""
        leaf = leaf_hash(raw)
        path = inclusion_path(self._tree.lookup, number, self.head.size)
        led_to = root_from_inclusion(leaf, index=number, size=self.head.size, path=path)
        if led_to != self.head.root:
            raise CopyBroken
        return leaf

    @property
    def _bundles(self) -> int:
        return -(-self.head.size // WIDTH)

    def _bundle(self, index: int) -> list[bytes]:
        width = min(WIDTH, self.head.size - index * WIDTH)
        try:
            entries = read_bundle(self._copy.read(TileName(None, index, width)))
        except BadTile:
            raise CopyBroken from None
        if len(entries) != width:
            raise CopyIncomplete(f"The copy's entry bundle {index} is cut off.")
        return entries

    def _hashes(self, level: int, index: int, width: int) -> bytes:
        name = TileName(level, index, width)
        found = self._copy.read(name)
        if len(found) != 32 * width:
            raise CopyIncomplete(f"The copy's {name.path} is cut off.")
        return found


def _must_be_ripe(promise: Promise, known_at: datetime, *, within: timedelta) -> None:
    if known_at - promise.promised_at < within:
        raise PromiseFresh
