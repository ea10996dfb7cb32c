"""Asking the witness to cosign a checkpoint (C2SP tlog-witness), over HTTP.

A witness that can't be reached never stops the log: the checkpoint is published without its line,
and asked for again later.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from http.client import HTTPException

from haihe.base.errors import Unavailable
from haihe.edges.tlog.checkpoints import Checkpoint, decimal, read_checkpoint_text
from haihe.edges.tlog.cosignatures import Cosignature, cosignatures
from haihe.edges.tlog.notes import BadNote, VerifierKey, read_note
from haihe.edges.tlog.witnesses import add_checkpoint_body, head_path
from haihe.kernel.ledger.errors import WitnessRefused

Prove = Callable[[int, int], Sequence[bytes]]
"""Gives the consistency proof between two sizes."""
_SECONDS = 1.0
_MOST_BYTES = 1_000_000


class NoWitness(Unavailable):
    """The witness can't be reached or gives no usable answer."""

    code = "ledger.witness.unreachable"
    message = "The ledger's witness can't be reached."
    hint = "Check HAIHE_WITNESS_URL; the log goes on without its signature meanwhile."


class Witness:
    """One witness: its address and its public key. Remembers the size that it saw last."""

    def __init__(self, url: str, *, key: VerifierKey) -> None:
        if not url.startswith(("http://", "https://")):
            raise NoWitness("The witness's address is not an HTTP address.")
        self.url = url.rstrip("/")
        self.key = key
        self._seen = 0

    def cosign(self, checkpoint: str, *, prove: Prove) -> Cosignature:
        """The witness's cosignature under a signed checkpoint.

        Errors: ``ledger.witness.unreachable``; ``ledger.witness.refused`` if it saw a history
        that the checkpoint does not extend.
        """
        size = read_checkpoint_text(read_note(checkpoint).text).size
        for _ in range(3):
            if self._seen > size:
                raise WitnessRefused(
                    f"The witness saw a log of {self._seen} entries; this one has {size}."
                )
            proof = prove(self._seen, size)
            body = add_checkpoint_body(old=self._seen, proof=proof, checkpoint=checkpoint)
            status, answer = self._call("/add-checkpoint", body)
            if status == 200:
                self._seen = size
                return self._accepted(checkpoint, answer)
            self._seen = self._after_refusal(status, answer, size=size)
        raise NoWitness("The witness keeps changing its mind about the size that it saw.")

    def cosign_break(
        self, checkpoint: str, *, old: int, proof: Sequence[bytes] = ()
    ) -> Cosignature:
        """Its cosignature under the first checkpoint after a break; it saw ``old`` entries last.

        ``proof``: from there, where the break gives up nothing of them.
        Errors: as ``cosign``; refused if the break gives up else than what the witness saw last.
        """
        body = add_checkpoint_body(old=old, proof=proof, checkpoint=checkpoint)
        status, answer = self._call("/add-break", body)
        if status in {409, 422}:
            raise WitnessRefused("The witness refused the break: it saw another last checkpoint.")
        if status != 200:
            raise NoWitness(f"The witness answered a declared break with status {status}.")
        found = self._accepted(checkpoint, answer)
        self._seen = read_checkpoint_text(read_note(checkpoint).text).size
        return found

    def head(self, origin: str) -> tuple[str, Checkpoint, Cosignature] | None:
        """The last checkpoint that the witness cosigned for a log, or None if it saw none.

        Errors: ``ledger.witness.unreachable``, also for an answer without its cosignature.
        """
        status, answer = self._call(head_path(origin), None)
        if status == 404:
            return None
        try:
            note = read_note(answer)
            found = cosignatures(note, keys=[self.key])
            checkpoint = read_checkpoint_text(note.text)
        except BadNote:
            found = []
        if status != 200 or not found or checkpoint.origin != origin:
            raise NoWitness("The witness's answer bears no cosignature of its key.")
        return answer, checkpoint, found[0]

    def _accepted(self, checkpoint: str, answer: str) -> Cosignature:
        try:
            found = cosignatures(read_note(checkpoint + answer), keys=[self.key])
        except BadNote:
            found = []
        if not found:
            raise NoWitness("The witness's answer bears no cosignature of its key.")
        return found[0]

    def _after_refusal(self, status: int, answer: str, *, size: int) -> int:
        """The size that the witness saw, from its answer 409."""
        if status == 422:
            raise WitnessRefused
        if status != 409:
            raise NoWitness(f"The witness answered with status {status}.")
        try:
            seen = decimal(answer.strip())
        except BadNote:
            raise NoWitness("The witness's answer can't be read.") from None
        if seen == self._seen == size:
            raise WitnessRefused(f"The witness saw another root at {size} entries.")
        return seen

    def _call(self, path: str, body: bytes | None) -> tuple[int, str]:
        request = urllib.request.Request(self.url + path, data=body)  # noqa: S310 - http(s) only
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
                return answer.status, answer.read(_MOST_BYTES).decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read(_MOST_BYTES).decode(errors="replace")
        except (OSError, HTTPException, ValueError):
            raise NoWitness from None


class Patience:
    """When to ask a failing witness again: after 1, 2, 4 … at most 30 seconds."""

    def __init__(self) -> None:
        self._wait = 0.0
        self._until = 0.0

    def is_over(self) -> bool:
        """Whether it may be asked now."""
        return time.monotonic() >= self._until

    def failed(self) -> None:
        """It failed: wait longer."""
        self._wait = min(max(1.0, 2 * self._wait), 30.0)
        self._until = time.monotonic() + self._wait

    def answered(self) -> None:
        """It answered: begin anew."""
        self._wait = self._until = 0.0
