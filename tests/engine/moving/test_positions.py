"""How far a link has read: no wrong value moves it past rows that are still to come."""

from __future__ import annotations

from pathlib import Path

import pytest

from haihe.engine.lake.attached import LakeAddress
from haihe.engine.moving import ColumnRule, LakeTarget
from tests.engine.moving.builders import in_lake, moved
from tests.servers import Database

COLUMNS = (
    ColumnRule("id", "integer", is_key=True),
    ColumnRule("at", "timestamp"),
    ColumnRule("name", "text", length=5),
)


@pytest.mark.parametrize(
    "wrong", ["(2, '2099-01-01', 'too long')", "(2, '2099-01-01', 'good')", "(2, 'infinity', 'x')"]
)
def test_a_wrong_moment_in_the_future_hides_no_later_row(
    department: Database, lake: LakeAddress, tmp_path: Path, wrong: str
) -> None:
    department.run(
        "create table t (id int primary key, at timestamp, name text)",
        f"insert into t values (1, '2020-01-01', 'a'), {wrong}",
    )
    target = LakeTarget(lake, "a.t")
    address = department.address
    first = moved(address, "t", target, tmp_path, columns=COLUMNS, watermark="at")
    assert first.position_after == "2020-01-01 00:00:00.000000"
    department.run("insert into t values (3, '2020-01-02', 'later')")
    moved(address, "t", target, tmp_path, columns=COLUMNS, watermark="at")
    assert in_lake(lake, "select name from lake.a.t where id = 3") == [("later",)]


def test_a_column_that_a_resource_gains_is_filled_in_rows_read_before(
    department: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run(
        "create table t (id int primary key, at timestamp, name text)",
        "insert into t values (1, '2020-01-01', 'a'), (2, '2020-01-02', 'b')",
    )
    for columns in (COLUMNS[:2], COLUMNS):
        outcome = moved(
            department.address, "t", LakeTarget(lake, "a.t"), tmp_path, columns=columns,
            watermark="at",
        )  # fmt: skip
        assert outcome.position_after == "2020-01-02 00:00:00.000000"
    assert in_lake(lake, "select name from lake.a.t order by id") == [("a",), ("b",)]
