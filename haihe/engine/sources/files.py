"""A department's folder of files (CSV in any encoding, Parquet), read by DuckDB itself."""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import duckdb

from haihe.engine.lake.duck import open_duckdb, quoted, text_literal
from haihe.engine.sources import errors
from haihe.engine.sources.decoding import codec_of, write_decoded
from haihe.engine.sources.kinds import canonical_sql, kind_of, part_sql, row_hash_sql
from haihe.engine.sources.shape import ColumnShape, Reached, Reading, TableShape

_HEAD = 1 << 20
"""Bytes of a CSV file from which its columns are told."""


class Files:
    """A folder at ``file:///path?encoding=gb18030``; a table is a file's name or a pattern."""

    kind = "files"
    is_checked = False

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.folder = Path(unquote(parts.path))
        options = {k: v[-1] for k, v in parse_qs(parts.query).items()}
        self.encoding = options.get("encoding", "utf-8")
        codec_of(self.encoding)
        self._aside: Path | None = None
        self._named = 0

    def check(self) -> Reached:
        """Whether the folder is there and may be read."""
        begun = time.perf_counter()
        with self.faults_named():
            next(self.folder.iterdir(), None)
        latency = (time.perf_counter() - begun) * 1000
        return Reached("files", "", "", str(self.folder), True, False, latency)

    def tables(self) -> list[TableShape]:
        """The CSV and Parquet files of the folder."""
        with self.faults_named():
            found = sorted(
                p.name for p in self.folder.iterdir() if p.suffix in {".csv", ".parquet"}
            )
        return [TableShape(name) for name in found]

    def columns(self, table: str) -> list[ColumnShape]:
        """The columns as DuckDB reads their head; those of a CSV file by its first values."""
        with self._head(table) as (connection, scan):
            rows = connection.execute(f"describe select * from {scan}").fetchall()
            if self._path(table).suffix != ".parquet":
                rows = rows[: self._named]
        return [ColumnShape(row[0], row[1].lower(), _kind(row[1].lower())) for row in rows]

    def sample(self, table: str, *, rows: int = 200) -> list[dict[str, Any]]:
        """The first rows, as texts."""
        with self._head(table) as (connection, scan):
            found = connection.execute(f"select columns(*)::varchar from {scan} limit {int(rows)}")
            names = [column[0] for column in found.description or []]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def attach(self, connection: duckdb.DuckDBPyConnection, *, aside: Path) -> None:
        """Nothing to attach: DuckDB reads the files; decoded copies lie in ``aside``."""
        self._aside = aside

    def reading_sql(self, reading: Reading) -> str:
        """See ``Source.reading_sql``; the source's own engine is DuckDB here.

        Cells of a CSV row beyond its head stand in the column ``more`` (a list of texts, or null).
        """
        parts, texts = [], []
        for number, (name, kind_text) in enumerate(reading.columns):
            kind = kind_of(kind_text)
            text = f"{quoted(name)}::varchar"
            typed = canonical_sql(f"try_cast(trim({text}) as {kind.duckdb})", kind=kind)
            value = text if kind.name == "text" else f"coalesce({typed}, {text})"
            texts.append(f"{value} as c{number}")
            parts.append(part_sql(f"c{number}", kind=kind))
        where = ""
        if reading.watermark and reading.after is not None:
            where = f" where {_is_after(reading, reading.after)}"
        scan, surplus = self._scan(reading.table)
        if surplus:
            cells = ", ".join(quoted(name) for name in surplus)
            texts.append(f"nullif(list_filter([{cells}], x -> x is not null), []) as more")
        inner = f"select {', '.join(texts)} from {scan}"
        return f"select *, {row_hash_sql(parts)} as h from ({inner}){where}"

    def stop(self, tag: str) -> None:
        """Nothing runs elsewhere."""

    @contextmanager
    def faults_named(self) -> Iterator[None]:
        """Turn a fault into one of ``engine.sources.errors``."""
        try:
            yield
        except PermissionError:
            raise errors.NoRights from None
        except OSError as fault:
            if errors.is_disk_full(fault):
                raise errors.DiskFull from None
            raise errors.Unreachable("The source's folder can't be read.") from None
        except duckdb.IOException as fault:
            if errors.is_disk_full(fault):
                raise errors.DiskFull from None
            raise errors.UnknownTable("There is no file of that name in the folder.") from None
        except duckdb.Error:
            raise errors.CutOff("The file can't be read as what its name says.") from None

    def _path(self, table: str) -> Path:
        path = (self.folder / table).resolve()
        if not path.is_relative_to(self.folder.resolve()) or not path.is_file():
            raise errors.UnknownTable("There is no file of that name in the folder.")
        return path

    def _scan(self, table: str) -> tuple[str, list[str]]:
        """What DuckDB reads whole, CSV as texts; and the names of columns that no head names."""
        path = self._path(table)
        if path.suffix == ".parquet":
            return f"read_parquet({text_literal(str(path))})", []
        assert self._aside is not None  # noqa: S101 - set by attach
        decoded = self._aside / "decoded.csv"
        write_decoded(path, decoded, encoding=self.encoding)
        scan = _csv(decoded, all_varchar=True)
        with open_duckdb(extensions=()) as connection:
            names = [row[0] for row in connection.execute(f"describe from {scan}").fetchall()]
            return scan, names[_head_of(decoded)[1] :]

    @contextmanager
    def _head(self, table: str) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
        path = self._path(table)
        with (
            self.faults_named(),
            tempfile.TemporaryDirectory(prefix="haihe-head-") as folder,
            open_duckdb(extensions=()) as connection,
        ):
            if path.suffix == ".parquet":
                yield connection, f"read_parquet({text_literal(str(path))})"
                return
            decoded = Path(folder) / "head.csv"
            write_decoded(path, decoded, encoding=self.encoding, most=_HEAD)
            self._named = _head_of(decoded)[1]
            yield connection, _csv(decoded, all_varchar=False)


def _is_after(reading: Reading, after: str) -> str:
    """Condition: the watermark's value, not its text, is at least the position, or is none."""
    number = [name for name, _ in reading.columns].index(reading.watermark)
    kind = kind_of(reading.columns[number][1])
    value = f"try_cast(c{number} as {kind.duckdb})"
    return f"{value} >= {text_literal(after)}::{kind.duckdb} or {value} is null"


def _head_of(path: Path) -> tuple[str, int]:
    """The separator of a CSV file, and how many columns its head names.

    Told from the head alone: guessing by the rows would let a ragged row decide.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        first = lines.readline()
        separator = max(",;\t|", key=first.count)
        lines.seek(0)
        return separator, len(next(csv.reader(lines, delimiter=separator), []))


def _csv(path: Path, *, all_varchar: bool) -> str:
    """A read of CSV: short rows are filled with nulls, and no row is thrown away."""
    separator, _ = _head_of(path)
    return (
        f"read_csv({text_literal(str(path))}, header = true, null_padding = true,"
        f" delim = {text_literal(separator)}, quote = '\"', escape = '\"', comment = '',"
        f" all_varchar = {str(all_varchar).lower()}, sample_size = -1, parallel = false)"
    )


def _kind(type_name: str) -> str:
    known = {"double": "float", "float": "float", "boolean": "boolean", "date": "date"}
    if type_name.startswith("decimal"):
        return type_name
    if type_name.startswith("timestamp"):
        return "timestamp"
    if "int" in type_name and type_name != "hugeint":
        return "integer"
    return known.get(type_name, "text")
