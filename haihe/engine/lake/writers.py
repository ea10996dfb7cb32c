"""One writer a table: a session lock in PostgreSQL, which ends with its holder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from haihe.base.errors import HaiheError


class TableTaken(HaiheError):
    """Another process writes this table now."""

    code = "lake.table_taken"
    message = "Another run writes this table now."
    hint = "Wait until it ends, then run again."
    status = 409


@contextmanager
def writing(table: str, *, database_url: str) -> Iterator[None]:
    """Be the only writer of a table as long as the block runs; ``lake.table_taken`` at once."""
    number = int.from_bytes(hashlib.sha256(f"lake:{table}".encode()).digest()[:8], signed=True)
    with psycopg.connect(database_url, autocommit=True) as session:
        row = session.execute("select pg_try_advisory_lock(%s)", [number]).fetchone()
        if row is None or not row[0]:
            raise TableTaken
        yield
