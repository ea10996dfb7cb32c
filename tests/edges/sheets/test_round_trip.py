"""What is written is read back equal: every kind, .xlsx and .csv, Chinese and English."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from io import BytesIO, StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from haihe.edges.sheets import Sheet, Unwritable, Value, read, write_csv, write_xlsx
from haihe.edges.sheets.kinds import Problem, reader
from haihe.edges.sheets.words import SEPARATORS, is_error, narrow, tidy
from tests.edges.sheets.lists import AS_VALUES, LISTS, PROVIDER, RESOURCES, SYSTEMS, rows_of

CODE = next(field for field in RESOURCES.fields if field.key == "code")
LANGUAGES = st.sampled_from(["zh", "en"])
SIGNS = st.characters(exclude_categories=("Cs", "Cn")) | st.sampled_from("=+-@'\t\n\"_xX0,;、　")
TEXTS = st.text(SIGNS, min_size=1, max_size=40).filter(
    lambda t: tidy(t) == t and not is_error(t) and len(t) <= 60
)
CODES = st.text(SIGNS, min_size=1, max_size=20).filter(
    lambda t: narrow(t) == t and not isinstance(reader(CODE)(("text", t, "")), Problem | None)
)
PARTS = CODES.filter(lambda t: not SEPARATORS.search(t) and t.isascii())
VALUES = st.fixed_dictionaries(
    {
        "code": CODES.map(lambda code: f"c{code}"[:20].strip()),
        "title": TEXTS,
        "provider": st.just(PROVIDER),
        "sharing_class": st.sampled_from(["unconditional", "conditional", "withheld"]),
        "modes": st.lists(st.sampled_from(["table", "file", "api"]), unique=True).map(tuple),
        "related": st.lists(PARTS, unique=True, max_size=3).map(tuple),
        "published": st.none() | st.dates(min_value=date(1000, 1, 1)),
        "rows": st.none() | st.integers(-(2**63), 2**63 - 1),
        "is_source": st.none() | st.booleans(),
        "abstract": st.none() | TEXTS,
    }
)
LISTED = st.lists(VALUES, max_size=4, unique_by=lambda row: row["code"])
Write = Callable[[Sheet, list[dict[str, Value]], str], bytes]


def as_xlsx(sheet: Sheet, rows: list[dict[str, Value]], language: str) -> bytes:
    return write_xlsx([(sheet, rows)], language=language)


def as_csv(sheet: Sheet, rows: list[dict[str, Value]], language: str) -> bytes:
    return write_csv(sheet, rows, language=language)


@pytest.mark.parametrize("write", [as_xlsx, as_csv])
@settings(deadline=None)
@given(rows=LISTED, language=LANGUAGES)
def test_rows_are_read_as_they_were_written(
    write: Write, rows: list[dict[str, Value]], language: str
) -> None:
    found = rows_of(read(write(RESOURCES, rows, language), "x", LISTS))
    assert [row.values for row in found] == rows


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''x", '="0012"', "＝1", "'"]
)
@pytest.mark.parametrize("write", [as_xlsx, as_csv])
def test_a_text_that_looks_like_a_formula_stays_text(write: Write, text: str) -> None:
    rows = [AS_VALUES | {"title": text, "abstract": f"{text}\n{text}"}]
    written = write(RESOURCES, rows, "zh")
    assert [row.values for row in rows_of(read(written, "x", LISTS))] == rows


def test_no_cell_of_a_csv_begins_as_a_formula_does() -> None:
    rows = [AS_VALUES | {"title": text} for text in ("=1", "+1", "-1", "@a", "＝1")]
    lines = csv.reader(StringIO(write_csv(RESOURCES, rows).decode("utf-8-sig")))
    assert [line[1] for line in lines][1:] == ["'=1", "'+1", "'-1", "'@a", "'＝1"]


def test_a_workbook_keeps_zeros_as_text_offers_choices_and_freezes_its_header() -> None:
    rows = [AS_VALUES | {"code": "00120", "rows": 7}]
    made = load_workbook(BytesIO(write_xlsx([(RESOURCES, rows), (SYSTEMS, [])])))
    sheet = made["信息资源"]
    assert (sheet["A2"].value, sheet["A2"].number_format, sheet["A2"].data_type) == (
        "00120",
        "@",
        "s",
    )
    assert (sheet["H2"].value, sheet["G2"].value.date()) == (7, date(2026, 1, 2))
    assert sheet.freeze_panes == "A2"
    offered = {
        str(rule.sqref).split(":")[0]: rule.formula1
        for rule in sheet.data_validations.dataValidation
    }
    assert offered == {"D2": "'选项'!$A$1:$C$1", "I2": "'选项'!$A$2:$B$2"}
    assert [cell.value for cell in made["选项"][1]] == ["无条件共享", "有条件共享", "不予共享"]
    assert made["选项"].sheet_state == "hidden"


def test_several_lists_in_one_workbook_are_read_each() -> None:
    system = {"code": "s1", "name": "人口库", "level": 3}
    written = write_xlsx([(SYSTEMS, [system]), (RESOURCES, [AS_VALUES])], language="en")
    found = read(written, "x.xlsx", LISTS)
    assert [row.values for row in rows_of(found, "systems")] == [system]
    assert [row.values for row in rows_of(found)] == [AS_VALUES]
    assert found.ignored == ("Choices",)


@pytest.mark.parametrize(
    "bad",
    [{"sharing_class": "secret"}, {"related": ("a,b",)}, {"abstract": "字" * 32_768}],
)
@pytest.mark.parametrize("write", [as_xlsx, as_csv])
def test_what_could_not_be_read_back_is_refused(write: Write, bad: dict[str, Value]) -> None:
    with pytest.raises(Unwritable):
        write(RESOURCES, [AS_VALUES | bad], "zh")
