"""Limits of bad rows: beyond them nothing is written, and the sentence counts without a value."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haihe.engine.lake.attached import LakeAddress
from haihe.engine.moving import FaultLimit, LakeTarget
from haihe.engine.moving.errors import TooManyFaults
from haihe.engine.moving.limits import FEWEST
from tests.engine.moving.builders import in_lake, moved, rules
from tests.servers import Database

_NUMBERS = st.none() | st.integers(0, 10_000)
FILL = (
    "create table t (id bigint primary key, name text)",
    (
        "insert into t select i, case when i <= 7 then 'Wang Xiaoming' when i <= 10 then null"
        " else 'Li' end from generate_series(1, 400) i"
    ),
)
"""Seven names that are too long and three that are missing, of 400."""


@pytest.mark.parametrize(
    ("limit", "is_stopped"),
    [
        (FaultLimit(), False),
        (FaultLimit(rows=10), False),
        (FaultLimit(rows=9), True),
        (FaultLimit(permille=25), False),
        (FaultLimit(permille=24), True),
        (FaultLimit(rows=10, permille=24), True),
        (FaultLimit(rows=0), True),
    ],
)
def test_a_batch_beyond_its_limit_writes_nothing(
    department: Database, lake: LakeAddress, tmp_path: Path, limit: FaultLimit, is_stopped: bool
) -> None:
    department.run(*FILL)
    columns = rules(department.address, "t", name={"length": 4, "is_required": True})
    target = LakeTarget(lake, "a.t")
    if not is_stopped:
        outcome = moved(department.address, "t", target, tmp_path, columns=columns, limit=limit)
        assert (outcome.rows_written, outcome.rows_quarantined) == (390, 10)
        return
    with pytest.raises(TooManyFaults) as raised:
        moved(department.address, "t", target, tmp_path, columns=columns, limit=limit)
    said = str(raised.value)
    assert "Of 400 rows 10 are bad" in said
    assert "too long name 7, missing name 3" in said
    assert "Wang" not in said
    assert in_lake(lake, "select count(*) from lake.a.t") == [(0,)]


def test_the_same_link_goes_on_once_its_rows_are_mended(
    department: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run(*FILL)
    columns = rules(department.address, "t", name={"length": 4, "is_required": True})
    target, limit = LakeTarget(lake, "a.t"), FaultLimit(rows=3)
    with pytest.raises(TooManyFaults):
        moved(department.address, "t", target, tmp_path, columns=columns, limit=limit)
    department.run("update t set name = 'Wang' where id <= 7")
    outcome = moved(department.address, "t", target, tmp_path, columns=columns, limit=limit)
    assert (outcome.rows_written, outcome.rows_quarantined) == (397, 3)


@given(read=st.integers(0, 10_000_000), rows=_NUMBERS, permille=st.none() | st.integers(0, 1000))
def test_whatever_the_limit_it_allows_what_it_says(
    read: int, rows: int | None, permille: int | None
) -> None:
    allowed = FaultLimit(rows, permille).allows(read)
    assert 0 <= allowed <= read
    assert rows is None or allowed <= rows
    if permille is not None and read >= FEWEST:
        assert allowed * 1000 <= read * permille
    if rows is None and permille is None:
        assert allowed == read
