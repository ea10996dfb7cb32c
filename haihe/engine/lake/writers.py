"""One writer a table: a session lock in PostgreSQL, which ends with its holder."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

import psycopg

from haihe.base.errors import HaiheError, Unavailable


class TableTaken(HaiheError):
    """Another process writes this table now."""

    code = "lake.table_taken"
    message = "Another run writes this table now."
    hint = "Wait until it ends, then run again."
    status = 409


class CatalogueAway(Unavailable):
    """The database that holds the lake's catalogue does not answer."""

    code = "lake.catalogue_away"
    message = "The database that holds the lake's catalogue does not answer."
    hint = "See that it runs and that its disk has room, then run again."


@contextmanager
def writing(table: str, *, database_url: str) -> Iterator[None]:
    """Be the only writer of a table as long as the block runs.

    Errors: ``lake.table_taken`` at once, ``lake.catalogue_away``.
    """
    number = int.from_bytes(hashlib.sha256(f"lake:{table}".encode()).digest()[:8], signed=True)
    try:
        session = psycopg.connect(database_url, autocommit=True)
    except psycopg.OperationalError:
        raise CatalogueAway from None
    with closing(session):
        row = session.execute("select pg_try_advisory_lock(%s)", [number]).fetchone()
        if row is None or not row[0]:
            raise TableTaken
        try:
            yield
        finally:
            # A session that is closed ends some moments later; the next writer shall not wait.
            with suppress(psycopg.Error):
                session.execute("select pg_advisory_unlock(%s)", [number])
