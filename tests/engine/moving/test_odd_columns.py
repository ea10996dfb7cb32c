"""Columns as departments really declare them: what they hold arrives, whole and as it is."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from haihe.engine.lake.attached import LakeAddress
from haihe.engine.moving import LakeTarget
from tests import needs
from tests.engine.moving.builders import in_lake, moved, rules
from tests.engine.moving.test_moves import sides, targets
from tests.servers import Database, MariaDatabase

BELOW_ONE = "(1, 0.5, 0.5), (2, 0, 0), (3, -0.25, -0.25), (4, null, null)"


def test_a_domain_is_read_as_the_type_that_it_comes_down_to(
    department: Database, receiver: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run(
        "create domain money_of as numeric(10,2)",
        "create domain fee as money_of",
        "create domain moment as timestamptz",
        "create domain short as varchar(3)",
        "create table t (id int primary key, fee fee, at moment, name short)",
        "insert into t values (1, 1.50, '2020-01-01 08:00+08', 'a'), (2, 2.00, null, 'b')",
    )
    found = [(c.kind, c.length) for c in rules(department.address, "t")[1:]]
    assert found == [("decimal(10,2)", None), ("timestamp", None), ("text", 3)]
    for target in targets(lake, receiver):
        assert sides(moved(department.address, "t", target, tmp_path, watermark="at")) == (2, 2, 0)
    seen = receiver.ask("select fee, at::text, name from t order by id")
    assert seen == [(Decimal("1.50"), "2020-01-01 00:00:00", "a"), (Decimal("2.00"), None, "b")]


def test_decimals_below_one_arrive(
    department: Database, receiver: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run(
        "create table t (id int primary key, share numeric(5,5), fine numeric(20,20))",
        f"insert into t values {BELOW_ONE}",
    )
    for target in targets(lake, receiver):
        assert sides(moved(department.address, "t", target, tmp_path)) == (4, 4, 0)
    assert in_lake(lake, "select share::double from lake.a.t order by id") == [
        (0.5,), (0.0,), (-0.25,), (None,)
    ]  # fmt: skip


@needs.mariadb
def test_decimals_below_one_are_hashed_alike_in_both_sources(
    department: Database, maria: MariaDatabase, lake: LakeAddress, tmp_path: Path
) -> None:
    outcomes = []
    for database, shape in ((department, "numeric"), (maria, "decimal")):
        database.run(
            f"create table t (id int primary key, share {shape}(5,5), fine {shape}(38,38))",
            f"insert into t values {BELOW_ONE}",
        )
        outcomes.append(
            moved(database.address, "t", LakeTarget(lake, f"a.{shape}"), tmp_path, link=shape)
        )
    assert [sides(outcome) for outcome in outcomes] == [(4, 4, 0)] * 2
    assert outcomes[0].source_hash == outcomes[1].source_hash


@pytest.mark.parametrize("text", ["张××××", "120101××××××××", "阿卜杜····热合曼"])
def test_signs_that_blot_out_are_good_text(
    department: Database, lake: LakeAddress, tmp_path: Path, text: str
) -> None:
    department.run("create table t (name text)", f"insert into t values ('{text}'), ('ÖÐÎÄ')")
    outcome = moved(department.address, "t", LakeTarget(lake, "a.t"), tmp_path)
    assert sides(outcome) == (2, 1, 1)
    assert in_lake(lake, "select name from lake.a.t") == [(text,)]


def test_a_link_goes_on_from_the_first_day_of_the_year_1(
    department: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run(
        "create table t (id int primary key, at timestamp)",
        "insert into t values (1, '0001-01-01'), (2, '0001-01-01 00:30')",
    )
    target = LakeTarget(lake, "a.t")
    for _ in range(2):
        outcome = moved(department.address, "t", target, tmp_path, watermark="at", overlap_s=86400)
        assert sides(outcome) == (2, 2, 0)


@needs.mariadb
def test_texts_of_every_collation_of_mariadb_arrive(
    maria: MariaDatabase, lake: LakeAddress, tmp_path: Path
) -> None:
    maria.run(
        "create table t (code varchar(9) collate utf8mb4_bin primary key, note json,"
        " a varchar(9) collate utf8mb4_general_ci, b varchar(9) collate utf8mb4_unicode_ci,"
        " c varchar(9) character set latin1 collate latin1_bin,"
        " d varchar(9) character set gbk, e enum('中', 'x') collate utf8mb4_bin"
        ") character set utf8mb4",
        "insert into t values ('中', '{\"a\": 1}', '中', '文', 'é', '津', '中'),"
        " ('b', null, null, null, null, null, null)",
    )
    assert sides(moved(maria.address, "t", LakeTarget(lake, "a.t"), tmp_path)) == (2, 2, 0)
    row = in_lake(lake, "select code, note, a, b, c, d, e from lake.a.t where code <> 'b'")
    assert row == [("中", '{"a": 1}', "中", "文", "é", "津", "中")]


@needs.mariadb
def test_numbers_of_mariadb_arrive_whole_however_they_are_shown(
    maria: MariaDatabase, lake: LakeAddress, tmp_path: Path
) -> None:
    maria.run(
        "create table t (id int primary key, price decimal(10,2) zerofill,"
        " f float, width float(10,2), flags bit(8), place point)",
        "insert into t values (1, 1.5, 0.1, 123456.78, b'101', point(1, 2)),"
        " (2, 100, 16777216, 0, b'0', null), (3, 0, 1234567.5, -1.5, b'1', null),"
        " (4, null, 1.3, null, null, null), (5, 7, 0, 0, b'10000000', null)",
    )
    assert sides(moved(maria.address, "t", LakeTarget(lake, "a.t"), tmp_path)) == (5, 5, 0)
    rows = in_lake(lake, "select price::double, f, width, flags, place from lake.a.t order by id")
    assert rows == [
        (1.5, 0.1, 123456.78, "101", "POINT(1 2)"),
        (100, 16777216, 0, "0", None),
        (0, 1234567.5, -1.5, "1", None),
        (None, 1.3, None, None, None),
        (7, 0, 0, "10000000", None),
    ]


@needs.mariadb
@pytest.mark.parametrize("shape", ["tinyint(1)", "tinyint(1) unsigned"])
def test_a_small_number_is_no_truth_where_the_catalogue_says_so(
    maria: MariaDatabase, lake: LakeAddress, tmp_path: Path, shape: str
) -> None:
    maria.run(
        f"create table t (id int primary key, state {shape})",
        "insert into t values (1, 0), (2, 1), (3, 2), (4, null)",
    )
    columns = rules(maria.address, "t", state={"kind": "integer"})
    outcome = moved(maria.address, "t", LakeTarget(lake, "a.t"), tmp_path, columns=columns)
    assert sides(outcome) == (4, 4, 0)
    assert in_lake(lake, "select state from lake.a.t order by id") == [(0,), (1,), (2,), (None,)]
