"""Every oddity of spreadsheets as departments keep them, each in a file made for it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from openpyxl.workbook import Workbook

from haihe.edges.sheets import Value, read
from tests.edges.sheets.lists import (
    A_ROW,
    AS_VALUES,
    LISTS,
    PROVIDER,
    TITLES,
    a_row,
    as_bytes,
    read_book,
    rows_of,
    told,
    workbook,
)

TWO = [a_row("a"), a_row("b")]


def only_codes(made: Workbook) -> list[Value]:
    return [row.values["code"] for row in rows_of(read_book(made))]


def value_of(key: str, content: Any, *, form: str = "General") -> Value:
    """What a cell with that content, shown in that form, is read as; it must be without fault."""
    made = workbook([a_row(**{key: content})])
    column = list(AS_VALUES).index(key) + 1
    made.active.cell(2, column).number_format = form  # type: ignore[union-attr]
    return rows_of(read_book(made))[0].values[key]


def test_a_plain_sheet_is_read() -> None:
    (row,) = rows_of(read_book(workbook([A_ROW])))
    assert row.values == AS_VALUES
    assert (row.number, row.cells["title"].address) == (2, "信息资源!B2")


def test_title_rows_above_the_header_are_passed_over() -> None:
    made = workbook(
        [["附件2"], ["某市政务信息资源目录"], ["填报单位：某局"], [], TITLES, *TWO], titles=()
    )
    made.active.merge_cells("A2:J2")
    assert only_codes(made) == ["a", "b"]


def test_a_header_of_two_rows_with_merged_cells_is_understood() -> None:
    upper = [
        "资源编码",
        "信息资源",
        None,
        "共享",
        None,
        "关联资源代码",
        "发布日期",
        "数据量",
        "是否数源",
        "摘要",
    ]
    lower = [None, "名称", "提供方代码", "类型", "方式"]
    made = workbook([upper, lower, *TWO], titles=())
    for merged in ("A1:A2", "B1:C1", "D1:E1", "F1:F2", "G1:G2", "H1:H2", "I1:I2", "J1:J2"):
        made.active.merge_cells(merged)
    (first, second) = rows_of(read_book(made))
    assert first.values == AS_VALUES | {"code": "a"}
    assert second.number == 4


def test_headers_are_known_with_stars_remarks_spaces_and_numbers() -> None:
    titles = list(TITLES)
    titles[0:4] = [
        "* 资源编码",
        "信息资源\n名称（必填）",
        "3.提供方代码",
        "共享类型(有条件/无条件/不予)",
    ]
    titles[6] = "发布日期（YYYY-MM-DD）："
    assert only_codes(workbook(TWO, titles=titles)) == ["a", "b"]


def test_english_headers_aliases_and_keys_are_known() -> None:
    titles = ["Code", "资源名称", "provider", "SHARING CLASS", "modes", "related", "Published_on"]
    made = workbook([each[:7] for each in TWO], titles=titles)
    assert only_codes(made) == ["a", "b"]


def test_a_merged_cell_stands_for_all_its_rows() -> None:
    made = workbook([a_row("a"), a_row("b", provider=None), a_row("c", provider=None)])
    made.active.merge_cells("C2:C4")
    rows = rows_of(read_book(made))
    assert [row.values["provider"] for row in rows] == [PROVIDER] * 3
    assert rows[2].cell("provider").address == "信息资源!C2"
    assert rows[2].cell("code").address == "信息资源!A4"


def test_a_fault_in_a_merged_cell_is_told_once() -> None:
    made = workbook([a_row("a", published="明天"), *(a_row(c, published=None) for c in "bc")])
    made.active.merge_cells("G2:G4")
    found = read_book(made)
    assert told(found) == [("信息资源!G2", "sheets.cell.not_a_date")]
    assert not any(row.is_sound for row in found.lists["resources"].rows)


def test_an_entry_that_takes_two_rows_in_every_column_is_one() -> None:
    made = workbook([a_row("a"), [None] * 10, a_row("b")])
    for letter in "ABCDEFGHIJ":
        made.active.merge_cells(f"{letter}2:{letter}3")
    assert only_codes(made) == ["a", "b"]


def test_a_cell_merged_over_two_columns_is_a_fault() -> None:
    made = workbook([a_row("a", title="人口", provider=None)])
    made.active.merge_cells("B2:C2")
    assert told(read_book(made)) == [("信息资源!B2", "sheets.cell.merged")]


def test_a_column_that_is_two_merged_ones_throughout_is_one() -> None:
    made = workbook([[*A_ROW, None]], titles=[*TITLES, None])
    made.active.merge_cells("J1:K1")
    made.active.merge_cells("J2:K2")
    assert only_codes(made) == ["pop.person"]


def test_hidden_rows_and_columns_are_read_like_others() -> None:
    made = workbook(TWO)
    made.active.row_dimensions[3].hidden = True
    made.active.column_dimensions["B"].hidden = True
    found = rows_of(read_book(made))
    assert [row.is_hidden for row in found] == [False, True]
    assert found[1].values == AS_VALUES | {"code": "b"}


@pytest.mark.parametrize(
    "row",
    [
        ["合计", None, None, None, None, None, None, 10],
        ["合  计"],
        ["注：本表由各部门填报。"],
        ["填表人：甲", None, "审核人：乙", None, "联系电话：000"],
        ["必填", "必填", "必填", "必填", "选填", "选填", "选填", "选填", "选填", "选填"],
        list(range(1, 11)),
        list(TITLES),
        [None, "  ", "\u3000"],
    ],
)
def test_rows_that_are_no_entries_are_passed_over(row: list[Any]) -> None:
    assert only_codes(workbook([a_row("a"), row, a_row("b"), row])) == ["a", "b"]


def test_notes_of_several_rows_are_passed_over_to_their_end() -> None:
    notes = [["说明："], ["1. 数据量单位为条。"], [], ["2. 更新周期见附件。"], ["填表人：甲"]]
    assert only_codes(workbook([a_row("a"), *notes])) == ["a"]
    found = told(read_book(workbook([a_row("a"), ["注：略"], a_row("b"), ["c"]])))
    assert found == [(f"信息资源!{letter}5", "sheets.cell.missing") for letter in "BCD"]


def test_a_heading_merged_over_the_table_is_passed_over() -> None:
    made = workbook([["一、某局"], a_row("a"), ["二、某委"], a_row("b")])
    for row in (2, 4):
        made.active.merge_cells(f"A{row}:J{row}")
    assert only_codes(made) == ["a", "b"]


def test_an_entry_that_is_only_titled_like_a_sum_or_a_note_is_kept() -> None:
    rows = [a_row("合计"), a_row("注：a"), a_row("b", title="合计")]
    assert only_codes(workbook(rows)) == ["合计", "注:a", "b"]


def test_an_entry_with_one_cell_filled_is_kept_and_its_gaps_told() -> None:
    found = told(read_book(workbook([["a"]])))
    assert found == [(f"信息资源!{letter}2", "sheets.cell.missing") for letter in "BCD"]


def test_the_numbering_column_and_columns_to_be_ignored_raise_no_fault() -> None:
    rows = [[number, *each, "旧"] for number, each in enumerate(TWO, 1)]
    example = ["示例", *a_row("例"), ""]
    made = workbook([example, *rows], titles=["序号", *TITLES, "备注"])
    assert only_codes(made) == ["a", "b"]


def test_empty_rows_between_entries_and_below_are_passed_over() -> None:
    made = workbook([a_row("a"), [], [], a_row("b")])
    made.active.cell(3000, 3).number_format = "@"
    assert [row.number for row in rows_of(read_book(made))] == [2, 5]


def test_a_sheet_of_any_name_is_known_by_its_titles() -> None:
    made = workbook(TWO, title="Sheet1 (2)")
    (first, _) = rows_of(read_book(made))
    assert first.cell("code").address == "'Sheet1 (2)'!A2"


def test_several_sheets_of_one_list_are_read_together() -> None:
    made = workbook([a_row("a")], title="第一批")
    second = made.create_sheet("第二批")
    for row in (TITLES, a_row("b"), a_row("a")):
        second.append(list(row))
    made.create_sheet("填表说明").append(["请如实填写"])
    found = read_book(made)
    assert [row.values["code"] for row in found.lists["resources"].rows] == ["a", "b", "a"]
    assert told(found) == [("第二批!A3", "sheets.row.twice")]
    assert found.faults[0].parameters["first"] == "第一批!A2"
    assert found.ignored == ("填表说明",)


def test_a_hidden_sheet_counts_only_if_nothing_else_is_a_list() -> None:
    made = workbook([a_row("old")], title="旧")
    made.create_sheet("新")
    made.active.sheet_state = "hidden"
    for row in (TITLES, a_row("new")):
        made["新"].append(list(row))
    assert only_codes(made) == ["new"]
    made.remove(made["新"])
    made.create_sheet("空")
    assert only_codes(made) == ["old"]


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (date(2026, 1, 2), "yyyy-mm-dd"),
        (datetime(2026, 1, 2, 13, 5), "yyyy/m/d h:mm"),  # noqa: DTZ001 - a cell has no zone
        (date(2026, 1, 2), "yyyy年m月d日"),
        (46024, "General"),
        ("46024", "@"),
        (20260102, "General"),
        ("20260102", "@"),
        ("2026年1月2日", "@"),
        ("２０２６年０１月０２日", "@"),
        ("2026.1.2", "@"),
        ("2026/1/2", "@"),
        ("2026-01-02", "@"),
        ("2026-01-02 00:00:00", "@"),
        (" 2026年 1月 2日 ", "@"),
    ],
)
def test_days_are_read_however_they_are_written(content: Any, form: str) -> None:
    assert value_of("published", content, form=form) == date(2026, 1, 2)


@pytest.mark.parametrize(
    "content", ["1/2/2026", "2026年1月", "长期", "2026-02-30", 2026, 1.5, True, "0226-1-2x"]
)
def test_what_is_no_day_or_could_be_two_is_a_fault(content: Any) -> None:
    found = read_book(workbook([a_row(published=content)]))
    assert told(found) == [("信息资源!G2", "sheets.cell.not_a_date")]


def test_days_counted_from_1904_are_the_same_days() -> None:
    made = workbook([a_row("a"), a_row("b", published=46024 - 1462)])
    made.epoch = datetime(1904, 1, 1)  # noqa: DTZ001 - what openpyxl asks for
    assert [r.values["published"] for r in rows_of(read_book(made))] == [date(2026, 1, 2)] * 2


@pytest.mark.parametrize(
    ("content", "form", "code"),
    [
        ("００１２０", "@", "00120"),
        ("ＡＢ－１", "General", "AB-1"),
        ("\u3000a1\u200b ", "General", "a1"),
        (120101, "General", "120101"),
        (120101199001, "0", "120101199001"),
        (120, "000000", "000120"),
    ],
)
def test_codes_are_read_as_they_are_shown(content: Any, form: str, code: str) -> None:
    assert value_of("code", content, form=form) == code


@pytest.mark.parametrize(
    ("key", "content", "form", "code"),
    [
        ("code", 1000, "0.00E+00", "sheets.cell.digits_lost"),
        ("code", "1.0E3", "@", "sheets.cell.digits_lost"),
        ("code", "1.20101E+17", "@", "sheets.cell.digits_lost"),
        ("provider", 911200001030645001, "General", "sheets.cell.digits_lost"),
        ("provider", 120, "General", "sheets.cell.zeros_lost"),
        ("provider", "120", "@", "sheets.cell.wrong_length"),
        ("code", date(2026, 1, 3), "m-d", "sheets.cell.became_date"),
        ("code", 1.5, "General", "sheets.cell.digits_lost"),
        ("abstract", 911200001030645001, "General", "sheets.cell.digits_lost"),
    ],
)
def test_codes_that_became_numbers_are_named_not_guessed(
    key: str, content: Any, form: str, code: str
) -> None:
    made = workbook([a_row(**{key: content})])
    column = list(AS_VALUES).index(key) + 1
    made.active.cell(2, column).number_format = form
    assert [fault.code for fault in read_book(made).faults] == [code]


@pytest.mark.parametrize(
    ("key", "content", "value"),
    [
        ("rows", "１，２００", 1200),
        ("rows", "1,200", 1200),
        ("rows", "12.0", 12),
        ("rows", "-3", -3),
        ("rows", "/", None),
        ("is_source", "√", True),
        ("is_source", "×", False),
        ("is_source", "否", False),
        ("is_source", True, True),
        ("is_source", 0, False),
        ("is_source", "无", False),
        ("is_source", "—", None),
        ("title", 2026, "2026"),
        ("title", 1.5, "1.5"),
        ("title", 0.1 + 0.2, "0.3"),
        ("title", " 两\r\n行 ", "两\n行"),
        ("sharing_class", "有条件", "conditional"),
        ("sharing_class", "Conditional ", "conditional"),
        ("sharing_class", "有 条 件\n共享", "conditional"),
        ("modes", "库表,文件；接口", ("table", "file", "api")),
        ("modes", "接口|库表\n文件、接口", ("api", "table", "file")),
        ("modes", "无", ()),
        ("related", "10302/000007；10302/000008", ("10302/000007", "10302/000008")),
    ],
)
def test_values_are_read_in_the_ways_they_are_written(key: str, content: Any, value: Value) -> None:
    assert value_of(key, content) == value


@pytest.mark.parametrize(
    ("key", "content", "code"),
    [
        ("rows", "约五百", "sheets.cell.not_an_integer"),
        ("rows", 1.5, "sheets.cell.not_an_integer"),
        ("is_source", "也许", "sheets.cell.not_yes_or_no"),
        ("sharing_class", "公开", "sheets.cell.not_a_choice"),
        ("modes", "库表、邮寄", "sheets.cell.not_a_choice"),
        ("title", "字" * 61, "sheets.cell.too_long"),
        ("title", "#N/A", "sheets.cell.error"),
        ("title", "=CONCAT(A1)", "sheets.cell.formula"),
        ("title", "   ", "sheets.cell.missing"),
        ("sharing_class", "/", "sheets.cell.missing"),
    ],
)
def test_a_cell_that_is_wrong_is_told_by_its_code(key: str, content: Any, code: str) -> None:
    found = read_book(workbook([a_row(**{key: content})]))
    assert [fault.code for fault in found.faults] == [code]
    (row,) = found.lists["resources"].rows
    assert not row.is_sound
    assert row.values[key] in (None, ())


def test_every_fault_has_a_sentence_that_says_what_to_do() -> None:
    (fault,) = read_book(workbook([a_row(sharing_class="公开")])).faults
    assert (
        fault.said
        == "共享类型 is none of its choices. Write one of: 无条件共享、有条件共享、不予共享."
    )
    assert fault.given == "公开"


def test_columns_unknown_untitled_twice_and_missing_are_told_once_each() -> None:
    titles = [*TITLES[:3], "共享程度", *TITLES[4:], "摘要", None]
    made = workbook([[*a_row("a"), "x", "y"], [*a_row("b"), "x", "y"]], titles=titles)
    assert told(read_book(made)) == [
        ("信息资源!D1", "sheets.column.unknown"),
        ("信息资源!K1", "sheets.column.twice"),
        ("信息资源!A1", "sheets.column.missing"),
        ("信息资源!L1", "sheets.column.untitled"),
    ]


def test_a_sheet_of_the_right_name_without_a_header_is_told() -> None:
    found = read_book(workbook([["a", "b"]], titles=()))
    assert told(found) == [("信息资源!A1", "sheets.header.missing")]


def test_rows_past_the_fault_limit_are_counted() -> None:
    made = workbook([a_row(str(n), published="x") for n in range(10_020)])
    found = read(as_bytes(made), "x.xlsx", LISTS).lists["resources"]
    assert (len(found.faults), found.untold, len(found.rows)) == (10_000, 20, 10_020)
