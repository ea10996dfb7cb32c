"""The sequencer: numbers settled entries, writes tiles, signs, has cosigned, publishes.

Order of one step: numbers and signed checkpoint commit together; then tiles, durably; then the
witness; then the published checkpoint. A crash between any two is mended by ``resume``: the
database's numbers are the truth, the files are made again from them.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from haihe.base.errors import HaiheError
from haihe.edges.tlog.breaks import Break, breaks_of, explains
from haihe.edges.tlog.checkpoints import Checkpoint, read_checkpoint, signed_checkpoint
from haihe.edges.tlog.cosignatures import Cosignature
from haihe.edges.tlog.notes import BadNote, SigningKey
from haihe.edges.tlog.tiles import WIDTH, TileName, read_bundle
from haihe.engine.merkle import numbering
from haihe.engine.merkle.numbering import Leaf, Signed
from haihe.engine.merkle.tiles import Edge
from haihe.engine.merkle.tree import EMPTY_ROOT, consistency_path
from haihe.kernel.ledger.breaks import declared_breaks
from haihe.kernel.ledger.declare import BREAK
from haihe.kernel.ledger.errors import LogBroken, SequencerRuns, WitnessRefused
from haihe.kernel.ledger.log_files import LogFiles
from haihe.kernel.ledger.witnessing import NoWitness, Patience, Witness

log = structlog.get_logger()


class Sequencer:
    """The one sequencer of a database. ``key`` is the log's; its name is the log's origin.

    ``witness`` may be set later; None leaves checkpoints without a cosignature.
    """

    def __init__(
        self, url: str, *, files: LogFiles, key: SigningKey, witness: Witness | None = None
    ) -> None:
        self._url = url
        self._files = files
        self._key = key
        self.witness = witness
        self._patience = Patience()
        self._edge = Edge()
        self._tail: list[bytes] = []
        self._newest: Signed | None = None
        self._is_cosigned = False
        self._breaks: tuple[Break, ...] = ()
        self._connection: numbering.Connection | None = None

    def resume(self) -> None:
        """Connect, become the one sequencer, and mend what a crash left half-done.

        Errors: ``ledger.sequencer.runs``, ``ledger.log.broken``, ``ledger.database.gone``.
        """
        self.close()
        self._connection = numbering.connect(self._url)
        try:
            self._mend()
        except BaseException:
            self.close()
            raise

    def _mend(self) -> None:
        if not numbering.take_lock(self._open):
            raise SequencerRuns
        self._newest = numbering.newest(self._open)
        self._breaks = self._declared()
        published = self._published()
        size = self._newest.size if self._newest else 0
        if published.size > size and not explains(self._breaks, published):
            raise LogBroken("The database holds fewer numbers than the published checkpoint.")
        if len(breaks_of(published)) < len(self._breaks):
            published = self._begin_anew(published)
        self._stand_at(published)
        if self._newest is not None:
            self._catch_up(self._newest)

    def step(self) -> int:
        """Number and publish what has settled; gives how many entries.

        Errors: as ``resume``; after any, resume before the next step.
        """
        if self._connection is None:
            self.resume()
        done = numbering.number_settled(self._open, sign=self._sign)
        if done is None:
            self._ask_again()
            return 0
        leaves, newest = done
        self._grow(leaves)
        self._newest, self._is_cosigned = newest, False
        self._finish(newest)
        return len(leaves)

    def close(self) -> None:
        """Give the lock back."""
        if self._connection is not None:
            numbering.give_lock(self._connection)
            self._connection.close()
            self._connection = None

    @property
    def is_cosigned(self) -> bool:
        """Whether the witness has signed the newest checkpoint."""
        return self._is_cosigned

    @property
    def _open(self) -> numbering.Connection:
        """The connection that holds the lock."""
        if self._connection is None:
            raise numbering.DatabaseGone
        return self._connection

    def _published(self) -> Checkpoint:
        text = self._files.checkpoint()
        if text is None:
            return Checkpoint(self._key.name, 0, EMPTY_ROOT)
        return self._read(text)

    def _begin_anew(self, published: Checkpoint) -> Checkpoint:
        """After a declared break: no file of before is built on, and none is thrown away."""
        if self._files.set_aside(len(self._breaks)):
            log.warning("ledger.files.set_aside", size=published.size)
        return self._published()

    def _declared(self) -> tuple[Break, ...]:
        bodies = numbering.bodies_of(self._open, kind=BREAK)
        try:
            return declared_breaks(bodies, key=self._key.verifier)
        except BadNote:
            raise LogBroken("A break is declared that this log's key did not sign.") from None

    def _read(self, text: str) -> Checkpoint:
        try:
            return read_checkpoint(text, key=self._key.verifier)
        except BadNote:
            raise LogBroken(
                "The ledger's newest checkpoint is not signed by this installation's key."
            ) from None

    def _stand_at(self, published: Checkpoint) -> None:
        """Take the edge of the published tree from the files, or else from the numbers."""
        try:
            self._edge = Edge.resumed(published.size, read=self._files.read_hashes)
            self._tail = self._read_tail(published.size)
            is_whole = self._edge.root() == published.root
        except LogBroken:
            is_whole = False
        if not is_whole:
            self._remake(published.size)
        if self._edge.root() != published.root:
            raise LogBroken

    def _remake(self, size: int) -> None:
        """Write all files anew from the numbers."""
        log.warning("ledger.files.remade", size=size)
        self._edge, self._tail = Edge(), []
        self._grow_to(size)
        self._write_partial()

    def _read_tail(self, size: int) -> list[bytes]:
        index, width = divmod(size, WIDTH)
        raw = self._files.read(TileName(None, index, width)) if width else b""
        entries = read_bundle(raw or b"")
        if len(entries) != width:
            raise LogBroken
        return entries

    def _catch_up(self, newest: Signed) -> None:
        """Publish the newest stored checkpoint if a crash came between."""
        checkpoint = self._read(newest.text)
        self._grow_to(checkpoint.size)
        if self._edge.root() != checkpoint.root:
            raise LogBroken("The ledger's rows do not lead to its newest stored checkpoint.")
        self._is_cosigned = bool(numbering.cosigned(self._open, size=newest.size))
        self._finish(newest)

    def _grow_to(self, size: int) -> None:
        for leaves in numbering.numbered(self._open, start=self._edge.size, end=size):
            self._grow(leaves)
        if self._edge.size != size:
            raise LogBroken(f"The ledger has no number {self._edge.size}.")

    def _sign(self, leaves: list[Leaf]) -> str:
        """The next checkpoint; the edge itself grows only once it is committed."""
        ahead = self._edge.copy()
        ahead.extend(leaf.hash for leaf in leaves)
        lines = tuple(each.line for each in self._breaks)
        head = Checkpoint(self._key.name, ahead.size, ahead.root(), lines)
        return signed_checkpoint(head, key=self._key)

    def _grow(self, leaves: Sequence[Leaf]) -> None:
        """Grow the edge and write the tiles and bundles that are full."""
        first = self._edge.size // WIDTH
        self._files.write_tiles(self._edge.extend(leaf.hash for leaf in leaves))
        self._tail += [leaf.raw for leaf in leaves]
        for index in range(first, self._edge.size // WIDTH):
            self._files.write_bundle(index, self._tail[:WIDTH])
            del self._tail[:WIDTH]

    def _finish(self, newest: Signed) -> None:
        """Write the partial tiles of the newest checkpoint, have it cosigned, publish it."""
        self._write_partial()
        self._ask_witness(newest)
        self._publish(newest)

    def _write_partial(self) -> None:
        self._files.write_tiles(self._edge.partial())
        if self._tail:
            self._files.write_bundle(self._edge.size // WIDTH, self._tail)

    def _publish(self, newest: Signed) -> None:
        lines = numbering.cosigned(self._open, size=newest.size)
        self._files.publish(newest.text + "".join(lines))

    def _ask_again(self) -> None:
        """Ask for the newest checkpoint's cosignature, if it still lacks it."""
        newest = self._newest
        if newest is not None and not self._is_cosigned and self._ask_witness(newest):
            self._publish(newest)

    def _ask_witness(self, newest: Signed) -> bool:
        """Whether the witness has just cosigned the newest checkpoint; it may be absent."""
        if self.witness is None or self._is_cosigned or not self._patience.is_over():
            return False
        try:
            found = self._cosigned_by(self.witness, newest)
        except (NoWitness, WitnessRefused) as fault:
            self._note_absence(fault)
            return False
        except LogBroken:  # a tile that the proof needs is gone
            self._remake(newest.size)
            return False
        self._patience.answered()
        self._is_cosigned = True
        numbering.store_cosignature(
            self._open, size=newest.size, witness=found.witness, line=found.line
        )
        return True

    def _cosigned_by(self, witness: Witness, newest: Signed) -> Cosignature:
        """The witness's cosignature; where it remembers a history given up, as of a break."""
        try:
            return witness.cosign(newest.text, prove=self._prove)
        except WitnessRefused:
            seen = witness.head(self._key.name)
            declared = breaks_of(self._read(newest.text))
            if seen is None or len(breaks_of(seen[1])) >= len(declared):
                raise
            is_kept = explains(declared, seen[1]) is None and seen[1].size <= newest.size
            proof = self._prove(seen[1].size, newest.size) if is_kept else []
            return witness.cosign_break(newest.text, old=seen[1].size, proof=proof)

    def _note_absence(self, fault: HaiheError) -> None:
        self._patience.failed()
        say = log.error if isinstance(fault, WitnessRefused) else log.warning
        say(fault.code, size=self._newest.size if self._newest else 0)

    def _prove(self, old: int, new: int) -> list[bytes]:
        return consistency_path(self._files.tree(new).lookup, old, new)
