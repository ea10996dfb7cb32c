"""The subjects of a whole delivery: the root over their keyed hashes, and their bulk index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from struct import pack
from typing import Any
from uuid import UUID

from haihe.engine.merkle.tree import Frontier, leaf_hash

_CHUNK = 50_000
_START = b"PGCOPY\n\xff\r\n\0" + pack("!ii", 0, 0)
_END = pack("!h", -1)


@dataclass(frozen=True)
class SortedKeys:
    """Keys (16 bytes) that come sorted, each once, whenever ``again`` is called: never all at once.

    A delivery of ten million rows would else hold as many keys in memory.
    """

    again: Callable[[], Iterator[bytes]]

    def __iter__(self) -> Iterator[bytes]:
        return self.again()


def subjects_root(sorted_keys: Iterable[bytes]) -> bytes:
    """RFC 6962 root whose leaves are the keys; they must come sorted and each once."""
    frontier = Frontier()
    frontier.extend(leaf_hash(key) for key in sorted_keys)
    return frontier.root()


def copy_subjects(connection: Any, *, entry: UUID, keys: Iterable[bytes]) -> None:
    """Index an entry under each key (16 bytes), by binary COPY in the connection's transaction.

    ``connection`` is a psycopg connection: Django's own, under its wrapper.
    """
    before = pack("!hi", 2, 16)
    after = pack("!i", 16) + entry.bytes
    command = "copy ledger_subjectentry (subject, entry) from stdin (format binary)"
    with connection.cursor() as cursor, cursor.copy(command) as stream:
        stream.write(_START)
        left = iter(keys)
        while chunk := b"".join(before + key + after for key in islice(left, _CHUNK)):
            stream.write(chunk)
        stream.write(_END)
