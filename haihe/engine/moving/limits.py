"""How many bad rows a batch may have before nothing of it is written."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from haihe.engine.moving.errors import TooManyFaults

FEWEST = 100
"""Rows from which on a share says something: of three rows one bad one is a third."""
_MOST_NAMED = 5


@dataclass(frozen=True)
class FaultLimit:
    """At most so many bad rows, and so many of each thousand that were read; None: any number.

    The share is asked of batches of ``FEWEST`` rows and more.
    """

    rows: int | None = None
    permille: int | None = None

    def allows(self, read: int) -> int:
        """How many bad rows a batch of so many rows may have.

        >>> FaultLimit(rows=50, permille=10).allows(2_000), FaultLimit(permille=10).allows(99)
        (20, 99)
        """
        allowed = read if self.rows is None else min(read, self.rows)
        if self.permille is not None and read >= FEWEST:
            allowed = min(allowed, read * self.permille // 1000)
        return allowed


NO_LIMIT = FaultLimit()


def must_be_within(connection: duckdb.DuckDBPyConnection, limit: FaultLimit) -> None:
    """Refuse a judged staging with more bad rows than that; ``exchange.batch.too_many_faults``.

    The sentence names reasons and columns with their counts, and no value.
    """
    read, bad = (_count(connection, table) for table in ("staged", "faults"))
    allowed = limit.allows(read)
    if bad <= allowed:
        return
    found = connection.execute(
        "select reason, at_column, count(*) from faults group by all order by 3 desc, 1, 2"
    ).fetchall()
    told = [f"{_words(reason)} {column} {rows:,}" for reason, column, rows in found[:_MOST_NAMED]]
    more = [f"{len(found) - _MOST_NAMED} more reasons"] if len(found) > _MOST_NAMED else []
    raise TooManyFaults(
        f"Of {read:,} rows {bad:,} are bad, and the link allows {allowed:,}:"
        f" {', '.join([*told, *more])}. Nothing of the batch was written."
    )


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()
    assert row is not None  # noqa: S101 - a count
    return int(row[0])


def _words(reason: str) -> str:
    return reason.rpartition(".")[2].replace("_", " ")
