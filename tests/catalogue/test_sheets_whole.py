"""The catalogue on one sheet, as the national guide prints it: headings, merged cells, items."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from haihe.base.text import Text
from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue.models import Resource
from tests.catalogue.builders import PROVIDER, STEWARD, Small

pytestmark = pytest.mark.django_db
UPPER = (
    "信息资源分类", None, None, None, "信息资源名称", "信息资源代码", "信息资源提供方",
    "信息资源摘要", "信息资源格式", "信息项信息", None, None, "共享属性",
    None, None, "开放属性", None,
    "更新周期", "发布日期", "关联资源代码",
)  # fmt: skip
LOWER = (
    "类", "项", "目", "细目", None, None, None, None, None, "信息项名称", "数据类型", "数据长度",
    "共享类型", "共享条件", "共享方式", "是否向社会开放", "开放条件", None, None, None,
)  # fmt: skip
OVER = ("A2:D2", "J2:L2", "M2:O2", "P2:Q2", *(f"{each}2:{each}3" for each in "EFGHIRST"))
FIRST = (
    "1", "住房", None, None, "公积金缴存", "103/000009", "civil", "摘要", "数据库",
    "姓名", "字符型", 60, "有条件共享", "按职责", "库表", "否", None, "每日", None, None,
)  # fmt: skip
SECOND = (
    "1", "住房", None, None, "公积金提取", "103/000010", "civil", "摘要", "数据库",
    "金额", "数值型", "18,2", "无条件共享", None, "接口", "否", None, "每月", None, "103/000009",
)  # fmt: skip
ITEM = (None,) * 9 + ("账号", "字符型", 20) + (None,) * 8
CLASSES: dict[str, Text] = {"1": {"zh": "基础"}, "1-03": {"zh": "住房"}}


def workbook(*, changes: dict[str, Any] | None = None, merged: bool = True) -> bytes:
    """Two resources, of three items and of two, under a title and a heading of two rows."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "政务信息资源目录"
    third = (*ITEM[:9], "日期", "日期型", None, *ITEM[12:])
    for row in (("某市政务信息资源目录",), UPPER, LOWER, FIRST, ITEM, third, SECOND, ITEM):
        sheet.append(row)
    sheet.merge_cells("A1:T1")
    for each in OVER:
        sheet.merge_cells(each)
    for letter in "ABCDEFGHIMNOPQRST" if merged else "":
        sheet.merge_cells(f"{letter}4:{letter}6")
        sheet.merge_cells(f"{letter}7:{letter}8")
    for place, value in (changes or {}).items():
        sheet[place] = value
    written = BytesIO()
    made.save(written)
    return written.getvalue()


def told(data: bytes) -> list[tuple[str, str]]:
    """Place and code of each fault; nothing is written."""
    found = actions.try_sheets(by=PROVIDER, data=data, name="目录.xlsx")
    return [(each.cell.place, each.code.rpartition(".")[2]) for each in found.faults]


@pytest.fixture(autouse=True)
def classes(small: Small) -> None:
    actions.set_classes(by=STEWARD, classes=CLASSES)


def test_the_national_form_comes_in_as_resources_with_their_items() -> None:
    found = actions.import_sheets(by=PROVIDER, data=workbook(), name="目录.xlsx")
    assert found.counts["catalogue"].new == 2
    first, second = Resource.objects.filter(code__startswith="103/").order_by("code")
    assert [each.name for each in first.columns.all()] == ["姓名", "账号", "日期"]
    assert [(each.kind, each.length) for each in second.columns.all()] == [
        ("decimal(18,2)", None),
        ("text", 20),
    ]
    assert (first.classification, first.national_code) == ("1-03", "103/000009")
    assert (first.sharing_class, first.sharing_condition) == ("conditional", "按职责")
    assert (second.modes, second.cycle, second.related) == (["interface"], "monthly", [first.code])
    again = actions.import_sheets(by=PROVIDER, data=workbook(), name="目录.xlsx")
    assert (again.counts["catalogue"].new, again.counts["catalogue"].unchanged) == (0, 2)


def test_a_resource_that_is_there_is_known_by_its_number() -> None:
    actions.import_sheets(by=PROVIDER, data=workbook(), name="目录.xlsx")
    data = workbook(changes={"E4": "公积金缴存（新）"})
    assert (
        actions.import_sheets(by=PROVIDER, data=data, name="a.xlsx").counts["catalogue"].changed
        == 1
    )
    assert Resource.objects.get(national_code="103/000009").title["zh"] == "公积金缴存（新）"


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"K5": "量子型"}, [("K5", "kind_unknown")]),
        ({"K5": None}, [("K5", "missing")]),
        ({"J6": "姓名"}, [("J6", "twice")]),
        ({"J6": None}, [("J6", "missing")]),
        ({"B4": "太空"}, [("B4", "class_unknown")]),
        ({"M4": "也许"}, [("M4", "not_a_choice")]),
        ({"N4": None}, [("N4", "condition_missing")]),
        ({"F7": None}, [("F7", "missing")]),
        ({"G7": "tax"}, [("G7", "not_yours")]),
        ({"T7": "103/999999"}, [("T7", "related_unknown")]),
        ({"K5": "量子型", "G7": "nobody", "M4": "也许"},
         [("M4", "not_a_choice"), ("K5", "kind_unknown"), ("G7", "provider_unknown")]),
    ],
)  # fmt: skip
def test_each_fault_is_told_once_at_its_cell(
    changes: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    assert told(workbook(changes=changes)) == faults


def test_rows_that_are_not_merged_must_say_the_same() -> None:
    again = dict(zip("ABCDEFGHIMNOPQRST", (*FIRST[:9], *FIRST[12:]), strict=True))
    filled = {f"{letter}{row}": value for letter, value in again.items() for row in (5, 6)}
    last = {f"{x}8": y for x, y in zip(again, (*SECOND[:9], *SECOND[12:]), strict=True)}
    data = workbook(changes=filled | last, merged=False)
    assert told(data) == []
    assert told(workbook(changes={**filled, **last, "R6": "每年"}, merged=False)) == [
        ("R6", "whole_differs")
    ]
