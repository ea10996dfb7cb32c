"""Files that are no spreadsheet, or would take a server's memory: each is refused by its code."""

from __future__ import annotations

import contextlib
import resource
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haihe.base.errors import BadInput
from haihe.edges.sheets import Limits, TooLarge, TooManyColumns, Unreadable, read
from tests.edges.sheets.lists import LISTS, TITLES, a_row, as_bytes, read_book, workbook
from tests.edges.sheets.test_packages import MAIN, PLAIN, cells, package

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET = cells(
    '<row r="2" hidden="1"><c r="A2" s="0" t="inlineStr"><is><t>一</t></is></c>'
    '<c r="B2"><v>46024</v></c></row><row r="3"><c r="A3" t="b"><v>1</v></c>'
    '<c r="B3" t="e"><f>A1</f><v>#N/A</v></c></row>'
)
GOOD = as_bytes(workbook([a_row()]))


def zipped(**parts: bytes) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name.replace("__", "/"), content)
    return target.getvalue()


def damaged(data: bytes, part: str) -> bytes:
    with ZipFile(BytesIO(data)) as opened:
        at = opened.getinfo(part).header_offset + 30 + len(part) + 20
    return data[:at] + bytes(20) + data[at + 20 :]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.7\n\0\0", "sheets.not_a_spreadsheet"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "sheets.not_a_spreadsheet"),
        (zipped(word__document=b"<a/>"), "sheets.not_a_spreadsheet"),
        (OLE + "Workbook".encode("utf-16-le"), "sheets.old_format"),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "sheets.encrypted"),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "sheets.old_format"),
        (zipped(xl__workbook=b""), "sheets.not_a_spreadsheet"),
        ("<html><table><tr><td>资源编码</td></tr></table>".encode(), "sheets.old_format"),
        (b'<?xml version="1.0"?><Workbook/>', "sheets.old_format"),
        (GOOD[:400], "sheets.unreadable"),
        (damaged(GOOD, "xl/worksheets/sheet1.xml"), "sheets.unreadable"),
        (b"\xff\xff" * 9, "sheets.unknown_encoding"),
        (b"", "sheets.nothing_known"),
        ("丙,丁\n1,2".encode(), "sheets.nothing_known"),
        (as_bytes(workbook([["x", "y"]], titles=(), title="其他")), "sheets.nothing_known"),
        (package("<worksheet><sheetData><row>"), "sheets.unreadable"),
        (package('<!DOCTYPE a [<!ENTITY b "c">]><worksheet>&b;</worksheet>'), "sheets.unreadable"),
        (package(cells('<row r="2"><c r="A2" t="s"><v>9</v></c></row>')), "sheets.unreadable"),
        (package(cells('<row r="2"><c r="a2"><v>9</v></c></row>')), "sheets.unreadable"),
    ],
)
def test_what_is_no_spreadsheet_is_refused_by_its_code(data: bytes, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(data, "目录.xlsx", [*LISTS, PLAIN])
    assert refused.value.code == code


@given(
    at=st.integers(0, len(SHEET)),
    cut=st.integers(0, 40),
    put=st.sampled_from(["", "<", "&", '"', "s", "-1", "9" * 30, "<row>", "</c>", "<v>x</v>"]),
)
def test_a_sheet_damaged_anywhere_is_read_or_refused(at: int, cut: int, put: str) -> None:
    damaged_sheet = SHEET[:at] + put + SHEET[at + cut :]
    with contextlib.suppress(BadInput):
        read(package(damaged_sheet), "x.xlsx", [PLAIN])


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(most_bytes=100), "sheets.too_large"),
        (Limits(most_unpacked=1_000), "sheets.too_large"),
        (Limits(most_merges=1), "sheets.too_large"),
        (Limits(most_rows=1), "sheets.too_many_rows"),
        (Limits(most_columns=5), "sheets.too_many_columns"),
    ],
)
def test_what_passes_a_limit_is_refused_by_its_code(limits: Limits, code: str) -> None:
    made = workbook([a_row("a"), a_row("b")])
    for merged in ("L1:L2", "M1:M2"):
        made.active.merge_cells(merged)
    with pytest.raises(BadInput) as refused:
        read(as_bytes(made), "目录.xlsx", LISTS, limits=limits)
    assert refused.value.code == code


def test_a_workbook_of_too_many_texts_is_refused() -> None:
    texts = f'<sst xmlns="{MAIN}">{"<si><t>a</t></si>" * 6}</sst>'
    with pytest.raises(TooLarge):
        read(package(cells(""), texts=texts), "x.xlsx", [PLAIN], limits=Limits(most_texts=5))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped(xl__workbook=b" " * 90_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadInput) as refused:
        read(bomb, "x.xlsx", LISTS, limits=Limits(most_unpacked=80_000_000))
    assert refused.value.code == "sheets.too_large"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_bomb_that_understates_its_size_is_read_no_further() -> None:
    bomb = zipped(_rels___rels=b" " * 90_000_000)
    lying = bomb.replace((90_000_000).to_bytes(4, "little"), (4_000).to_bytes(4, "little"))
    assert lying != bomb
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BadInput):
        read(lying, "x.xlsx", LISTS)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_cell_at_the_far_corner_takes_no_memory_and_is_refused() -> None:
    made = workbook([a_row()])
    made.active["XFD1048576"] = 1
    with pytest.raises(TooManyColumns):
        read_book(made)


def test_merged_cells_that_lie_over_each_other_by_thousands_are_refused() -> None:
    merges = "".join(f'<mergeCell ref="A{n}:B900000"/>' for n in range(2, 5_000))
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(2, 5_000))
    sheet = cells(rows).replace("</worksheet>", f"<mergeCells>{merges}</mergeCells></worksheet>")
    with pytest.raises(Unreadable):
        read(package(sheet), "x.xlsx", [PLAIN])


def test_a_field_of_a_table_that_never_ends_is_refused() -> None:
    text = f'{",".join(TITLES)}\n"{"x" * 200_000}'
    with pytest.raises(Unreadable):
        read(text.encode(), "x.csv", LISTS)
