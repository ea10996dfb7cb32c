"""A workbook is given back with its faults in it: coloured cells, each with a note."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.comments import Comment

from haihe.edges.sheets import Cell, Fault, NotMarkable, Unreadable, read, write_faults
from tests.edges.sheets.lists import LISTS, a_row, as_bytes, told, workbook
from tests.edges.sheets.test_faults import planted
from tests.edges.sheets.test_packages import cells, package

RED = "FFFFC7CE"


def test_each_faulty_cell_is_coloured_and_says_why_and_no_other_is() -> None:
    made, where = planted()
    data = as_bytes(made)
    faults = read(data, "目录.xlsx", LISTS).faults
    sheet = load_workbook(BytesIO(write_faults(data, faults)))["目录"]
    noted = {c.coordinate: c for row in sheet.iter_rows() for c in row if c.comment}
    assert set(noted) == {address.partition("!")[2] for address, _ in where}
    assert {cell.fill.start_color.rgb for cell in noted.values()} == {RED}
    texts = {fault.cell.place: fault.said for fault in faults}
    assert {place: cell.comment.text for place, cell in noted.items()} == texts


def test_a_marked_workbook_is_read_as_before() -> None:
    made, where = planted()
    data = as_bytes(made)
    first = read(data, "x.xlsx", LISTS)
    second = read(write_faults(data, first.faults), "x.xlsx", LISTS)
    assert sorted(told(second)) == sorted(where)
    assert [r.values for r in second.lists["resources"].rows] == [
        r.values for r in first.lists["resources"].rows
    ]


def test_a_note_that_is_there_is_kept_and_faults_of_one_cell_share_one() -> None:
    made = workbook([a_row(published="x")])
    made.active["G2"].comment = Comment("请核对", "甲")
    made.active.merge_cells("G2:G3")
    faults = [
        Fault(Cell("信息资源", 3, 7), "sheets.cell.missing", parameters={"title": "发布日期"}),
        Fault(Cell("信息资源", 2, 7), "sheets.cell.not_a_date", parameters={"title": "发布日期"}),
        Fault(Cell("不在", 2, 7), "sheets.cell.missing", parameters={"title": "发布日期"}),
    ]
    written = write_faults(as_bytes(made), faults, said=lambda fault: f"错：{fault.code}")
    note = load_workbook(BytesIO(written)).active["G2"].comment  # type: ignore[union-attr]
    assert note.text.split("\n") == [
        "请核对",
        "错：sheets.cell.missing",
        "错：sheets.cell.not_a_date",
    ]


def test_a_table_of_text_has_no_place_for_notes() -> None:
    with pytest.raises(NotMarkable):
        write_faults(b"a,b", [])


@pytest.mark.parametrize("element", ["mergeCell", "hyperlink"])
def test_a_range_over_the_whole_sheet_is_not_made_into_cells(element: str) -> None:
    range_ = f'<{element}s><{element} ref="A1:XFD1048576"/></{element}s></worksheet>'
    with pytest.raises(NotMarkable):
        write_faults(package(cells("").replace("</worksheet>", range_)), [])


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04",
        package("<!DOCTYPE a><worksheet/>"),
        package("<worksheet>"),
        package(cells(""))[:300],
    ],
)
def test_a_broken_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        write_faults(data, [])
