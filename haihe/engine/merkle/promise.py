"""Promises of inclusion: signed at once, before the log holds the entry.

One signature covers a batch: it signs the root over the batch's leaf hashes, and each promise
carries its path to that root. Whoever holds one can convict a log that lacks the entry, offline,
with the log's public key. Like a signed certificate timestamp (RFC 6962, 3.2).
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from haihe.base.clock import now
from haihe.base.errors import BadInput
from haihe.engine.merkle.entries import EntryRow, entry_leaf_hash
from haihe.engine.merkle.tree import node_hash, root_from_inclusion


class BadPromise(BadInput):
    """A promise can't be read, or this log did not sign it."""

    code = "ledger.promise.bad"
    message = "This is no promise of this log."
    hint = "Give the promise as it came with the answer, and the log's own verifier key."


class Promise(msgspec.Struct, frozen=True):
    """What a caller keeps. ``leaf`` (commitment, hex) and ``entry`` make the leaf;

    ``index``, ``size`` and ``path`` (base64) lead to the root that ``signature`` (base64) covers.
    """

    origin: str
    entry: UUID
    leaf: str
    at: str
    index: int
    size: int
    path: tuple[str, ...]
    signature: str

    @property
    def leaf_hash(self) -> bytes:
        """Hash of the promised leaf."""
        return entry_leaf_hash(self.entry, bytes.fromhex(self.leaf))

    @property
    def promised_at(self) -> datetime:
        """The moment that it names; ``ledger.promise.bad`` if that is none."""
        try:
            return datetime.fromisoformat(self.at).astimezone(UTC)
        except ValueError:
            raise BadPromise from None


def make_promises(
    rows: Sequence[EntryRow],
    *,
    key: Ed25519PrivateKey,
    origin: str,
    at: datetime | None = None,
) -> list[Promise]:
    """Promises for rows whose ``leaf`` is filled, in their order, under one signature.

    Hand them out only once the rows are committed.
    """
    if not rows:
        return []
    root, paths = _paths([row.leaf_hash for row in rows])
    said = (at or now()).astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"
    signature = b64encode(
        key.sign(_message(origin=origin, at=said, size=len(rows), root=root))
    ).decode()
    return [
        Promise(
            origin=origin,
            entry=row.id,
            leaf=row.leaf.hex(),
            at=said,
            index=index,
            size=len(rows),
            path=tuple(path),
            signature=signature,
        )
        for index, (row, path) in enumerate(zip(rows, paths, strict=True))
    ]


def _paths(leaves: Sequence[bytes]) -> tuple[bytes, list[list[str]]]:
    """Root and every leaf's audit path (RFC 6962, 2.1.1; base64): each node is hashed once."""
    if len(leaves) == 1:
        return leaves[0], [[]]
    middle = 1 << ((len(leaves) - 1).bit_length() - 1)
    left, left_paths = _paths(leaves[:middle])
    right, right_paths = _paths(leaves[middle:])
    for paths, sibling in ((left_paths, right), (right_paths, left)):
        text = b64encode(sibling).decode()
        for path in paths:
            path.append(text)
    return node_hash(left, right), left_paths + right_paths


class _Answer(msgspec.Struct, frozen=True):
    """An answer to a governed call, of which only the receipt is read."""

    receipt: Promise


def promise_text(promise: Promise) -> bytes:
    """A promise as JSON."""
    return msgspec.json.encode(promise)


def read_promise(text: bytes) -> Promise:
    """A promise from JSON, alone or as the receipt of a whole answer.

    Errors: ``ledger.promise.bad`` if it can't be read.
    """
    with suppress(msgspec.MsgspecError, UnicodeDecodeError):
        return msgspec.json.decode(text, type=Promise)
    try:
        return msgspec.json.decode(text, type=_Answer).receipt
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise BadPromise from None


def verify_promise(promise: Promise, *, key: Ed25519PublicKey, origin: str) -> None:
    """Refuse (``ledger.promise.bad``) a promise that the log of that key did not sign."""
    if promise.origin != origin:
        raise BadPromise("This promise is of another log.")
    try:
        root = root_from_inclusion(
            promise.leaf_hash,
            index=promise.index,
            size=promise.size,
            path=[b64decode(node, validate=True) for node in promise.path],
        )
        signature = b64decode(promise.signature, validate=True)
    except ValueError:
        raise BadPromise from None
    if root is None:
        raise BadPromise
    try:
        key.verify(signature, _message(origin=origin, at=promise.at, size=promise.size, root=root))
    except InvalidSignature:
        raise BadPromise from None


def _message(*, origin: str, at: str, size: int, root: bytes) -> bytes:
    return f"haihe-promise/v1\n{origin}\n{at}\n{size}\n{b64encode(root).decode()}\n".encode()
