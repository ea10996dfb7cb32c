"""RFC 6962 hashing: roots, inclusion paths and consistency proofs, and their verification.

Every hash is 32 bytes (SHA-256). A *lookup* gives the hash of a full subtree: ``lookup(level,
index)`` covers the leaves ``[index * 2**level, (index + 1) * 2**level)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

Lookup = Callable[[int, int], bytes]

EMPTY_ROOT = sha256(b"").digest()
"""Root of a tree without leaves."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of a leaf: SHA-256 of a zero byte and the entry (RFC 6962, 2.1)."""
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256 of a one byte and both children (RFC 6962, 2.1)."""
    return sha256(b"\1" + left + right).digest()


class Frontier:
    """A growing tree of which only the right edge is kept: enough for its root at each size."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """Append leaves by their hashes."""
        peaks, size, digest = self._peaks, self.size, sha256
        for each in leaf_hashes:
            node, bits = each, size
            while bits & 1:
                node = digest(b"\1" + peaks.pop() + node).digest()
                bits >>= 1
            peaks.append(node)
            size += 1
        self.size = size

    def root(self) -> bytes:
        """The root at the present size."""
        return fold_peaks(self._peaks)


class Tree:
    """A whole tree in memory, for batches and tests; ``lookup`` serves the proofs."""

    def __init__(self, leaf_hashes: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]
        self.extend(leaf_hashes)

    @property
    def size(self) -> int:
        """Number of leaves."""
        return len(self._levels[0])

    def extend(self, leaf_hashes: Iterable[bytes]) -> None:
        """Append leaves by their hashes, and every full subtree that they complete."""
        self._levels[0].extend(leaf_hashes)
        level = 0
        while len(self._levels[level]) > 1:
            if level + 1 == len(self._levels):
                self._levels.append([])
            below, above = self._levels[level], self._levels[level + 1]
            above.extend(
                sha256(b"\1" + below[i] + below[i + 1]).digest()
                for i in range(2 * len(above), len(below) - 1, 2)
            )
            level += 1

    def lookup(self, level: int, index: int) -> bytes:
        """Hash of a full subtree."""
        return self._levels[level][index]

    def root(self) -> bytes:
        """The root over all leaves."""
        return root(self.lookup, self.size)


def peaks(hashes: Sequence[bytes]) -> list[bytes]:
    """Roots of the full subtrees that a row of equal subtrees falls into, largest first."""
    found: list[bytes] = []
    for size, each in enumerate(hashes):
        node, bits = each, size
        while bits & 1:
            node = node_hash(found.pop(), node)
            bits >>= 1
        found.append(node)
    return found


def fold_peaks(hashes: Sequence[bytes]) -> bytes:
    """The root from the full subtrees' roots, largest first."""
    if not hashes:
        return EMPTY_ROOT
    node = hashes[-1]
    for left in reversed(hashes[:-1]):
        node = node_hash(left, node)
    return node


def root(lookup: Lookup, size: int) -> bytes:
    """The root at ``size`` leaves."""
    return _range_hash(lookup, 0, size) if size else EMPTY_ROOT


def inclusion_path(lookup: Lookup, index: int, size: int) -> list[bytes]:
    """Audit path of a leaf in the tree of ``size`` leaves (RFC 6962, 2.1.1), leaf upwards."""
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_hash(lookup, middle, end))
            end = middle
        else:
            path.append(_range_hash(lookup, start, middle))
            start = middle
    return path[::-1]


def consistency_path(lookup: Lookup, old: int, new: int) -> list[bytes]:
    """Proof that the tree of ``new`` leaves extends that of ``old`` (RFC 6962, 2.1.2)."""
    if old in (0, new):
        return []
    path: list[bytes] = []
    start, end, is_whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range_hash(lookup, middle, end))
            end = middle
        else:
            path.append(_range_hash(lookup, start, middle))
            start, is_whole = middle, False
    if not is_whole:
        path.append(_range_hash(lookup, start, end))
    return path[::-1]


def root_from_inclusion(
    leaf: bytes, *, index: int, size: int, path: Sequence[bytes]
) -> bytes | None:
    """The root that a path leads to, or None if its length is wrong (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return None
    node, first, last = leaf, index, size - 1
    for each in path:
        if last == 0:
            return None
        if first & 1 or first == last:
            node = node_hash(each, node)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            node = node_hash(node, each)
        first, last = first >> 1, last >> 1
    return node if last == 0 else None


def is_consistent(
    *, old: int, old_root: bytes, new: int, new_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether the path proves that the new tree extends the old one (RFC 9162, 2.1.4.2)."""
    if old > new or old < 0:
        return False
    if old == 0:
        return not path and old_root == EMPTY_ROOT
    if old == new:
        return not path and old_root == new_root
    nodes = list(path)
    if old & (old - 1) == 0:
        nodes.insert(0, old_root)
    if not nodes:
        return False
    return _walk(nodes, first=old - 1, last=new - 1) == (old_root, new_root)


def _walk(nodes: Sequence[bytes], *, first: int, last: int) -> tuple[bytes, bytes] | None:
    """Both roots that a consistency path leads to."""
    while first & 1:
        first, last = first >> 1, last >> 1
    old = new = nodes[0]
    for each in nodes[1:]:
        if last == 0:
            return None
        if first & 1 or first == last:
            old, new = node_hash(each, old), node_hash(each, new)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            new = node_hash(new, each)
        first, last = first >> 1, last >> 1
    return (old, new) if last == 0 else None


def _split(size: int) -> int:
    """The largest power of two below ``size``."""
    return 1 << ((size - 1).bit_length() - 1)


def _range_hash(lookup: Lookup, start: int, end: int) -> bytes:
    """Hash over the leaves [start, end), where start is a multiple of the first full subtree."""
    found: list[bytes] = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append(lookup(level, start >> level))
        start += 1 << level
    return fold_peaks(found)
