"""Tables of text (CSV): every encoding, separator and shell that departments send."""

from __future__ import annotations

from datetime import date

import pytest

from haihe.edges.sheets import read
from tests.edges.sheets.lists import LISTS, PROVIDER, rows_of

CSV = (
    "序号,资源编码,信息资源名称,提供方代码,共享类型,发布日期,摘要\r\n"
    f'1,00120,"人口,\n信息",{PROVIDER},有条件,2026年1月2日,"""摘要"""\r\n'
)
CSV_VALUES = {
    "code": "00120",
    "title": "人口,\n信息",
    "provider": PROVIDER,
    "sharing_class": "conditional",
    "published": date(2026, 1, 2),
    "abstract": '"摘要"',
}


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tables_of_text_are_read_in_every_encoding_and_separator(
    encoding: str, separator: str
) -> None:
    text = CSV.replace(",", separator).replace(f"人口{separator}", "人口,")
    if separator == ",":
        text = CSV
    (row,) = rows_of(read(text.encode(encoding), "某局/目录.csv", LISTS))
    assert row.values == CSV_VALUES
    assert row.cell("code").address == "目录!B2"


def test_a_table_of_text_keeps_its_row_numbers_and_its_shells() -> None:
    above = "某局目录,,,\n\n填报单位,\n资源编码,信息资源名称,提供方代码,共享类型\n"
    text = f'{above}="00120",a,{PROVIDER},有条件'
    (row,) = rows_of(read(text.encode(), "a.csv", LISTS))
    assert (row.number, row.values["code"]) == (5, "00120")


def test_the_separator_that_a_first_line_tells_is_used() -> None:
    text = CSV.replace("人口,", "人口").replace(",", ";")
    (row,) = rows_of(read(f"sep=;\r\n{text}".encode(), "a.csv", LISTS))
    assert row.number == 3
