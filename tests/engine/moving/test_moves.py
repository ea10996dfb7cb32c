"""Moves end to end: content equal on both sides, bad rows kept apart, nothing half-done."""

from __future__ import annotations

import resource
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from haihe.base.errors import HaiheError
from haihe.engine.lake.attached import LakeAddress
from haihe.engine.moving import LakeTarget, Outcome, PostgresTarget, is_committed, run
from haihe.engine.moving.targets import Target
from tests import needs
from tests.engine.moving.builders import PERSON, in_lake, move, moved, rules
from tests.servers import Database, MariaDatabase

ODD = (
    (
        "(1, '中文 ''\"\\\\', 12345678901234567.89, 0.1, true, '2020-02-29',"
        " '2020-01-01 00:00:00.000001')"
    ),
    "(2, '', -0.10, 1e300, false, '0001-01-01', '9999-12-31 23:59:59.999999')",
    "(3, null, null, null, null, null, null)",
    "(4, '𠀀😀', 0, -0.0, true, '1969-12-31', '1970-01-01 00:00:00')",
    "(9223372036854775807, 'a\tb', 1.5, 2.5, false, '1582-10-15', '1900-01-01 12:30:00.5')",
)
COLUMNS = (
    "id bigint primary key, name varchar(200), amount decimal(19,2), score {double},"
    " is_open boolean, opened date, changed {moment}"
)


def targets(lake: LakeAddress, receiver: Database) -> list[Target]:
    """The lake, and a receiver's database."""
    return [LakeTarget(lake, "a.t"), PostgresTarget(receiver.address, "t")]


def sides(outcome: Outcome) -> tuple[int, int, int]:
    """Rows read, written and quarantined, of a reconciled outcome."""
    assert outcome.is_reconciled
    return outcome.rows_read, outcome.rows_written, outcome.rows_quarantined


def fill(department: Database) -> None:
    """A table of PostgreSQL with odd but good values."""
    shape = COLUMNS.format(double="double precision", moment="timestamp")
    department.run(f"create table t ({shape})", f"insert into t values {', '.join(ODD)}")


def test_odd_values_arrive_as_they_were(
    department: Database, receiver: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    fill(department)
    for target in targets(lake, receiver):
        outcome = moved(department.address, "t", target, tmp_path)
        assert sides(outcome) == (5, 5, 0)
        assert outcome.source_hash == outcome.target_hash > 0
    assert receiver.ask("select * from t order by 1") == department.ask(
        "select * from t order by 1"
    )
    assert in_lake(lake, "select amount, score from lake.a.t where id = 1") == [
        (Decimal("12345678901234567.89"), 0.1)
    ]


@needs.mariadb
def test_mariadb_and_postgresql_agree_on_every_hash(
    department: Database, maria: MariaDatabase, lake: LakeAddress, tmp_path: Path
) -> None:
    fill(department)
    shape = COLUMNS.format(double="double", moment="datetime(6)")
    maria.run(
        f"create table t ({shape}) character set utf8mb4",
        "set sql_mode = 'NO_BACKSLASH_ESCAPES'",
        f"insert into t values {', '.join(ODD)}",
    )
    first = moved(department.address, "t", LakeTarget(lake, "a.pg"), tmp_path, link="pg")
    second = moved(maria.address, "t", LakeTarget(lake, "a.maria"), tmp_path, link="maria")
    assert sides(first) == sides(second) == (5, 5, 0)
    assert first.source_hash == second.source_hash


def test_the_second_run_changes_nothing(
    department: Database, receiver: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run("create table t (id int primary key, at timestamptz, name text)")
    department.run("insert into t select i, now(), 'n' || i from generate_series(1, 20) i")
    for target in targets(lake, receiver):
        for watermark in ("", "at"):
            first = moved(department.address, "t", target, tmp_path, watermark=watermark)
            again = moved(department.address, "t", target, tmp_path, watermark=watermark)
            assert sides(first) == sides(again) == (20, 20, 0)
            assert again.position_after == first.position_after
    assert receiver.ask("select count(*) from t") == [(20,)]
    assert in_lake(lake, "select count(*) from lake.a.t") == [(20,)]


def test_a_watermark_brings_new_and_changed_rows_only(
    department: Database, receiver: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run("create table t (id int primary key, at timestamp, name text)")
    department.run("insert into t select i, timestamp '2020-01-01' + i * interval '1 h', 'n'"
                   " from generate_series(1, 10) i")  # fmt: skip
    every = targets(lake, receiver)
    for target in every:
        assert sides(moved(department.address, "t", target, tmp_path, watermark="at")) == (
            10,
            10,
            0,
        )
    department.run(
        "update t set name = 'changed', at = '2020-02-01' where id = 3",
        "insert into t values (11, '2020-02-02', 'new'), (12, null, 'without')",
        "insert into t values (13, '2020-01-01 09:30', 'late')",
    )
    for target in every:
        narrow = moved(department.address, "t", target, tmp_path, watermark="at")
        assert narrow.rows_read == 4
        wide = moved(
            department.address, "t", target, tmp_path, watermark="at", overlap_s=40 * 86400
        )
        assert sides(wide) == (13, 13, 0)
        assert wide.position_after == "2020-02-02 00:00:00.000000"
    expected = department.ask("select * from t order by id")
    assert receiver.ask("select * from t order by id") == expected
    assert in_lake(lake, "select * from lake.a.t order by id") == expected


def test_each_bad_row_is_kept_apart_with_its_reason(
    department: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run(
        "create table t (person text, name text, day text, amount text, flag text)",
        "insert into t values ('0000000018', 'good', '2020-01-01', '1.5', 'true'),"
        " ('0000000018', 'good', '2020-01-01', '1.5', 'true'),"
        " ('0000000019', 'check', null, null, null), (null, 'key', null, null, null),"
        " ('0000000026', 'day', '2020-02-30', null, null),"
        " ('0000000034', 'amount', null, '1,5', null),"
        " ('0000000042', 'scale', null, '1.505', null),"
        " ('0000000059', 'flag', null, null, 'perhaps'),"
        " ('0000000067', 'longer than ten', null, null, null),"
        " ('0000000075', 'broken \ufffd', null, null, null),"
        " ('0000000083', 'ä¸\u00adæ\u0096\u0087', null, null, null),"
        " ('0000000091', '  ', null, null, null)",
    )
    columns = rules(
        department.address,
        "t",
        person={"scheme": PERSON, "is_key": True},
        name={"length": 10, "is_required": True},
        day={"kind": "date"},
        amount={"kind": "decimal(10,2)"},
        flag={"kind": "boolean"},
    )
    reasons: list[tuple[str, str]] = []

    def look(staged: object, outcome: Outcome) -> None:
        rows = staged.execute(  # type: ignore[attr-defined]
            "select c1, reason || ' ' || at_column from staged join faults on o = staged.rowid"
        )
        reasons.extend(rows.fetchall())

    one = move(department.address, "t", LakeTarget(lake, "a.t"), tmp_path, columns=columns)
    outcome = run(one, before_commit=look)

    assert sides(outcome) == (12, 1, 11)
    assert sorted((r.removeprefix("exchange.row."), n) for n, r in reasons) == sorted(
        [
            ("duplicate_key person", "good"),
            ("bad_check_digit person", "check"),
            ("missing person", "key"),
            ("wrong_kind day", "day"),
            ("wrong_kind amount", "amount"),
            ("wrong_kind amount", "scale"),
            ("wrong_kind flag", "flag"),
            ("too_long name", "longer than ten"),
            ("undecodable name", "broken \ufffd"),
            ("undecodable name", "ä¸\u00adæ\u0096\u0087"),
            ("missing name", "  "),
        ]
    )


def test_of_two_rows_with_one_key_the_later_stays(
    department: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run(
        "create table t (id int, at timestamp, name text)",
        "insert into t values (1, '2020-01-02', 'later'), (1, '2020-01-01', 'earlier'),"
        " (1, null, 'never'), (2, '2020-01-01', 'alone')",
    )
    columns = rules(department.address, "t", id={"is_key": True})
    for _ in range(3):
        target = LakeTarget(lake, "a.t")
        outcome = moved(
            department.address, "t", target, tmp_path, columns=columns, watermark="at",
            overlap_s=10**8,
        )  # fmt: skip
        assert sides(outcome) == (4, 2, 2)
    assert in_lake(lake, "select name from lake.a.t order by id") == [("later",), ("alone",)]


def test_values_that_no_engine_agrees_on_are_kept_apart(
    department: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run(
        "create table t (id int primary key, day date, at timestamptz, n numeric)",
        "insert into t values (1, 'infinity', null, null), (2, '0044-03-15 BC', null, null),"
        " (3, null, '-infinity', null), (4, null, null, 'NaN'), (5, null, '12345-01-01', null),"
        " (6, null, null, 12345678901234567890123456789.5), (7, '2020-01-01', now(), 1.10)",
    )
    outcome = moved(department.address, "t", LakeTarget(lake, "a.t"), tmp_path)
    assert sides(outcome) == (7, 1, 6)


@needs.mariadb
def test_what_mariadb_lets_in_is_kept_apart(
    maria: MariaDatabase, lake: LakeAddress, tmp_path: Path
) -> None:
    maria.run("create table t (id int primary key, day date, at datetime(6), flag tinyint(1),"
              " n decimal(65,30), big bigint unsigned, z int(8) zerofill, b bit(1))")  # fmt: skip
    maria.server.run(
        "set session sql_mode = ''",
        "insert into t values (1, '0000-00-00', null, null, null, null, null, null),"
        " (2, '2020-00-10', null, null, null, null, null, null),"
        " (3, null, '0000-00-00', null, null, null, null, null),"
        " (4, null, null, 7, null, null, null, null),"
        " (5, '2020-01-01', '2020-01-01 10:00:00.5', 1, 1.5, 18446744073709551615, 42, b'1')",
        database=maria.name,
    )
    outcome = moved(maria.address, "t", LakeTarget(lake, "a.t"), tmp_path)
    assert sides(outcome) == (5, 1, 4)
    assert in_lake(lake, "select n, big, z, b from lake.a.t") == [
        (Decimal("1.5"), Decimal("18446744073709551615"), 42, True)
    ]


def test_an_empty_table_moves_nothing_and_makes_the_table(
    department: Database, receiver: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run("create table t (id int primary key, at timestamp)")
    for target in targets(lake, receiver):
        for watermark in ("", "at"):
            outcome = moved(department.address, "t", target, tmp_path, watermark=watermark)
            assert sides(outcome) == (0, 0, 0)
            assert outcome.position_after is None
    assert receiver.ask("select * from t") == []
    assert in_lake(lake, "select * from lake.a.t") == []


def test_a_dropped_column_stops_the_link_and_is_named(
    department: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run(
        "create table t (id int primary key, name text)", "insert into t values (1, 'a')"
    )
    columns = rules(department.address, "t")
    target = LakeTarget(lake, "a.t")
    moved(department.address, "t", target, tmp_path, columns=columns)
    department.run("alter table t drop column name", "insert into t values (2)")
    with pytest.raises(HaiheError) as raised:
        moved(department.address, "t", target, tmp_path, columns=columns)
    assert raised.value.code == "exchange.source.changed"
    assert "name" in raised.value.message
    assert in_lake(lake, "select * from lake.a.t") == [(1, "a")]


def test_a_column_that_a_resource_gains_is_added_in_the_lake(
    department: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run("create table t (id int primary key)", "insert into t values (1)")
    target = LakeTarget(lake, "a.t")
    moved(department.address, "t", target, tmp_path)
    department.run("alter table t add name text", "insert into t values (2, 'new')")
    outcome = moved(department.address, "t", target, tmp_path)
    assert sides(outcome) == (2, 2, 0)
    assert in_lake(lake, "select id, name from lake.a.t order by id") == [(1, None), (2, "new")]


def test_a_target_with_other_columns_is_left_alone(
    department: Database, receiver: Database, tmp_path: Path
) -> None:
    department.run(
        "create table t (id int primary key, name text)", "insert into t values (1, 'a')"
    )
    receiver.run("create table t (id bigint primary key, other text)", "insert into t values (9)")
    with pytest.raises(HaiheError) as raised:
        moved(department.address, "t", PostgresTarget(receiver.address, "t"), tmp_path)
    assert raised.value.code == "exchange.target.differs"
    assert receiver.ask("select id from t") == [(9,)]


def test_a_table_without_columns_is_refused(
    department: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run("create table t ()")
    with pytest.raises(HaiheError) as raised:
        moved(department.address, "t", LakeTarget(lake, "a.t"), tmp_path, columns=())
    assert raised.value.code == "exchange.link.no_columns"


def test_what_the_caller_raises_before_the_commit_undoes_the_move(
    department: Database, receiver: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run("create table t (id int primary key)", "insert into t values (1)")

    def refuse(staged: object, outcome: Outcome) -> None:
        raise LookupError

    for target in targets(lake, receiver):
        one = move(department.address, "t", target, tmp_path)
        with pytest.raises(LookupError):
            run(one, before_commit=refuse)
        assert not is_committed(one)
        run(one)
        assert is_committed(one)
    assert not list((tmp_path / "staging").iterdir())


def test_a_full_disk_undoes_the_move(
    department: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run("create table t as select i as id, repeat('x', 500) as t"
                   " from generate_series(1, 50000) i")  # fmt: skip
    told = subprocess.run(
        [sys.executable, "-c", _FULL, department.address, lake.database_url, lake.files,
         str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4 << 20, 4 << 20)),
    )  # fmt: skip
    assert "exchange.disk_full" in told.stdout, told.stderr[-2000:]
    assert in_lake(lake, "select count(*) from lake.a.t") == [(0,)]
    assert not list((tmp_path / "staging").iterdir())
    assert sides(moved(department.address, "t", LakeTarget(lake, "a.t"), tmp_path)) == (
        50_000,
        50_000,
        0,
    )


_FULL = """
import sys
from pathlib import Path
from haihe.base.errors import HaiheError
from haihe.engine.lake.attached import LakeAddress
from haihe.engine.moving import LakeTarget
from tests.engine.moving.builders import moved
address, database, files, folder = sys.argv[1:]
try:
    moved(address, "t", LakeTarget(LakeAddress(database, files), "a.t"), Path(folder))
except HaiheError as fault:
    print(fault.code)
"""
