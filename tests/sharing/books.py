"""Workbooks as a department keeps them: many resources, faults planted in known cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

RESOURCE_KEYS = {
    "code": "信息资源标识",
    "title": "信息资源名称",
    "classification": "信息资源分类",
    "provider": "信息资源提供方",
    "provider_code": "信息资源提供方代码",
    "abstract": "信息资源摘要",
    "format": "信息资源格式",
    "sharing_class": "共享类型",
    "sharing_condition": "共享条件",
    "modes": "共享方式",
    "open_class": "是否向社会开放",
    "open_condition": "开放条件",
    "cycle": "更新周期",
    "is_source": "是否数源",
    "system": "来源系统编码",
    "table": "平台表名",
    "remarks": "备注",
}
ITEM_KEYS = {
    "resource": "资源编码",
    "name": "字段名",
    "title": "信息项名称",
    "kind": "数据类型",
    "length": "数据长度",
    "is_key": "是否主键",
    "is_subject": "是否主体标识",
    "scheme": "标识方案",
    "sharing_class": "共享类型",
    "unit": "计量单位",
    "element": "数据元",
    "is_lead": "一数一源",
}


@dataclass
class Book:
    """A workbook of resources and their columns; ``resources`` and ``items`` hold rows by key."""

    resources: list[dict[str, Any]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)

    def cell(self, sheet: str, row: int, key: str) -> str:
        """Where a row's field stands, by its place in the list from 0."""
        keys = RESOURCE_KEYS if sheet == "resources" else ITEM_KEYS
        title = {"resources": "信息资源", "items": "信息项"}[sheet]
        return f"{title}!{get_column_letter([*keys].index(key) + 1)}{row + 2}"

    def data(self) -> bytes:
        """The file."""
        made = Workbook()
        first = made.active
        assert first is not None
        first.title = "信息资源"
        second = made.create_sheet("信息项")
        for sheet, keys, rows in (
            (first, RESOURCE_KEYS, self.resources),
            (second, ITEM_KEYS, self.items),
        ):
            sheet.append([*keys.values()])
            for row in rows:
                sheet.append([row.get(key) for key in keys])
        target = BytesIO()
        made.save(target)
        return target.getvalue()


def resource(number: int, *, provider: str, **changed: Any) -> dict[str, Any]:
    """A row of the catalogue without a fault."""
    return {
        "code": f"housing/r{number:04}",
        "title": f"缴存明细{number}",
        "classification": "1-01",
        "provider": provider,
        "abstract": "按月汇总的缴存情况。",
        "format": "数据库",
        "sharing_class": "有条件共享",
        "sharing_condition": "用于办理住房公积金业务",
        "modes": "库表、接口",
        "open_class": "不予开放",
        "cycle": "每月",
        "is_source": "是",
        "remarks": "由信息科填报",
        **changed,
    }


def items(number: int) -> list[dict[str, Any]]:
    """The columns of a resource: a number, a name, an amount."""
    code = f"housing/r{number:04}"
    return [
        {
            "resource": code,
            "name": "person_number",
            "title": "公民身份号码",
            "kind": "字符型",
            "length": 18,
            "is_key": "是",
            "is_subject": "是",
            "scheme": "luhn.person",
        },
        {"resource": code, "name": "paid_on", "title": "缴存日期", "kind": "日期型"},
        {"resource": code, "name": "sum", "title": "缴存额", "kind": "整数型", "unit": "分"},
    ]


def book(size: int, *, provider: str) -> Book:
    """A workbook of so many resources with three columns each, all in order."""
    return Book(
        [resource(n, provider=provider) for n in range(size)],
        [row for n in range(size) for row in items(n)],
    )


Planted = tuple[str, str]


def planted(made: Book) -> list[Planted]:
    """Plant fifty faults, each in another resource: (cell, code) of each."""
    found: list[Planted] = []
    number = iter(range(3, 10_000, 37))
    for key, value, code in RESOURCE_FAULTS:
        row = next(number)
        changes = value if isinstance(value, dict) else {key: value}
        made.resources[row] |= changes
        found.append((made.cell("resources", row, key), code))
    for at, key, value, code in ITEM_FAULTS:
        row = 3 * next(number) + at
        changes = value if isinstance(value, dict) else {key: value}
        made.items[row] |= changes
        found.append((made.cell("items", row, key), code))
    return found


_AT = "catalogue.sheets."
RESOURCE_FAULTS: list[tuple[str, Any, str]] = [
    ("title", None, f"{_AT}title_missing"),
    ("title", " ", f"{_AT}title_missing"),
    ("title", "长" * 121, "sheets.cell.too_long"),
    ("title", "#N/A", "sheets.cell.error"),
    ("classification", "9-99", f"{_AT}class_unknown"),
    ("classification", "4-01", f"{_AT}class_unknown"),
    ("provider", "河湾市民政局", f"{_AT}not_yours"),
    ("provider", "registry", f"{_AT}not_yours"),
    ("provider", "月球管理局", f"{_AT}provider_unknown"),
    ("provider_code", "1112", "sheets.cell.wrong_length"),
    ("provider_code", "12120000MB1A2B3C4D", f"{_AT}provider_unknown"),
    ("abstract", "#REF!", "sheets.cell.error"),
    ("format", "竹简", "sheets.cell.not_a_choice"),
    ("sharing_class", "随便共享", "sheets.cell.not_a_choice"),
    ("sharing_class", None, "sheets.cell.missing"),
    ("sharing_condition", None, f"{_AT}condition_missing"),
    ("sharing_condition", "", f"{_AT}condition_missing"),
    ("modes", "库表、飞鸽", "sheets.cell.not_a_choice"),
    ("open_class", "半开", "sheets.cell.not_a_choice"),
    ("open_condition", {"open_class": "有条件开放"}, f"{_AT}open_condition_missing"),
    (
        "open_class",
        {"sharing_class": "不予共享", "open_class": "无条件开放"},
        f"{_AT}withheld_opened",
    ),
    ("cycle", "有空时", "sheets.cell.not_a_choice"),
    ("cycle", "每个月圆之夜", "sheets.cell.not_a_choice"),
    ("is_source", "也许", "sheets.cell.not_yes_or_no"),
    ("system", "nowhere.db", "catalogue.system.unknown"),
    ("table", "registry.person", f"{_AT}table_taken"),
]
ITEM_FAULTS: list[tuple[int, str, Any, str]] = [
    (1, "kind", "某种型", f"{_AT}kind_unknown"),
    (1, "kind", None, "sheets.cell.missing"),
    (1, "kind", "数值型", f"{_AT}digits_missing"),
    (2, "kind", "数值型(50,2)", f"{_AT}digits_missing"),
    (1, "length", "很长", f"{_AT}length_bad"),
    (1, "name", None, "sheets.cell.missing"),
    (2, "resource", {"name": "paid_on"}, "sheets.row.twice"),
    (1, "resource", "housing/nowhere", f"{_AT}resource_unknown"),
    (1, "resource", None, "sheets.cell.missing"),
    (0, "scheme", "some.scheme", "sheets.cell.not_a_choice"),
    (0, "scheme", None, f"{_AT}scheme_missing"),
    (1, "is_subject", {"is_subject": "是", "scheme": "luhn.person"}, f"{_AT}two_subjects"),
    (1, "unit", "分", f"{_AT}unit_of_kind"),
    (2, "unit", "吨", "sheets.cell.not_a_choice"),
    (1, "element", {"is_lead": "是"}, f"{_AT}element_missing"),
    (1, "is_lead", {"is_lead": "是", "element": "person.paid"}, f"{_AT}lead_taken"),
    (0, "is_key", "大概", "sheets.cell.not_yes_or_no"),
    (1, "sharing_class", "全共享", "sheets.cell.not_a_choice"),
    (1, "title", "长" * 121, "sheets.cell.too_long"),
    (1, "title", "#DIV/0!", "sheets.cell.error"),
    (0, "length", "#VALUE!", "sheets.cell.error"),
    (2, "name", "n" * 81, "sheets.cell.too_long"),
    (2, "kind", "#NAME?", "sheets.cell.error"),
    (0, "is_subject", "#NULL!", "sheets.cell.error"),
]
