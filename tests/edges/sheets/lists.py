"""Two lists of a city, as they would be declared, and workbooks made by another library."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook

from haihe.edges.sheets import Book, Field, Row, Sheet, Value, read

RESOURCES = Sheet(
    "resources",
    ("信息资源", "Resources", "信息资源目录"),
    (
        Field("code", ("资源编码", "Code", "编码"), "code", is_required=True, most_chars=80),
        Field("title", ("信息资源名称", "Title", "资源名称"), is_required=True, most_chars=60),
        Field("provider", ("提供方代码", "Provider"), "code", is_required=True, exact_chars=18),
        Field(
            "sharing_class",
            ("共享类型", "Sharing class", "共享属性"),
            "choice",
            is_required=True,
            choices={
                "unconditional": ("无条件共享", "unconditional", "无条件"),
                "conditional": ("有条件共享", "conditional", "有条件"),
                "withheld": ("不予共享", "withheld"),
            },
        ),
        Field(
            "modes",
            ("共享方式", "Modes"),
            "many",
            choices={"table": ("库表", "table"), "file": ("文件", "file"), "api": ("接口", "API")},
        ),
        Field("related", ("关联资源代码", "Related"), "many"),
        Field("published", ("发布日期", "Published on"), "date"),
        Field("rows", ("数据量", "Number of rows"), "integer"),
        Field("is_source", ("是否数源", "Source of truth"), "yes_no"),
        Field("abstract", ("摘要", "Abstract", "信息资源摘要")),
    ),
    key=("code",),
    ignored=("备注",),
)
SYSTEMS = Sheet(
    "systems",
    ("系统清单", "Systems"),
    (
        Field("code", ("系统编码", "System code"), "code", is_required=True),
        Field("name", ("系统名称", "System"), is_required=True),
        Field("level", ("等保级别", "Protection level"), "integer"),
    ),
    key=("code",),
)
LISTS = (RESOURCES, SYSTEMS)
TITLES = tuple(field.titles[0] for field in RESOURCES.fields)
PROVIDER = "11120000000125014W"
A_ROW: tuple[Any, ...] = (
    "pop.person", "人口基本信息", PROVIDER, "有条件共享", "库表、接口", "", date(2026, 1, 2), 5,
    "是", "摘要",
)  # fmt: skip
AS_VALUES: dict[str, Value] = {
    "code": "pop.person",
    "title": "人口基本信息",
    "provider": PROVIDER,
    "sharing_class": "conditional",
    "modes": ("table", "api"),
    "related": (),
    "published": date(2026, 1, 2),
    "rows": 5,
    "is_source": True,
    "abstract": "摘要",
}


def a_row(code: str = "pop.person", **changed: Any) -> list[Any]:
    """A row without fault, some of it changed, by its fields' keys."""
    values = dict(zip((field.key for field in RESOURCES.fields), A_ROW, strict=True))
    return list((values | {"code": code} | changed).values())


def workbook(
    rows: Iterable[Sequence[Any]] = (), *, title: str = "信息资源", titles: Sequence[Any] = TITLES
) -> Workbook:
    """A workbook with the header in row 1, and rows."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = title
    for row in (titles, *rows) if titles else rows:
        sheet.append(list(row))
    return made


def as_bytes(made: Workbook) -> bytes:
    """A workbook as the file that a department sends."""
    target = BytesIO()
    made.save(target)
    return target.getvalue()


def read_book(made: Workbook) -> Book:
    """What is read of a workbook."""
    return read(as_bytes(made), "目录.xlsx", LISTS)


def rows_of(book: Book, name: str = "resources") -> tuple[Row, ...]:
    """The rows of a list, which must be without fault."""
    assert not book.lists[name].faults, book.lists[name].faults
    return book.lists[name].rows


def told(book: Book) -> list[tuple[str, str]]:
    """Every fault by its cell's address and its code."""
    return [(fault.cell.address, fault.code) for fault in book.faults]
