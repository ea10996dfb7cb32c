"""Random transactions against a real slot: what the log tells, replayed, is the table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haihe.engine.changes.pgoutput import Snapshot
from haihe.engine.lake.attached import LakeAddress
from haihe.engine.moving import LakeTarget
from tests.engine.changes.builders import (
    content,
    content_of_source,
    followed,
    logged,
    rules,
)
from tests.servers import Database

KINDS = (
    "id int, name text, big text, b boolean, n numeric, n2 numeric(20,4), at timestamptz,"
    " day date, c char(5), j jsonb, i inet, f float8, part int default 1, primary key (part, id)"
)
_VALUES = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["''", "null", "'名'", "'~='", "E'a\\tb'"]),
        "big": st.sampled_from(["null", "repeat('大', 1500)", "repeat('x', 9000)"]),
        "b": st.sampled_from(["true", "false", "null"]),
        "n": st.sampled_from(["1.50", "100", "0.000", "-3", "null"]),
        "at": st.sampled_from(["'2021-08-15 09:30:00.5+08'", "'0044-03-15 BC'", "null"]),
        "c": st.sampled_from(["'a'", "'abcde'", "null"]),
        "j": st.sampled_from(["'{\"a\": [1, null]}'", "null"]),
        "i": st.sampled_from(["'10.0.0.1'", "'10.0.0.0/8'", "'::1'", "null"]),
        "f": st.sampled_from(["0.1", "1e300", "null"]),
        "day": st.sampled_from(["'2020-02-29'", "'infinity'", "null"]),
    }
)
_IDS = st.integers(1, 6)
_STEPS = st.one_of(
    st.tuples(st.just("insert"), _IDS, _VALUES),
    st.tuples(
        st.just("update"), _IDS, st.sampled_from(["name = 'u'", "big = big || 'y'", "b = not b"])
    ),
    st.tuples(st.just("move"), _IDS, _IDS),
    st.tuples(st.just("delete"), _IDS, st.none()),
    st.tuples(st.just("truncate"), st.just(0), st.none()),
)
_TRANSACTIONS = st.lists(
    st.tuples(st.lists(_STEPS, min_size=1, max_size=6), st.booleans(), st.booleans()),
    min_size=1,
    max_size=6,
)


def _statement(step: tuple[str, int, Any]) -> str:
    kind, key, more = step
    if kind == "insert":
        names, values = ", ".join(more), ", ".join(more.values())
        return f"insert into t (id, {names}) values ({key}, {values}) on conflict do nothing"
    if kind == "update":
        return f"update t set {more} where id = {key}"
    if kind == "move":
        there = f"not exists (select from t where id = {more})"
        return f"update t set id = {more} where id = {key} and {there}"
    return f"delete from t where id = {key}" if kind == "delete" else "truncate t"


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(transactions=_TRANSACTIONS)
def test_what_the_log_tells_is_the_table(
    department: Database, lake: LakeAddress, tmp_path: Path, transactions: list[Any]
) -> None:
    department.run("drop table if exists t cascade")
    department.run(f"create table t ({KINDS})", "alter table t alter big set storage external")
    _log_anew(department)
    target, columns = LakeTarget(lake, "a.t"), rules(department.address)
    followed(department.address, target, tmp_path, is_anew=True)
    for steps, is_kept, is_followed in transactions:
        ends = "commit" if is_kept else "rollback"
        department.run("; ".join(["begin", *map(_statement, steps), ends]))
        if is_followed:
            assert followed(department.address, target, tmp_path).is_reconciled
    last = followed(department.address, target, tmp_path)
    assert last.is_reconciled
    whole = LakeTarget(lake, "a.whole")
    content_of_source(department.address, whole, tmp_path, columns=columns)
    assert content(target, columns, tmp_path) == content(whole, columns, tmp_path)


def _log_anew(department: Database) -> None:
    department.run(
        "select pg_drop_replication_slot(slot_name) from pg_replication_slots"
        " where database = current_database()"
    )
    for (name,) in department.ask("select pubname from pg_publication"):
        department.run(f'drop publication "{name}"')
    logged(department)


@given(xmin=st.integers(3, 1 << 40), ahead=st.integers(0, 1000), at=st.integers(-1000, 2000))
def test_a_snapshot_knows_a_transaction_by_its_lower_bits(xmin: int, ahead: int, at: int) -> None:
    xmin += 2000
    snapshot = Snapshot(xmin, xmin + ahead, frozenset({xmin + 1}))
    xid = xmin + at
    expected = xid < xmin or (xid < xmin + ahead and xid != xmin + 1)
    assert snapshot.saw(xid & 0xFFFFFFFF) == expected
