"""A department's folder of files: CSV and Parquet by DuckDB itself, other forms row by row.

Text may be in any encoding, and each file compressed. What can't be read at all is refused whole;
a row that is wrong goes aside alone.
"""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import duckdb

from haihe.base.errors import HaiheError
from haihe.engine.lake.duck import open_duckdb, quoted, text_literal
from haihe.engine.sources import errors
from haihe.engine.sources.decoding import codec_of, write_decoded
from haihe.engine.sources.formats import books, fixed, jsons, packed, records
from haihe.engine.sources.formats.records import Record
from haihe.engine.sources.kinds import kind_of, part_sql, row_hash_sql
from haihe.engine.sources.profile import MOST_CHARS
from haihe.engine.sources.shape import ColumnShape, Reached, Reading, TableShape
from haihe.engine.sources.streaming import Streaming, is_after_sql
from haihe.engine.sources.told import told_sql

_HEAD = 1 << 20
"""Bytes of a file from which its columns are told."""
_MOST_LINE = 16_000_000
"""Bytes of one row of CSV; a file with a longer one is refused."""
_TEXT_CHUNK = 1 << 20
_FORMS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".json": "json",
    ".jsonl": "lines",
    ".ndjson": "lines",
    ".xlsx": "book",
    ".fwf": "fixed",
}


class Files:
    """A folder at ``file:///path?encoding=gb18030``; a table is a file's name.

    Of a workbook ``name.xlsx#worksheet`` names one worksheet; ``records=data.items`` in the address
    says where in a JSON file the list stands.
    """

    kind = "files"
    schemes = ("file",)
    is_tried = True
    is_checked = False

    def __init__(self, address: str, *, connection_cap: int = 2, timeout_s: int = 600) -> None:
        parts = urlsplit(address)
        self.folder = Path(unquote(parts.path))
        options = {k: v[-1] for k, v in parse_qs(parts.query).items()}
        self.encoding = options.get("encoding", "utf-8")
        codec_of(self.encoding)
        self.records = options.get("records", "")
        self.streaming = Streaming()
        self._aside: Path | None = None

    def check(self) -> Reached:
        """Whether the folder is there and may be read."""
        begun = time.perf_counter()
        with self.faults_named():
            next(self.folder.iterdir(), None)
        latency = (time.perf_counter() - begun) * 1000
        return Reached("files", "", "", str(self.folder), True, False, latency)

    def tables(self) -> list[TableShape]:
        """The files of the folder that are of a known form."""
        with self.faults_named():
            found = sorted(p.name for p in self.folder.iterdir() if _form_of(p.name))
        return [TableShape(name) for name in found]

    def columns(self, table: str) -> list[ColumnShape]:
        """The columns: of Parquet as declared, of others as the values of their head tell."""
        with self._folder_aside() as aside:
            if self._form(table) != "parquet":
                head = list(islice(self._head(table, aside), records.HEAD_ROWS))
                return records.shapes(head, self._names(table, aside))
            with open_duckdb(extensions=()) as connection:
                scan = self._parquet(table, aside)
                rows = connection.execute(f"describe select * from {scan}").fetchall()
        return [ColumnShape(row[0], row[1].lower(), _kind(row[1].lower())) for row in rows]

    def sample(self, table: str, *, rows: int = 200) -> list[dict[str, Any]]:
        """The first rows, as texts."""
        with self._folder_aside() as aside:
            if self._form(table) != "parquet":
                names = self._names(table, aside)
                head = list(islice(self._head(table, aside), rows))
                return [dict.fromkeys(names) | _cut(each.cells) for each in head]
            with open_duckdb(extensions=()) as connection:
                scan = self._parquet(table, aside)
                found = connection.execute(
                    f"select left(columns(*)::varchar, {MOST_CHARS}) from {scan} limit {int(rows)}"
                )
                names = [column[0] for column in found.description or []]
                return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def attach(self, connection: duckdb.DuckDBPyConnection, *, aside: Path) -> None:
        """DuckDB reads the files, or takes their rows; plain copies lie in ``aside``."""
        self._aside = aside
        self.streaming.attach(connection)

    def reading_sql(self, reading: Reading) -> str:
        """See ``Source.reading_sql``; the source's own engine is DuckDB here.

        Cells of a row that belong to no column stand in the column ``more`` (texts, or null).
        """
        assert self._aside is not None  # noqa: S101 - set by attach
        if self._form(reading.table) not in {"csv", "parquet"}:
            rows = self._rows(reading.table, self._aside)
            names = [name for name, _ in reading.columns]
            return self.streaming.reading_sql(reading, records.batched(rows, names))
        scan, surplus = self._scan(reading.table, self._aside)
        parts, texts, where = [], [], ""
        for number, (name, kind_text) in enumerate(reading.columns):
            kind = kind_of(kind_text)
            texts.append(f"{told_sql(f'{quoted(name)}::varchar', kind=kind)} as c{number}")
            parts.append(part_sql(f"c{number}", kind=kind))
            if name == reading.watermark and reading.after is not None:
                where = f" where {is_after_sql(f'c{number}', kind, reading.after)}"
        if surplus:
            cells = ", ".join(quoted(name) for name in surplus)
            texts.append(f"nullif(list_filter([{cells}], x -> x is not null), []) as more")
        inner = f"select {', '.join(texts)} from {scan}"
        return f"select *, {row_hash_sql(parts)} as h from ({inner}){where}"

    def stop(self, tag: str) -> None:
        """End the rows that are read here; DuckDB's own are interrupted by whoever runs it."""
        self.streaming.stopped.set()

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
        except duckdb.Error as fault:
            raise self._named(fault) from None

    def _named(self, fault: duckdb.Error) -> HaiheError:
        if isinstance(self.streaming.fault, HaiheError):
            return self.streaming.fault
        if errors.is_disk_full(fault):
            return errors.DiskFull()
        if isinstance(fault, duckdb.IOException):
            return errors.UnknownTable("There is no file of that name in the folder.")
        if "Maximum line size" in str(fault):
            return errors.TooWide(f"A row of the file is longer than {_MOST_LINE} bytes.")
        return errors.BrokenFile("The file can't be read as what its name says.")

    def _form(self, table: str) -> str:
        form = _form_of(table.partition("#")[0])
        self._path(table)
        if not form:
            raise errors.BrokenFile(
                "The file is of no form that is read here.",
                hint=f"Its name ends in one of: {' '.join(_FORMS)}, packed or not.",
            )
        return form

    def _path(self, table: str) -> Path:
        path = (self.folder / table.partition("#")[0]).resolve()
        if not path.is_relative_to(self.folder.resolve()) or not path.is_file():
            raise errors.UnknownTable("There is no file of that name in the folder.")
        return path

    def _scan(self, table: str, aside: Path) -> tuple[str, list[str]]:
        """What DuckDB reads whole, CSV as texts; and the names of columns that no head names."""
        if self._form(table) == "parquet":
            return self._parquet(table, aside), []
        scan, named = _csv(self._decoded(table, aside))
        with open_duckdb(extensions=()) as connection:
            names = [row[0] for row in connection.execute(f"describe from {scan}").fetchall()]
            return scan, names[named:]

    def _parquet(self, table: str, aside: Path) -> str:
        path = packed.unpacked(self._path(table), aside=aside)
        return f"read_parquet({text_literal(str(path))})"

    def _decoded(self, table: str, aside: Path, *, most: int | None = None) -> Path:
        plain = packed.unpacked(self._path(table), aside=aside, most=most)
        decoded = aside / "decoded.csv"
        write_decoded(plain, decoded, encoding=self.encoding, most=most)
        return decoded

    def _rows(self, table: str, aside: Path, *, most: int | None = None) -> Iterator[Record]:
        """The records of a file that is neither CSV nor Parquet."""
        form, path = self._form(table), self._path(table)
        if form == "book":
            plain = packed.unpacked(path, aside=aside)
            return books.book_rows(plain, sheet=table.partition("#")[2])
        if form == "fixed":
            layout = self._layout(table)
            if layout.in_bytes:
                plain = packed.unpacked(path, aside=aside)
                return fixed.fixed_rows(plain, layout, encoding=codec_of(self.encoding).name)
            return fixed.fixed_rows(self._decoded(table, aside), layout, encoding="utf-8")
        if form == "lines":
            return jsons.line_rows(_lines(self._decoded(table, aside, most=most)))
        return jsons.json_rows(_chunks(self._decoded(table, aside)), path=self.records)

    def _layout(self, table: str) -> fixed.Layout:
        path = self._path(table)
        return fixed.Layout.read(path.with_name(f"{packed.bare_name(path.name)}.toml"))

    def _names(self, table: str, aside: Path) -> list[str]:
        """The names that a head or a layout tells; of other forms the rows do."""
        form = self._form(table)
        if form == "fixed":
            return list(self._layout(table).names)
        return _head_of(self._decoded(table, aside, most=_HEAD))[1] if form == "csv" else []

    def _head(self, table: str, aside: Path) -> Iterator[Record]:
        """The first rows of a file that is not Parquet."""
        if self._form(table) != "csv":
            yield from self._rows(table, aside, most=_HEAD)
            return
        scan, named = _csv(self._decoded(table, aside, most=_HEAD))
        with open_duckdb(extensions=()) as connection:
            found = connection.execute(f"select * from {scan} limit {records.HEAD_ROWS}")
            names = [column[0] for column in found.description or []][:named]
            for row in found.fetchall():
                yield Record(dict(zip(names, row, strict=False)))

    @contextmanager
    def _folder_aside(self) -> Iterator[Path]:
        with (
            self.faults_named(),
            tempfile.TemporaryDirectory(prefix="haihe-head-") as folder,
        ):
            yield Path(folder)


def _form_of(name: str) -> str:
    return _FORMS.get(PurePath(packed.bare_name(name)).suffix.lower(), "")


def _lines(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="\n") as lines:
        while line := lines.readline(records.MOST_CHARACTERS + 1):
            yield line


def _chunks(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as text:
        while chunk := text.read(_TEXT_CHUNK):
            yield chunk


def _head_of(path: Path) -> tuple[str, list[str]]:
    """The separator of a CSV file, and the names in its head.

    Told from the head alone: guessing by the rows would let a ragged row decide. Two columns of
    one name are refused: which one is meant nobody could say later.
    """
    with path.open(encoding="utf-8", newline="") as lines:
        first = lines.readline(_MOST_LINE)
        separator = max(",;\t|", key=first.count)
        lines.seek(0)
        try:
            names = next(csv.reader(lines, delimiter=separator), [])
        except csv.Error:
            raise errors.BrokenFile("The head of the file can't be read.") from None
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise errors.BrokenFile(f"The head names a column twice: {', '.join(twice)[:80]!r}.")
    return separator, names


def _csv(path: Path) -> tuple[str, int]:
    """A read of CSV as texts, and how many columns its head names.

    Short rows are filled with nulls, and no row is thrown away.
    """
    separator, names = _head_of(path)
    scan = (
        f"read_csv({text_literal(str(path))}, header = true, null_padding = true,"
        f" delim = {text_literal(separator)}, quote = '\"', escape = '\"', comment = '',"
        f" all_varchar = true, sample_size = -1, parallel = false, max_line_size = {_MOST_LINE})"
    )
    return scan, len(names)


def _kind(type_name: str) -> str:
    known = {"double": "float", "float": "float", "boolean": "boolean", "date": "date"}
    if type_name.startswith("decimal"):
        return type_name
    if type_name.startswith("timestamp"):
        return "timestamp"
    if "int" in type_name and type_name != "hugeint":
        return "integer"
    return known.get(type_name, "text")


def _cut(cells: dict[str, Any]) -> dict[str, Any]:
    """Cells of a sample: no more of a text than it takes to judge it."""
    return {name: text and text[:MOST_CHARS] for name, text in cells.items()}
