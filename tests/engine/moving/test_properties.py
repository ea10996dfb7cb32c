"""Whatever stands in a source: what is read is written or kept apart, proven by hash."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haihe.engine.lake.attached import LakeAddress
from haihe.engine.moving import ColumnRule, LakeTarget, PostgresTarget
from tests.engine.moving.builders import in_lake, moved
from tests.servers import Database

COLUMNS = (
    ColumnRule("id", "integer", is_key=True),
    ColumnRule("name", "text", length=12),
    ColumnRule("amount", "decimal(12,3)"),
    ColumnRule("day", "date"),
    ColumnRule("moment", "timestamp"),
    ColumnRule("flag", "boolean", is_required=True),
    ColumnRule("score", "float"),
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=14)
ROWS = st.tuples(
    st.none() | st.integers(-(2**63), 2**63 - 1) | st.integers(0, 5),
    st.none() | TEXTS,
    st.none() | st.decimals(-(10**9), 10**9, places=5) | st.decimals(-99, 99, places=2),
    st.none() | st.dates(date(1, 1, 1)),
    st.none() | st.datetimes(datetime(1, 1, 1)),  # noqa: DTZ001 - columns without zone
    st.none() | st.booleans(),
    st.none() | st.floats(),
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=st.lists(ROWS, max_size=40))
def test_nothing_is_lost_and_nothing_doubled(
    department: Database,
    receiver: Database,
    lake: LakeAddress,
    tmp_path: Path,
    rows: list[tuple[object, ...]],
) -> None:
    department.run(
        "drop table if exists t",
        "create table t (id bigint, name text, amount numeric, day date, moment timestamp,"
        " flag boolean, score double precision)",
    )
    with psycopg.connect(department.address, autocommit=True) as session:
        session.cursor().executemany("insert into t values (%s, %s, %s, %s, %s, %s, %s)", rows)
    table = f"t{uuid4().hex}"
    for target in (LakeTarget(lake, f"a.{table}"), PostgresTarget(receiver.address, table)):
        outcome = moved(department.address, "t", target, tmp_path, columns=COLUMNS)
        assert outcome.is_reconciled
        assert outcome.rows_read == len(rows)
    chosen = "id, name, amount, day, moment, flag, score"
    there = receiver.ask(f"select {chosen} from {table}")
    assert sorted(map(repr, there)) == sorted(
        map(repr, in_lake(lake, f"select {chosen} from lake.a.{table}"))
    )
    source = {_comparable(row) for row in department.ask(f"select {chosen} from t")}
    assert {_comparable(row) for row in there} <= source


def _comparable(row: tuple[object, ...]) -> str:
    """A row with decimals as numbers: their trailing zeros say nothing."""
    return repr([each.normalize() + 0 if isinstance(each, Decimal) else each for each in row])
