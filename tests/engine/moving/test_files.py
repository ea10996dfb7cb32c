"""Files as sources: encodings, mixed encodings, broken bytes, short rows, Parquet."""

from __future__ import annotations

from pathlib import Path

import pytest

from haihe.base.errors import HaiheError
from haihe.engine.lake.attached import LakeAddress
from haihe.engine.moving import ColumnRule, LakeTarget
from haihe.engine.sources import open_source
from tests.engine.moving.builders import in_lake, moved

COLUMNS = (
    ColumnRule("id", "integer", is_key=True),
    ColumnRule("name", "text"),
    ColumnRule("day", "date"),
    ColumnRule("amount", "decimal(10,2)"),
)


def test_a_gb18030_file_with_utf8_lines_and_broken_bytes(lake: LakeAddress, tmp_path: Path) -> None:
    lines = [
        b"id,name,day,amount\r\n",
        "1,低保户,2020-01-01,1.50\r\n".encode("gb18030"),
        "2,𠀀生僻,2020/1/2,2\r\n".encode("gb18030"),
        "3,统一编码,2020-01-03,3.10\r\n".encode(),
        b"4,\xff\xfe bad,2020-01-04,4\r\n",
        '5,"两行\n一格",,\r\n'.encode("gb18030"),
    ]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "h.csv").write_bytes(b"".join(lines))
    address = f"file://{tmp_path}/in?encoding=gb18030"

    outcome = moved(address, "h.csv", LakeTarget(lake, "a.t"), tmp_path, columns=COLUMNS)

    assert outcome.is_reconciled
    assert (outcome.rows_read, outcome.rows_quarantined) == (5, 1)
    rows = in_lake(lake, "select id, name, day::varchar, amount::varchar from lake.a.t order by id")
    assert rows == [
        (1, "低保户", "2020-01-01", "1.50"),
        (2, "𠀀生僻", "2020-01-02", "2.00"),
        (3, "统一编码", "2020-01-03", "3.10"),
        (5, "两行\n一格", None, None),
    ]


def test_the_columns_of_a_file_are_told_from_its_head(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_bytes(
        "id,名称,day\n1,甲,2020-01-01\n2,乙,2020-01-02\n".encode("gb18030")
    )
    source = open_source(f"file://{tmp_path}?encoding=gb18030")
    assert [(c.name, c.kind) for c in source.columns("h.csv")] == [
        ("id", "integer"),
        ("名称", "text"),
        ("day", "date"),
    ]
    assert source.sample("h.csv", rows=1) == [{"id": "1", "名称": "甲", "day": "2020-01-01"}]


@pytest.mark.parametrize("table", ["absent.csv", "../../etc/passwd", ""])
def test_a_file_outside_or_absent_is_unknown(tmp_path: Path, table: str) -> None:
    with pytest.raises(HaiheError) as raised:
        open_source(f"file://{tmp_path}").columns(table)
    assert raised.value.code == "exchange.source.unknown_table"


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HaiheError) as raised:
        open_source(f"file://{tmp_path}?encoding=klingon")
    assert raised.value.code == "exchange.source.bad_address"


def test_a_row_of_the_wrong_length_stops_no_file(lake: LakeAddress, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "h.csv").write_text(
        "id,name,day,amount\n1,a,2020-01-01,1\n2,short\n3,b,2020-01-01,1,too,many\n4,d,,\n"
    )
    address = f"file://{tmp_path}/in"
    outcome = moved(address, "h.csv", LakeTarget(lake, "a.t"), tmp_path, columns=COLUMNS)
    assert outcome.is_reconciled
    assert (outcome.rows_read, outcome.rows_written) == (4, 3)


def test_an_integer_watermark_of_a_file_is_compared_as_a_number(
    lake: LakeAddress, tmp_path: Path
) -> None:
    columns = (ColumnRule("id", "integer", is_key=True), ColumnRule("n", "integer"))
    (tmp_path / "in").mkdir()
    file, address = tmp_path / "in" / "h.csv", f"file://{tmp_path}/in"
    target = LakeTarget(lake, "a.t")
    file.write_text("id,n\n1,998\n2,999\n")
    moved(address, "h.csv", target, tmp_path, columns=columns, watermark="n")
    file.write_text("id,n\n1,998\n2,999\n3,1000\n4,unknown\n")
    outcome = moved(address, "h.csv", target, tmp_path, columns=columns, watermark="n")
    assert (outcome.rows_read, outcome.rows_quarantined) == (3, 1)
    assert outcome.position_after == "1000"
    assert in_lake(lake, "select id from lake.a.t order by id") == [(1,), (2,), (3,)]
