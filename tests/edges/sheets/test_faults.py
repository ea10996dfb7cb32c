"""A department's workbook of 2,000 rows with 50 faults in it: these are told, and no others."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from openpyxl import Workbook

from haihe.edges.sheets import read
from tests.edges.sheets.lists import LISTS, PROVIDER, TITLES, a_row, as_bytes, told

ROWS = 2_000
DAYS = ("2026年1月2日", "2026.1.2", "2026/1/2", 20260102, date(2026, 1, 2), 46024, None)
PLANTED: tuple[tuple[str, Any, str], ...] = (
    ("code", None, "sheets.cell.missing"),
    ("code", "1.0E3", "sheets.cell.digits_lost"),
    ("code", date(2026, 1, 3), "sheets.cell.became_date"),
    ("code", "c" * 81, "sheets.cell.too_long"),
    ("title", None, "sheets.cell.missing"),
    ("title", "　 ", "sheets.cell.missing"),
    ("title", "字" * 61, "sheets.cell.too_long"),
    ("title", "#REF!", "sheets.cell.error"),
    ("title", '=A1&"名称"', "sheets.cell.formula"),
    ("provider", "/", "sheets.cell.missing"),
    ("provider", 911200001030645001, "sheets.cell.digits_lost"),
    ("provider", "1.1120000E+17", "sheets.cell.digits_lost"),
    ("provider", 120, "sheets.cell.zeros_lost"),
    ("provider", f"{PROVIDER}0", "sheets.cell.wrong_length"),
    ("sharing_class", "公开", "sheets.cell.not_a_choice"),
    ("sharing_class", "无", "sheets.cell.missing"),
    ("sharing_class", 3, "sheets.cell.not_a_choice"),
    ("modes", "库表、邮寄", "sheets.cell.not_a_choice"),
    ("modes", "#N/A", "sheets.cell.error"),
    ("published", "长期", "sheets.cell.not_a_date"),
    ("published", "1/2/2026", "sheets.cell.not_a_date"),
    ("published", "2026-02-29", "sheets.cell.not_a_date"),
    ("published", 2026, "sheets.cell.not_a_date"),
    ("published", "=TODAY()", "sheets.cell.formula"),
    ("rows", "约五百万", "sheets.cell.not_an_integer"),
    ("rows", 0.5, "sheets.cell.not_an_integer"),
    ("rows", "#DIV/0!", "sheets.cell.error"),
    ("rows", 10**16, "sheets.cell.digits_lost"),
    ("is_source", "待定", "sheets.cell.not_yes_or_no"),
    ("is_source", 2, "sheets.cell.not_yes_or_no"),
    ("abstract", "#######", "sheets.cell.error"),
    ("abstract", "=NA()", "sheets.cell.formula"),
)
"""A field, what is planted in it, and the code of the fault that must be told."""
ONCE = 50 - len(PLANTED) - 2 - 3 - 3
"""How many of them are planted twice, beside unknown columns, repeated keys and merged cells."""


def as_kept(chance: random.Random) -> list[list[Any]]:
    """Rows without fault, of all the ways in which departments write them."""
    return [
        a_row(
            f"res.{number:05d}",
            title=f"信息资源（{number}）",
            sharing_class=chance.choice(["无条件共享", "有条件", "不予共享", "conditional"]),
            modes=chance.choice(["库表", "库表、接口", "文件,接口", "/", None]),
            published=chance.choice(DAYS),
            rows=chance.choice([5, "１，２００", "1200", None, "—"]),
            is_source=chance.choice(["是", "否", "√", "×", True, None]),
        )
        for number in range(ROWS)
    ]


def planted() -> tuple[Workbook, list[tuple[str, str]]]:
    """The workbook, and where each fault stands, by its address and code."""
    chance = random.Random(12)  # noqa: S311 - made-up data by number
    rows = as_kept(chance)
    keys = [field.key for field in LISTS[0].fields]
    where: list[tuple[str, str]] = [
        ("目录!L4", "sheets.column.unknown"),
        ("目录!M4", "sheets.column.unknown"),
    ]
    spots = iter(chance.sample(range(10, ROWS - 10, 3), 60))
    for key, content, code in (*PLANTED, *PLANTED[:ONCE]):
        spot = next(spots)
        rows[spot][keys.index(key)] = content
        where.append((f"目录!{chr(66 + keys.index(key))}{spot + 5}", code))
    for _ in range(3):
        spot = next(spots)
        rows[spot][0] = rows[3][0]
        where.append((f"目录!B{spot + 5}", "sheets.row.twice"))
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "目录"
    for row in (["附件1"], ["某局信息资源目录"], [], ["序号", *TITLES, "来源", "经办人"]):
        sheet.append(row)
    for number, each in enumerate(rows, 1):
        sheet.append([number, *each, "甲", "乙"])
    for _ in range(3):
        spot = next(spots) + 5
        sheet.merge_cells(f"C{spot}:D{spot}")
        where.append((f"目录!C{spot}", "sheets.cell.merged"))
    sheet.append(["合计", None, None, None, None, None, None, None, 12])
    sheet.append(["注：数据量单位为条。"])
    return made, where


def test_exactly_the_fifty_planted_faults_are_told_each_by_its_cell_and_code() -> None:
    made, where = planted()
    found = read(as_bytes(made), "目录.xlsx", LISTS)
    assert len(where) == 50
    assert sorted(told(found)) == sorted(where)
    rows = found.lists["resources"].rows
    assert len(rows) == ROWS
    assert sum(not row.is_sound for row in rows) == 48
