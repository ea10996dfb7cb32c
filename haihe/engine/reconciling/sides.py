"""One side of a reconciliation: a table, and how its own engine reckons texts, points and hashes.

All is computed by the databases: what leaves them are counts, hash sums and, of rows that differ,
keys and texts. A *point* is the integer by which rows are spread over buckets: a single integer
key itself, else the hash of the key's canonical text, so that no collation matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Protocol

import duckdb

from haihe.engine.lake.attached import open_lake
from haihe.engine.lake.duck import quoted
from haihe.engine.sources.kinds import Kind, canonical_sql, kind_of, part_sql, row_hash_sql
from haihe.engine.sources.lake import Lake, lake_name
from haihe.engine.sources.mariadb import MariaDB, name_sql, row_hash_mariadb
from haihe.engine.sources.mariadb import text_of as text_of_mariadb
from haihe.engine.sources.postgresql import PostgreSQL, row_hash_postgresql, table_name
from haihe.engine.sources.postgresql import text_of as text_of_postgresql
from haihe.engine.sources.shape import ColumnShape


class Side(Protocol):
    """A table in one database. ``tag`` names this reading in the database's list of sessions."""

    tag: str

    @property
    def rows_from(self) -> str:
        """``from table``, with the condition of all rows that count, if there is one."""
        ...

    def columns(self) -> list[ColumnShape]:
        """The table's columns. Errors: ``exchange.source.unknown_table``."""
        ...

    def name(self, column: str) -> str:
        """Expression: a column."""
        ...

    def text(self, column: str, kind: Kind) -> str:
        """Expression: the canonical text of a column, see ``sources.kinds``."""
        ...

    def hashed(self, columns: Sequence[tuple[str, Kind]]) -> str:
        """Expression: the 48-bit hash of these columns' texts."""
        ...

    def bucket(self, point: str, *, lowest: int, highest: int, width: int) -> str:
        """Expression: the number of a point's bucket; null where the point is null."""
        ...

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of one statement: read only, timed, without a lock."""
        ...

    def stop(self) -> None:
        """End the running statement."""
        ...


class PostgresSide:
    """A table of a PostgreSQL."""

    def __init__(self, source: PostgreSQL, table: str, *, tag: str = "haihe") -> None:
        self.source, self.table, self.tag = source, table, tag

    @property
    def rows_from(self) -> str:
        """See ``Side.rows_from``."""
        return f"from {table_name(self.table)} where true"

    def columns(self) -> list[ColumnShape]:
        """See ``Side.columns``."""
        shapes = self.source.columns(self.table)
        self._types = self.source.declared(self.table)
        return shapes

    def name(self, column: str) -> str:
        """See ``Side.name``."""
        return quoted(column)

    def text(self, column: str, kind: Kind) -> str:
        """See ``Side.text``."""
        text = text_of_postgresql(quoted(column), self._types[column])
        # A truth that the other side keeps as 0 and 1.
        is_number = self._types[column].type == "bool" and kind.name == "integer"
        return f"{quoted(column)}::int::text" if is_number else text

    def hashed(self, columns: Sequence[tuple[str, Kind]]) -> str:
        """See ``Side.hashed``."""
        return row_hash_postgresql(
            [part_sql(self.text(name, kind), kind=kind) for name, kind in columns]
        )

    def bucket(self, point: str, *, lowest: int, highest: int, width: int) -> str:
        """See ``Side.bucket``."""
        inside = f"greatest(least({point}::bigint, {highest}), {lowest})"
        return f"case when {point} is not null then ({inside} - {lowest}) / {width} end"

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """See ``Side.ask``."""
        return self.source.ask(f"/* {self.tag} */ {query}")

    def stop(self) -> None:
        """See ``Side.stop``."""
        self.source.stop(self.tag)


class MariaSide:
    """A table of a MariaDB or MySQL."""

    def __init__(self, source: MariaDB, table: str, *, tag: str = "haihe") -> None:
        self.source, self.table, self.tag = source, table, tag

    @property
    def rows_from(self) -> str:
        """See ``Side.rows_from``."""
        return f"from {name_sql(self.table)} where true"

    def columns(self) -> list[ColumnShape]:
        """See ``Side.columns``."""
        shapes = self.source.columns(self.table)
        self._types = self.source.declared(self.table)
        return shapes

    def name(self, column: str) -> str:
        """See ``Side.name``."""
        return name_sql(column)

    def text(self, column: str, kind: Kind) -> str:
        """See ``Side.text``."""
        return text_of_mariadb(name_sql(column), self._types[column].read_as(kind))

    def hashed(self, columns: Sequence[tuple[str, Kind]]) -> str:
        """See ``Side.hashed``."""
        return row_hash_mariadb([self._part(name, kind) for name, kind in columns])

    def bucket(self, point: str, *, lowest: int, highest: int, width: int) -> str:
        """See ``Side.bucket``."""
        # MariaDB's `least` and `greatest` of a null are null.
        inside = f"greatest(least(cast({point} as signed), {highest}), {lowest})"
        return f"({inside} - {lowest}) div {width}"

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """See ``Side.ask``."""
        return self.source.ask(f"/* {self.tag} */ {query}")

    def stop(self) -> None:
        """See ``Side.stop``."""
        self.source.stop(self.tag)

    def _part(self, column: str, kind: Kind) -> str:
        declared = self._types[column].read_as(kind)
        text = name_sql(column) if declared.has_whole_text else self.text(column, kind)
        if kind.name == "float":
            return f"if({text} is null, '~', '=')"
        return f"'=', {text}" if declared.is_required else f"ifnull(concat('=', {text}), '~')"


class LakeSide:
    """A table of the lake; its engine is the DuckDB that is opened here."""

    def __init__(self, lake: Lake, table: str, *, tag: str = "haihe") -> None:
        self.source, self.table, self.tag = lake, table, tag
        self._running: list[duckdb.DuckDBPyConnection] = []

    @property
    def rows_from(self) -> str:
        """See ``Side.rows_from``."""
        return f"from {lake_name(self.table)} where ({self.source.rows_sql})"

    def columns(self) -> list[ColumnShape]:
        """See ``Side.columns``."""
        shapes = self.source.columns(self.table)
        self._kinds = {shape.name: shape.kind for shape in shapes}
        return shapes

    def name(self, column: str) -> str:
        """See ``Side.name``."""
        return quoted(column)

    def text(self, column: str, kind: Kind) -> str:
        """See ``Side.text``; a decimal's digits are those of the lake's own type."""
        own = kind_of(self._kinds[column])
        if own.name == "boolean" and kind.name == "integer":
            return f"{quoted(column)}::int::varchar"
        return canonical_sql(quoted(column), kind=own)

    def hashed(self, columns: Sequence[tuple[str, Kind]]) -> str:
        """See ``Side.hashed``."""
        return row_hash_sql([part_sql(self.text(name, kind), kind=kind) for name, kind in columns])

    def bucket(self, point: str, *, lowest: int, highest: int, width: int) -> str:
        """See ``Side.bucket``."""
        inside = f"greatest(least({point}::bigint, {highest}), {lowest})"
        return f"case when {point} is not null then ({inside} - {lowest}) // {width} end"

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """See ``Side.ask``."""
        with self.source.faults_named(), open_lake(self.source.address) as connection:
            self._running.append(connection)
            try:
                return connection.execute(query).fetchall()
            finally:
                self._running.remove(connection)

    def stop(self) -> None:
        """See ``Side.stop``."""
        for connection in list(self._running):
            with suppress(Exception):
                connection.interrupt()
