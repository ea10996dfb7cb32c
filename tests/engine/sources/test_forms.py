"""The same rows in every form of file, encoding and packing are read as the same rows."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pyarrow as pa
import pytest

from haihe.base.errors import HaiheError
from haihe.engine.moving import ColumnRule
from haihe.engine.sources import open_source
from tests.engine.sources.builders import judged

COLUMNS = (
    ColumnRule("id", "integer", is_key=True),
    ColumnRule("name", "text"),
    ColumnRule("amount", "decimal(18,2)"),
    ColumnRule("at", "timestamp"),
)
ROWS = [
    ("1", "滨海𠀀", "1234567.50", "2026-01-02 03:04:05.000006"),
    ("2", None, "-0.10", None),
    ("30", "a b", None, "2026-01-02 00:00:00"),
]
WANTED = [
    (1, "滨海𠀀", "1234567.50", "2026-01-02 03:04:05.000006"),
    (2, None, "-0.10", None),
    (30, "a b", None, "2026-01-02 00:00:00"),
]
NAMES = [column.name for column in COLUMNS]


def as_csv(separator: str = ",") -> str:
    """The rows as CSV."""
    lines = [NAMES, *([cell or "" for cell in row] for row in ROWS)]
    return "".join(f"{separator.join(line)}\n" for line in lines)


def as_json(*, lines: bool) -> str:
    """The rows as JSON, ids and amounts as numbers."""
    told = [
        "{"
        + ", ".join(
            f'"{name}": {cell if name in {"id", "amount"} else json.dumps(cell)}'
            for name, cell in zip(NAMES, row, strict=True)
            if cell is not None
        )
        + "}"
        for row in ROWS
    ]
    return "\n".join(told) if lines else f"[{', '.join(told)}]"


def as_fixed(encoding: str) -> bytes:
    """The rows in fixed width, counted in bytes."""
    widths = (4, 12, 12, 26)
    lines = (
        b"".join(
            (cell or "").encode(encoding).ljust(w) for cell, w in zip(row, widths, strict=True)
        )
        for row in ROWS
    )
    return b"\n".join(lines) + b"\n"


def zipped(content: bytes) -> bytes:
    """A zip of one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.csv", content)
    return packed.getvalue()


def zstandard(content: bytes) -> bytes:
    """Zstandard, as a stream."""
    kept = pa.BufferOutputStream()
    with pa.CompressedOutputStream(kept, "zstd") as packed:
        packed.write(content)
    return kept.getvalue().to_pybytes()


CSV = as_csv().encode()
FORMS: dict[str, tuple[str, str, bytes]] = {
    "csv": ("t.csv", "utf-8", CSV),
    "tabs": ("t.tsv", "utf-8", as_csv("\t").encode()),
    "csv in GB18030": ("t.csv", "gb18030", as_csv().encode("gb18030")),
    "csv in UTF-16": ("t.csv", "utf-16", as_csv().encode("utf-16")),
    "csv in UTF-16, told as UTF-8": ("t.csv", "utf-8", as_csv().encode("utf-16")),
    "json": ("t.json", "utf-8", as_json(lines=False).encode()),
    "json in GB18030": ("t.json", "gb18030", as_json(lines=False).encode("gb18030")),
    "json in UTF-16": ("t.json", "utf-16", as_json(lines=False).encode("utf-16")),
    "json lines": ("t.jsonl", "utf-8", as_json(lines=True).encode()),
    "fixed width": ("t.fwf", "utf-8", as_fixed("utf-8")),
    "fixed width in GB18030": ("t.fwf", "gb18030", as_fixed("gb18030")),
    "gzip": ("t.csv.gz", "utf-8", gzip.compress(CSV)),
    "bzip2": ("t.csv.bz2", "utf-8", bz2.compress(CSV)),
    "xz": ("t.json.xz", "utf-8", lzma.compress(as_json(lines=False).encode())),
    "Zstandard": ("t.csv.zst", "utf-8", zstandard(CSV)),
    "zip": ("t.csv.zip", "gb18030", zipped(as_csv().encode("gb18030"))),
}


def read(folder: Path, table: str, encoding: str = "utf-8") -> list[tuple[object, ...]]:
    """The rows of a file, none of them kept apart."""
    source = open_source(f"file://{folder}?encoding={encoding}")
    assert [column.name for column in source.columns(table)] == NAMES
    assert table.partition("#")[0] in [each.name for each in source.tables()]
    shown = 'id, name, amount::varchar, "at"::varchar'
    found = judged(source, table, folder, columns=COLUMNS, shown=shown)
    assert (found.reasons, found.is_whole) == ([], True)
    return found.good


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_rows(form: str, tmp_path: Path) -> None:
    name, encoding, content = FORMS[form]
    (tmp_path / name).write_bytes(content)
    if name.endswith(".fwf"):
        widths = zip(NAMES, (4, 12, 12, 26), strict=True)
        told = "".join(f'[[column]]\nname = "{n}"\nwidth = {w}\n' for n, w in widths)
        (tmp_path / f"{name}.toml").write_text(f'unit = "bytes"\n{told}')
    assert read(tmp_path, name, encoding) == WANTED


def test_parquet_gives_the_same_rows(tmp_path: Path) -> None:
    with duckdb.connect() as made:
        made.execute('create table t (id bigint, name text, amount decimal(18,2), "at" timestamp)')
        made.executemany("insert into t values (?, ?, ?, ?)", [list(row) for row in ROWS])
        made.execute(f"copy t to '{tmp_path}/t.parquet' (format parquet)")
    assert read(tmp_path, "t.parquet") == WANTED


def workbook(folder: Path, fill: Callable[[openpyxl.Workbook], None]) -> None:
    """A workbook with the rows on its second worksheet."""
    book = openpyxl.Workbook()
    sheet = book.create_sheet("名单")
    sheet.append(NAMES)
    for row in ROWS:
        sheet.append([int(row[0]), row[1], None if row[2] is None else float(row[2]), row[3]])
    fill(book)
    book.save(folder / "t.xlsx")


def test_a_worksheet_gives_the_same_rows(tmp_path: Path) -> None:
    workbook(tmp_path, lambda book: None)
    assert read(tmp_path, "t.xlsx#名单") == WANTED


def test_a_formula_without_a_result_and_an_error_go_aside(tmp_path: Path) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        book["名单"]["B2"] = "=A2+1"
        book["名单"]["B3"] = "#DIV/0!"

    workbook(tmp_path, fill)
    source = open_source(f"file://{tmp_path}")
    found = judged(source, "t.xlsx#名单", tmp_path, columns=COLUMNS, shown="id")
    assert found.reasons == ["exchange.row.undecodable"] * 2
    assert found.good == [(30,)]


def test_a_worksheet_that_is_not_there_is_unknown(tmp_path: Path) -> None:
    workbook(tmp_path, lambda book: None)
    with pytest.raises(HaiheError) as raised:
        open_source(f"file://{tmp_path}").columns("t.xlsx#nowhere")
    assert raised.value.code == "exchange.source.unknown_table"


def test_a_file_of_fixed_width_without_its_layout_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.fwf").write_bytes(as_fixed("utf-8"))
    with pytest.raises(HaiheError) as raised:
        open_source(f"file://{tmp_path}").columns("t.fwf")
    assert raised.value.code == "exchange.source.bad_address"


def test_a_json_list_longer_than_a_chunk_is_read_piece_by_piece(tmp_path: Path) -> None:
    rows = ", ".join(f'{{"id": {i}, "name": "{"长" * 100}"}}' for i in range(1, 20_001))
    (tmp_path / "t.json").write_text(f"[{rows}]")
    source = open_source(f"file://{tmp_path}")
    found = judged(
        source, "t.json", tmp_path, columns=COLUMNS[:2], shown="count(*), sum(id)::varchar"
    )
    assert found.good == [(20_000, "200010000")]
