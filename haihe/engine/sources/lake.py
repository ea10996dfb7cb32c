"""The lake as a source: what deliveries to other departments are read from."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from haihe.engine.lake.attached import LakeAddress, attach_lake, open_lake
from haihe.engine.lake.duck import quoted, text_literal
from haihe.engine.sources import errors
from haihe.engine.sources.kinds import canonical_sql, kind_of, part_sql, row_hash_sql
from haihe.engine.sources.shape import ColumnShape, Reached, Reading, TableShape


class Lake:
    """The one lake. With ``subject_sql`` (a DuckDB expression over a table's columns) each row

    that is read carries whom it concerns, as a blob ``s``. With ``rows_sql`` (a condition over a
    table's columns) no other rows are ever read.
    """

    kind = "lake"
    is_checked = True

    def __init__(
        self, address: LakeAddress, *, subject_sql: str = "", rows_sql: str = "true"
    ) -> None:
        self.address = address
        self.subject_sql = subject_sql
        self.rows_sql = rows_sql

    def check(self) -> Reached:
        """Whether the lake opens."""
        begun = time.perf_counter()
        with open_lake(self.address):
            latency = (time.perf_counter() - begun) * 1000
        return Reached("DuckLake", duckdb.__version__, "", "lake", True, False, latency)

    def tables(self) -> list[TableShape]:
        """The lake's tables as ``schema.table``."""
        with self.faults_named(), open_lake(self.address) as connection:
            rows = connection.execute(
                "select schema_name || '.' || table_name from duckdb_tables()"
                " where database_name = 'lake' and schema_name <> 'haihe' order by 1"
            ).fetchall()
        return [TableShape(row[0]) for row in rows]

    def columns(self, table: str) -> list[ColumnShape]:
        """The table's columns; kinds from their DuckDB types."""
        with self.faults_named(), open_lake(self.address) as connection:
            rows = connection.execute(f"describe {lake_name(table)}").fetchall()
        return [ColumnShape(row[0], row[1].lower(), _kind(row[1].lower())) for row in rows]

    def sample(self, table: str, *, rows: int = 200) -> list[dict[str, Any]]:
        """Some rows, as texts."""
        with self.faults_named(), open_lake(self.address) as connection:
            given = f"from {lake_name(table)} where {self.rows_sql} limit {int(rows)}"
            query = f"select columns(*)::varchar {given}"
            found = connection.execute(query)
            names = [column[0] for column in found.description or []]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def attach(self, connection: duckdb.DuckDBPyConnection, *, aside: Path) -> None:
        """Attach the lake for reading."""
        attach_lake(connection, self.address)

    def reading_sql(self, reading: Reading) -> str:
        """See ``Source.reading_sql``; the lake's own engine is DuckDB. Adds ``s`` where asked."""
        chosen = ", ".join(f"{quoted(name)} as c{i}" for i, (name, _) in enumerate(reading.columns))
        parts = [
            part_sql(canonical_sql(quoted(name), kind=kind), kind=kind)
            for name, kind in ((name, kind_of(text)) for name, text in reading.columns)
        ]
        subject = f", {self.subject_sql} as s" if self.subject_sql else ""
        where = f" where ({self.rows_sql})"
        if reading.watermark and reading.after is not None:
            column = quoted(reading.watermark)
            where += f" and ({column} >= {text_literal(reading.after)} or {column} is null)"
        return (
            f"select {chosen}, {row_hash_sql(parts)} as h{subject}"
            f" from {lake_name(reading.table)}{where}"
        )

    def stop(self, tag: str) -> None:
        """Nothing runs elsewhere."""

    @contextmanager
    def faults_named(self) -> Iterator[None]:
        """Turn a fault into one of ``engine.sources.errors``."""
        try:
            yield
        except duckdb.CatalogException:
            raise errors.UnknownTable("The lake holds no such table yet.") from None
        except duckdb.Error as fault:
            if errors.is_disk_full(fault):
                raise errors.DiskFull from None
            raise errors.CutOff("The lake can't be read.") from None


def lake_name(table: str) -> str:
    """A table's full name inside a DuckDB that has the lake attached."""
    schema, _, name = table.rpartition(".")
    return f"lake.{quoted(schema or 'main')}.{quoted(name)}"


def _kind(type_name: str) -> str:
    return {"varchar": "text", "bigint": "integer", "double": "float"}.get(type_name, type_name)
