"""The witness's judgement (C2SP tlog-witness): statuses 200, 400, 403, 404, 409 and 422."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from haihe.edges.tlog.breaks import breaks_of
from haihe.edges.tlog.checkpoints import Checkpoint, read_checkpoint_text
from haihe.edges.tlog.cosignatures import cosign
from haihe.edges.tlog.notes import (
    BadNote,
    SigningKey,
    VerifierKey,
    must_be_signed,
    read_note,
)
from haihe.edges.tlog.witnesses import (
    AddCheckpoint,
    head_before,
    head_path,
    read_add_checkpoint,
)
from haihe.engine.merkle.tree import EMPTY_ROOT, is_consistent
from standins.witness.heads import Heads

PLAIN = "text/plain; charset=utf-8"
SIZE = "text/x.tlog.size"


@dataclass(frozen=True)
class Answer:
    """Status, body and content type."""

    status: int
    body: str = ""
    content_type: str = PLAIN


class Witness:
    """Cosigns the checkpoints of the logs whose keys it was given."""

    def __init__(self, *, heads: Heads, key: SigningKey, logs: Sequence[VerifierKey]) -> None:
        self._heads = heads
        self._key = key
        self._logs = logs
        self._paths = {head_path(log.name): log.name for log in logs}

    def head(self, path: str) -> Answer:
        """The last checkpoint cosigned for the log of that path, or before one of its breaks."""
        named = self._paths | {head_path(name): name for name in self._heads.names()}
        found = self._heads.get(named.get(path, ""))
        return Answer(404) if found is None else Answer(200, found)

    def add_checkpoint(self, body: bytes) -> Answer:
        """Judge a checkpoint; keep and cosign it if it extends the last."""
        return self._add(body, self._judge)

    def add_break(self, body: bytes) -> Answer:
        """Judge the first checkpoint after a break; keep and cosign it, and keep the last for good.

        A witness of flesh and blood asks first why the log was set back.
        """
        return self._add(body, self._judge_break)

    def _add(
        self, body: bytes, judge: Callable[[AddCheckpoint, Checkpoint], Answer | None]
    ) -> Answer:
        try:
            asked = read_add_checkpoint(body)
            note = read_note(asked.checkpoint)
            checkpoint = read_checkpoint_text(note.text)
        except BadNote:
            return Answer(400)
        keys = [log for log in self._logs if log.name == checkpoint.origin]
        if not keys:
            return Answer(404)
        try:
            must_be_signed(note, keys=keys)
        except BadNote:
            return Answer(403)
        with self._heads.lock:
            return judge(asked, checkpoint) or self._cosign(asked, checkpoint)

    def _judge(self, asked: AddCheckpoint, checkpoint: Checkpoint) -> Answer | None:
        """A refusal, or None."""
        if asked.old > checkpoint.size:
            return Answer(400)
        last = self._last(checkpoint.origin)
        if asked.old != last.size:
            return Answer(409, f"{last.size}\n", SIZE)
        if last.size == checkpoint.size and last.root != checkpoint.root:
            return Answer(409, f"{last.size}\n", SIZE)
        is_known = self._heads.get(checkpoint.origin) is not None
        if is_known and checkpoint.extensions != last.extensions:
            return Answer(422)  # a break is asked for as a break
        return None if _extends(last, asked, checkpoint) else Answer(422)

    def _judge_break(self, asked: AddCheckpoint, checkpoint: Checkpoint) -> Answer | None:
        """Refuse unless the next break gives up exactly what was cosigned last, or nothing of it.

        Nothing of it: the log grew without this witness, and lost no more than that.
        """
        last = self._last(checkpoint.origin)
        if asked.old != last.size:
            return Answer(409, f"{last.size}\n", SIZE)
        try:
            known, declared = breaks_of(last), breaks_of(checkpoint)
        except BadNote:
            return Answer(400)
        if declared[: len(known)] != known or len(declared) == len(known):
            return Answer(422)
        added = declared[len(known)]
        gives_up_last = (added.old_size, added.old_root) == (last.size, last.root)
        keeps_last = added.kept >= last.size and _extends(last, asked, checkpoint)
        if not gives_up_last and not keeps_last:
            return Answer(422)
        kept = self._heads.get(checkpoint.origin)
        if kept is not None:
            self._heads.put(head_before(checkpoint.origin, added.ordinal), kept)
        return None

    def _cosign(self, asked: AddCheckpoint, checkpoint: Checkpoint) -> Answer:
        line = cosign(read_note(asked.checkpoint).text, key=self._key, time=int(time.time()))
        self._heads.put(checkpoint.origin, asked.checkpoint + line)
        return Answer(200, line)

    def _last(self, origin: str) -> Checkpoint:
        found = self._heads.get(origin)
        if found is None:
            return Checkpoint(origin, 0, EMPTY_ROOT)
        return read_checkpoint_text(read_note(found).text)


def _extends(last: Checkpoint, asked: AddCheckpoint, new: Checkpoint) -> bool:
    """Whether the request proves that the new tree holds all of the last one."""
    return is_consistent(
        old=last.size, old_root=last.root, new=new.size, new_root=new.root, path=asked.proof
    )
