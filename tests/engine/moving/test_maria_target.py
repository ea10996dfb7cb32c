"""A receiver's MariaDB: what arrives is what was sent, rows and position as one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from haihe.base.errors import HaiheError
from haihe.engine.moving import ColumnRule, MariaTarget, Outcome, is_committed, run
from tests import needs
from tests.engine.moving.builders import move, moved
from tests.engine.moving.test_moves import fill, sides
from tests.servers import Database, MariaDatabase

pytestmark = needs.mariadb


def target_of(maria: MariaDatabase, table: str = "t") -> MariaTarget:
    """A table of the database, written by its administrator."""
    return MariaTarget(f"mariadb://root@127.0.0.1:{maria.server.port}/{maria.name}", table)


def test_odd_values_arrive_in_mariadb_as_they_were(
    department: Database, maria: MariaDatabase, tmp_path: Path
) -> None:
    fill(department)
    outcome = moved(department.address, "t", target_of(maria), tmp_path)
    assert sides(outcome) == (5, 5, 0)
    assert outcome.source_hash == outcome.target_hash > 0
    assert maria.ask(
        "select name, cast(amount as char), cast(changed as char) from t where id in (1, 4)"
    ) == (
        ("中文 '\"\\\\", "12345678901234567.89", "2020-01-01 00:00:00.000001"),
        ("𠀀😀", "0.00", "1970-01-01 00:00:00.000000"),
    )


def test_rows_are_merged_by_a_key_that_tells_case_and_blanks_apart(
    department: Database, maria: MariaDatabase, tmp_path: Path
) -> None:
    columns = (
        ColumnRule("k", "text", is_key=True),
        ColumnRule("v", "text"),
        ColumnRule("at", "timestamp"),
    )
    department.run(
        "create table t (k text primary key, v text, at timestamp)",
        "insert into t values ('a', '1', '2020-01-01'), ('A', '2', '2020-01-02'),"
        " ('a ', '3', '2020-01-03')",
    )
    target = target_of(maria)
    first = moved(department.address, "t", target, tmp_path, columns=columns, watermark="at")
    assert sides(first) == (3, 3, 0)
    department.run("update t set v = 'new', at = '2020-01-04' where k = 'A'")
    second = moved(department.address, "t", target, tmp_path, columns=columns, watermark="at")
    assert second.position_before == "2020-01-03 00:00:00.000000"
    assert second.position_after == "2020-01-04 00:00:00.000000"
    assert maria.ask("select k, v from t order by at") == (("a", "1"), ("a ", "3"), ("A", "new"))


def test_what_fails_before_the_commit_leaves_neither_rows_nor_position(
    department: Database, maria: MariaDatabase, tmp_path: Path
) -> None:
    fill(department)
    one = move(department.address, "t", target_of(maria), tmp_path)

    def refuse(_: duckdb.DuckDBPyConnection, outcome: Outcome) -> None:
        assert outcome.is_reconciled
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(one, before_commit=refuse)
    assert maria.ask("select count(*) from t") == ((0,),)
    assert maria.ask("select count(*) from haihe_position") == ((0,),)
    assert not is_committed(one)
    run(one)
    assert is_committed(one)
    assert not is_committed(replace(one, batch="another"))


def test_a_table_with_rows_of_its_own_or_another_shape_is_refused(
    department: Database, maria: MariaDatabase, tmp_path: Path
) -> None:
    department.run("create table t (id int primary key)", "insert into t values (1)")
    maria.run("create table own (id bigint primary key)", "insert into own values (7)")
    maria.run("create table other (id int primary key)")
    for table in ("own", "other"):
        with pytest.raises(HaiheError) as raised:
            moved(department.address, "t", target_of(maria, table), tmp_path)
        assert raised.value.code == "exchange.target.differs"
    assert maria.ask("select id from own") == ((7,),)


def test_one_run_at_a_time_writes_a_table(
    department: Database, maria: MariaDatabase, tmp_path: Path
) -> None:
    department.run("create table t (id int primary key)", "insert into t values (1)")
    target = target_of(maria)
    one = move(department.address, "t", target, tmp_path)

    def beside(_: duckdb.DuckDBPyConnection, __: Outcome) -> None:
        with pytest.raises(HaiheError) as raised:
            moved(department.address, "t", target, tmp_path)
        assert raised.value.code == "lake.table_taken"

    assert run(one, before_commit=beside).is_reconciled
