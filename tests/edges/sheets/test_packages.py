"""Workbooks as other programs write them, part by part: prefixes, no addresses, texts in cells."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

from haihe.edges.sheets import Field, Sheet, read

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
PLAIN = Sheet(
    "plain", ("表",), (Field("a", ("甲",), is_required=True), Field("b", ("乙",), "date"))
)


def package(
    sheet: str, *, texts: str = "", styles: str = "", target: str = "worksheets/a.xml"
) -> bytes:
    """A workbook of one worksheet from the XML of its parts."""
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1"'
        f' Type="{OFFICE}/officeDocument" Target="book/main.xml"/></Relationships>',
        "book/main.xml": f'<workbook xmlns="{MAIN}" xmlns:q="{OFFICE}"><sheets>'
        '<sheet name="表" sheetId="1" q:id="r7"/></sheets></workbook>',
        "book/_rels/main.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
        f'<Relationship Id="r7" Type="{OFFICE}/worksheet" Target="{target}"/>'
        f'<Relationship Id="r8" Type="{OFFICE}/sharedStrings" Target="../texts.xml"/>'
        f'<Relationship Id="r9" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "book/worksheets/a.xml": sheet,
        "texts.xml": texts or f'<sst xmlns="{MAIN}"/>',
        "book/styles.xml": styles or f'<styleSheet xmlns="{MAIN}"/>',
    }
    target_file = BytesIO()
    with ZipFile(target_file, "w", ZIP_DEFLATED) as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return target_file.getvalue()


def cells(inner: str, *, prefix: str = "") -> str:
    """A worksheet whose header is in its first row."""
    p = f"{prefix}:" if prefix else ""
    name = f"xmlns:{prefix}" if prefix else "xmlns"
    head = "".join(f'<{p}c t="inlineStr"><{p}is><{p}t>{t}</{p}t></{p}is></{p}c>' for t in "甲乙")
    return (
        f'<{p}worksheet {name}="{MAIN}"><{p}sheetData><{p}row>{head}</{p}row>{inner}'
        f"</{p}sheetData></{p}worksheet>"
    )


def values(data: bytes) -> list[dict[str, object]]:
    """The rows of the only list; it must be without fault."""
    found = read(data, "x.xlsx", [PLAIN])
    assert not found.faults
    return [dict(row.values) for row in found.lists["plain"].rows]


def test_elements_with_a_prefix_and_without_addresses_are_read() -> None:
    inner = (
        '<x:row><x:c t="str"><x:f>A1</x:f><x:v>一</x:v></x:c>'
        '<x:c t="d"><x:v>2026-01-02</x:v></x:c></x:row>'
    )
    found = values(package(cells(inner, prefix="x"), target="/book/worksheets/A.xml"))
    assert [(row["a"], str(row["b"])) for row in found] == [("一", "2026-01-02")]


def test_texts_shared_between_cells_are_read() -> None:
    target = BytesIO()
    with xlsxwriter.Workbook(target) as made:
        sheet = made.add_worksheet("表")
        sheet.write_column(0, 0, ["甲", "一", "二", "一"])
    assert b"xl/sharedStrings.xml" in target.getvalue()
    assert [row["a"] for row in values(target.getvalue())] == ["一", "二", "一"]


def test_phonetic_guides_are_left_out_and_runs_joined() -> None:
    texts = (
        f'<sst xmlns="{MAIN}"><si><r><t>信息</t></r><r><t xml:space="preserve"> 资源</t></r>'
        "<rPh sb='0' eb='1'><t>xinxi</t></rPh></si><si><t>a_x000A_b</t></si></sst>"
    )
    inner = (
        '<row r="3"><c r="A3" t="s"><v>0</v></c></row><row r="4"><c r="A4" t="s"><v>1</v></c></row>'
    )
    found = values(package(cells(inner), texts=texts))
    assert [row["a"] for row in found] == ["信息 资源", "a\nb"]


def test_days_in_the_built_in_formats_of_a_chinese_program_are_days() -> None:
    styles = (
        f'<styleSheet xmlns="{MAIN}"><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="31"/></cellXfs></styleSheet>'
    )
    inner = '<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="1"><v>2</v></c></row>'
    (row,) = values(package(cells(inner), styles=styles))
    assert (row["a"], str(row["b"])) == ("1", "1900-01-02")


def test_half_a_sign_is_dropped() -> None:
    inner = '<row><c t="str"><v>a_xD83D_b_x0000_</v></c></row>'
    assert [row["a"] for row in values(package(cells(inner)))] == ["ab"]


def test_a_number_that_is_none_and_a_formula_of_nothing_are_faults() -> None:
    inner = (
        '<row r="2"><c r="A2"><v>1e999</v></c><c r="B2"><v>nan</v></c></row>'
        '<row r="3"><c r="A3"><f>1+1</f></c><c r="B3" t="str"><f>A1</f><v></v></c></row>'
    )
    found = read(package(cells(inner)), "x.xlsx", [PLAIN])
    assert [(fault.cell.place, fault.code) for fault in found.faults] == [
        ("A2", "sheets.cell.error"),
        ("B2", "sheets.cell.error"),
        ("A3", "sheets.cell.formula"),
    ]
