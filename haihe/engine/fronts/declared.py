"""A table of a front database, as the city declares it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg import sql

KINDS = {
    "text": "text",
    "integer": "bigint",
    "decimal": "numeric",
    "date": "date",
    "timestamp": "timestamp",
    "boolean": "boolean",
}
"""Kinds of columns, and the types by which PostgreSQL holds them."""

BATCH_COLUMNS = ("cd_id", "cd_time", "cd_source", "cd_batch", "cd_operation")
"""What the national side adds to each row: its number, moment, sender, batch, and I, U or D."""


@dataclass(frozen=True)
class FrontTable:
    """One table that goes one way. ``columns`` are names with their kinds, ``key`` some of them.

    ``first`` is the number of the first batch.
    """

    link: str
    table: str
    columns: Mapping[str, str]
    key: tuple[str, ...]
    first: int = 1

    @property
    def others(self) -> tuple[str, ...]:
        """The columns that are no key."""
        return tuple(name for name in self.columns if name not in self.key)

    def listed(self, prefix: str = "") -> sql.Composed:
        """The columns by name, in order, each after the prefix."""
        return names(self.columns, prefix)

    def typed(self) -> sql.Composed:
        """The columns with their types, as a table's definition has them."""
        return sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(KINDS[kind]))
            for name, kind in self.columns.items()
        )


def names(found: Mapping[str, str] | tuple[str, ...], prefix: str = "") -> sql.Composed:
    """Column names as a list, each after the name of its table where one is given."""
    each = [sql.Identifier(prefix, name) if prefix else sql.Identifier(name) for name in found]
    return sql.SQL(", ").join(each)
