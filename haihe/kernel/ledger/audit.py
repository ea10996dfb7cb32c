"""Verification of the whole log: rows against leaves, leaves against tiles and every known root.

A *finding* is a sentence that says what was altered, by number and id, never with personal data.
Who holds an older checkpoint, a promise or a witness's cosigned head brings it along: these convict
even whoever holds the database and the signing key.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from haihe.base.sealing import CannotOpen
from haihe.edges.tlog.breaks import Break, explains
from haihe.edges.tlog.checkpoints import Checkpoint, read_checkpoint
from haihe.edges.tlog.cosignatures import cosignatures
from haihe.edges.tlog.notes import BadNote, VerifierKey, read_note
from haihe.edges.tlog.tiles import WIDTH, TileName, read_bundle
from haihe.engine.merkle import auditing
from haihe.engine.merkle.auditing import NumberedRow, StoredCheckpoint
from haihe.engine.merkle.entries import EntryRow, UnfitBody, commitment
from haihe.engine.merkle.numbering import Connection, bodies_of
from haihe.engine.merkle.promise import Promise
from haihe.engine.merkle.secrets import SubjectSecrets
from haihe.engine.merkle.subjects import subjects_root
from haihe.engine.merkle.tiles import Edge, Tile
from haihe.engine.merkle.tree import Frontier
from haihe.kernel.ledger.breaks import declared_breaks
from haihe.kernel.ledger.declare import BREAK, ERASED
from haihe.kernel.ledger.log_files import LogFiles

_MOST_FINDINGS = 100
"""About single rows; the rest are counted."""


@dataclass(frozen=True)
class Head:
    """A root that the log must lead to, and whose word it is (``the checkpoint of …``)."""

    checkpoint: Checkpoint
    whose: str


@dataclass
class Evidence:
    """What the verifier brings from outside the database: heads, promises."""

    heads: list[Head] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)


@dataclass
class Report:
    """Outcome: ``findings`` convict (and ``more`` of them, only counted), ``notes`` do not."""

    entries: int = 0
    heads: int = 0
    erased: int = 0
    more: int = 0
    findings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Audit:
    """One verification. ``key`` is the log's, ``witness`` the witness's key if there is one."""

    def __init__(
        self,
        connection: Connection,
        *,
        files: LogFiles,
        key: VerifierKey,
        secrets: SubjectSecrets,
        witness: VerifierKey | None = None,
    ) -> None:
        self._connection = connection
        self._files = files
        self._key = key
        self._secrets = secrets
        self._witness = witness
        self._report = Report()
        self._erasures: dict[bytes, datetime] = {}
        self._agreed = 0
        self._rows_found = 0
        self._contradicted: set[str] = set()
        self._bundle: list[bytes] = []
        self._breaks: tuple[Break, ...] = ()
        self._witnessed: set[Break] = set()

    def run(self, evidence: Evidence) -> Report:
        """Verify everything, in one pass over the log in the order of its numbers."""
        known = [*evidence.heads, *self._published()]  # before the snapshot, which then covers it
        known.sort(key=_size)
        with auditing.one_snapshot(self._connection):
            self._erasures = auditing.erasures(self._connection, kind=ERASED)
            self._take_breaks()
            self._check_numbers(heapq.merge(known, self._stored(), key=_size))
            self._check_passed_over()
            self._check_index()
            for promise in evidence.promises:
                self._check_promise(promise)
        return self._report

    def _take_breaks(self) -> None:
        """The log's declared breaks, and which of them the witness has cosigned."""
        try:
            bodies = bodies_of(self._connection, kind=BREAK)
            self._breaks = declared_breaks(bodies, key=self._key)
        except BadNote:
            self._find("A break is declared that the log's key did not sign.")
        for each in self._breaks:
            told = (
                f"Break {each.ordinal} is declared: a restore set the log back from "
                f"{each.old_size} entries; what it had from number {each.kept} on was lost."
            )
            if self._is_cosigned(each):
                self._witnessed.add(each)
                told += " The witness co-signed it."
            elif self._witness is None:
                told += " No witness is known who could co-sign it."
            else:
                told += " The witness has not co-signed it: it explains nothing."
            self._report.notes.append(told)

    def _is_cosigned(self, declared: Break) -> bool:
        found = auditing.cosigned_with(self._connection, declared.line)
        if found is None or self._witness is None:
            return False
        try:
            note = read_note(found.text + "".join(found.lines))
            self._read(found.text)
        except BadNote:
            return False
        return bool(cosignatures(note, keys=[self._witness]))

    def _explained(self, declared: Break | None) -> bool:
        """Whether a break may explain anything: a known witness must have cosigned it."""
        return declared is not None and (self._witness is None or declared in self._witnessed)

    def _published(self) -> list[Head]:
        text = self._files.checkpoint()
        if text is None:
            return []
        try:
            return [Head(self._read(text), "the published checkpoint")]
        except BadNote:
            self._find("The published checkpoint is not signed by the log.")
            return []

    def _stored(self) -> Iterator[Head]:
        for each in auditing.stored_checkpoints(self._connection):
            try:
                checkpoint = self._read(each.text)
            except BadNote:
                self._find_row(
                    f"The stored checkpoint of size {each.size} is not signed by the log."
                )
                continue
            self._check_cosignatures(each)
            yield Head(checkpoint, "a stored checkpoint")

    def _read(self, text: str) -> Checkpoint:
        return read_checkpoint(text, key=self._key)

    def _check_cosignatures(self, stored: StoredCheckpoint) -> None:
        if self._witness is None or not stored.lines:
            return
        note = read_note(stored.text + "".join(stored.lines))
        if note.by(self._witness) and not cosignatures(note, keys=[self._witness]):
            self._find_row(
                f"The cosignature under the checkpoint of size {stored.size} is not the witness's."
            )

    def _check_numbers(self, heads: Iterator[Head]) -> None:
        frontier, edge = Frontier(), Edge()
        head = next(heads, None)
        covered = 0
        for each in auditing.numbered_rows(self._connection):
            while head is not None and head.checkpoint.size <= frontier.size:
                covered = max(covered, self._check_head(head, frontier))
                head = next(heads, None)
            if each.number != self._report.entries:
                self._find_row(f"The log has no number {self._report.entries}.")
                self._report.entries = each.number
            leaf = each.leaf.hash
            frontier.extend([leaf])
            self._check_tiles(edge.extend([leaf]))
            self._report.entries += 1
            self._check_row(each)
            self._check_published(each)
        while head is not None:
            covered = max(covered, self._check_head(head, frontier))
            head = next(heads, None)
        if covered < frontier.size:
            self._find(f"Numbers from {covered} on stand under no checkpoint.")

    def _check_head(self, head: Head, frontier: Frontier) -> int:
        """Compare a root; gives the size that it covers."""
        self._report.heads += 1
        size, whose = head.checkpoint.size, head.whose
        is_led_to = size == frontier.size and head.checkpoint.root == frontier.root()
        gone = None if is_led_to else explains(self._breaks, head.checkpoint)
        if gone is not None and self._explained(gone):
            self._report.notes.append(
                f"The log does not lead to {whose} of size {size}: break {gone.ordinal} says why."
            )
            return 0
        if size > frontier.size:
            self._find(
                f"The log has {frontier.size} entries, but {whose} covers {size}: "
                f"entries from number {frontier.size} on were removed."
            )
        elif is_led_to:
            self._agreed = max(self._agreed, size)
        elif whose not in self._contradicted:  # all later ones of the same source differ too
            self._contradicted.add(whose)
            self._find(
                f"The log does not lead to {whose} of size {size}: "
                f"something from number {self._agreed} to {size - 1} was altered."
            )
        return size

    def _check_row(self, each: NumberedRow) -> None:
        """The row as it is now against the leaf that was numbered."""
        fault = self._fault(each)
        if fault:
            self._find_row(f"Entry number {each.number} ({each.leaf.entry}) {fault}")

    def _fault(self, each: NumberedRow) -> str:
        """What is wrong with a row; empty if nothing is, or an erasure accounts for it."""
        if each.row is None:
            return "was deleted from the database."
        if each.row.leaf != each.leaf.commitment:
            return "was altered: its commitment is not the one that was numbered."
        if self._is_kept(each.row, each.sealed):
            return ""
        if self._is_accounted(each.row):
            self._report.erased += 1
            return ""
        if each.row.subject is not None and each.sealed is None:
            return "can't be opened: its subject's key is gone, and no erasure accounts for it."
        return "was altered: its row does not match its commitment."

    def _is_kept(self, row: EntryRow, sealed: bytes | None) -> bool:
        if row.subject is not None and sealed is None:
            return False
        try:
            secret = self._secrets.opened(sealed) if row.subject is not None and sealed else None
            return commitment(row, secret=secret) == row.leaf
        except (UnfitBody, CannotOpen):
            return False

    def _is_accounted(self, row: EntryRow) -> bool:
        """Whether an erasure explains that the row's commitment can't be computed again."""
        erased = self._erasures.get(row.subject) if row.subject is not None else None
        return erased is not None and row.at <= erased

    def _check_published(self, each: NumberedRow) -> None:
        """The leaf against the published entry bundle, which names the entry that was altered."""
        place = each.number % WIDTH
        if place == 0:
            self._bundle = self._read_bundle(each.number // WIDTH)
        if place < len(self._bundle) and self._bundle[place] != each.leaf.raw:
            published = UUID(bytes=self._bundle[place][:16])
            self._find_row(
                f"Entry number {each.number} was published as {published} with another leaf; "
                f"the database has {each.leaf.entry}."
            )

    def _check_tiles(self, completed: list[Tile]) -> None:
        """Full tiles against the published ones; an absent one is made again by the sequencer."""
        for tile in completed:
            name = TileName(tile.level, tile.index)
            published = self._files.read(name)
            if published is not None and published != tile.hashes:
                self._find_row(
                    f"The published {name.path} is not what the log leads to. Remove the ledger's "
                    "folder of files; the sequencer makes it again."
                )

    def _read_bundle(self, index: int) -> list[bytes]:
        raw = self._files.read_widest(TileName(None, index))
        return read_bundle(raw) if raw else []

    def _check_passed_over(self) -> None:
        self._find_each(
            auditing.passed_over(self._connection),
            "Entry {} was slipped in: its transaction had settled, yet it has no number.",
        )

    def _check_index(self) -> None:
        """What stands in persons' access records against the entries."""
        self._find_each(
            auditing.not_indexed(self._connection),
            "Entry {} was taken out of its subject's access record.",
        )
        self._find_each(
            auditing.indexed_wrongly(self._connection),
            "Entry {} stands in an access record that it does not belong to.",
        )
        altered = (
            entry
            for entry, root, keys in auditing.deliveries(self._connection)
            if subjects_root(keys) != root
        )
        self._find_each(
            altered, "Delivery {} does not stand in exactly its subjects' access records."
        )

    def _check_promise(self, promise: Promise) -> None:
        found = auditing.number_of(self._connection, promise.entry)
        leaf = bytes.fromhex(promise.leaf)
        if found is not None and found[1] != leaf:
            self._find(
                f"Entry {promise.entry}, promised at {promise.at}, stands in the log as number "
                f"{found[0]} with another leaf."
            )
        elif found is None and auditing.leaf_of(self._connection, promise.entry) == leaf:
            self._report.notes.append(f"Entry {promise.entry} is promised and waits for a number.")
        elif found is None and self._is_lost(promise):
            self._report.notes.append(
                f"Entry {promise.entry}, promised at {promise.at}, is not in the log: a declared "
                "break says that entries of that time were lost."
            )
        elif found is None:
            self._find(
                f"Entry {promise.entry}, promised at {promise.at}, is not in the log: it was "
                "removed before its checkpoint."
            )

    def _is_lost(self, promise: Promise) -> bool:
        """Whether a declared break gave up what was entered when the promise was made."""
        at = promise.promised_at
        return any(each.lost_at(at) for each in self._breaks if self._explained(each))

    def _find_each(self, entries: Iterable[UUID], sentence: str) -> None:
        for entry in entries:
            self._find_row(sentence.format(entry))

    def _find_row(self, sentence: str) -> None:
        """A finding of which there may be very many."""
        if self._rows_found < _MOST_FINDINGS:
            self._find(sentence)
        else:
            self._report.more += 1
        self._rows_found += 1

    def _find(self, sentence: str) -> None:
        self._report.findings.append(sentence)


def _size(head: Head) -> int:
    return head.checkpoint.size
