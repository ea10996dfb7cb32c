"""Passing through between two PostgreSQL: all or nothing, proven on both sides."""

from __future__ import annotations

import pytest

from haihe.engine.moving import ColumnRule
from haihe.engine.moving.passing import Passage, pass_through
from haihe.engine.sources.postgresql import PostgreSQL
from tests.servers import Database

COLUMNS = (
    ColumnRule("id", "integer", is_key=True),
    ColumnRule("name", "text", length=10),
    ColumnRule("amount", "decimal(12,2)"),
    ColumnRule("at", "timestamp"),
)


def passage(department: Database, receiver: Database, *, read_back: bool) -> Passage:
    """From the department's table to the receiver's."""
    return Passage(
        link="link",
        batch="batch",
        source=PostgreSQL(department.address),
        source_table="t",
        columns=COLUMNS,
        target=PostgreSQL(receiver.address),
        target_table="t",
        read_back=read_back,
    )


def fill(department: Database) -> None:
    """Good rows, of types that are not quite the target's."""
    department.run(
        "create table t (id int, name varchar(40), amount numeric(12,2), at timestamp)",
        "insert into t select i, '名' || i, i / 7.0, timestamp '2020-01-01' + i * interval '1.5 s'"
        " from generate_series(1, 500) i",
        "insert into t values (501, null, null, null)",
    )


@pytest.mark.parametrize("read_back", [True, False])
def test_all_rows_pass_and_both_sides_agree(
    department: Database, receiver: Database, *, read_back: bool
) -> None:
    fill(department)
    for _ in range(2):
        outcome = pass_through(passage(department, receiver, read_back=read_back))
        assert outcome is not None
        assert outcome.is_reconciled
        assert outcome.rows_written == 501
    query = "select * from t order by id"
    assert receiver.ask(query) == department.ask(query)
    assert receiver.ask("select batch from haihe_position") == [("batch",)]


@pytest.mark.parametrize(
    "bad",
    [
        "(502, 'longer than ten', null, null)",
        "(502, 'broken �', null, null)",
        "(null, 'no key', null, null)",
        "(502, 'n', 'NaN', null)",
        "(502, 'n', null, 'infinity')",
    ],
)
def test_one_bad_row_and_nothing_passes(department: Database, receiver: Database, bad: str) -> None:
    fill(department)
    pass_through(passage(department, receiver, read_back=True))
    department.run(f"insert into t values {bad}", "update t set name = 'changed' where id = 1")
    assert pass_through(passage(department, receiver, read_back=True)) is None
    assert receiver.ask("select count(*), min(name) from t where id in (1, 502)") == [(1, "名1")]
