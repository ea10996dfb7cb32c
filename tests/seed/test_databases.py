"""Seeding into real servers: rows, comments, a role that only reads, late rows, GB18030 files."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pymysql
import pytest

from haihe.project.bench.mariadb import MariaServer
from haihe.project.pack.read import Pack
from haihe.project.seed import faults, run
from haihe.project.seed.databases import Target
from haihe.project.seed.making import MadeUpCity
from haihe.project.seed.places import own_target
from tests import needs


def connect(target: Target, system: str) -> psycopg.Connection[tuple[object, ...]]:
    """The system's database as its owner; the address of the bureau names a TCP port."""
    database = target.addresses[system]["address"].rpartition("/")[2]
    return psycopg.connect(target.postgresql, dbname=database)


def one(target: Target, system: str, query: str) -> object:
    with connect(target, system) as session:
        found = session.execute(query.encode()).fetchone()
        return found[0] if found else None


def test_each_system_gets_its_tables_and_an_address(
    riverton: Pack, town: MadeUpCity, target: Target
) -> None:
    report = run.seed(riverton, city=town, target=target)
    assert report.left_out == ["trade.licensing"]
    assert set(target.addresses) == {s.code for s in riverton.systems} - {"trade.licensing"}
    assert (
        one(target, "welfare.support", "select count(*) from support.low_income")
        == (report.rows["welfare.low_income"])
    )
    assert report.planted("duplicate") > 0


def test_columns_are_described_in_chinese_and_keys_are_declared(
    riverton: Pack, town: MadeUpCity, target: Target
) -> None:
    run.seed(riverton, city=town, target=target)
    described = "select col_description('people.person'::regclass, 1)"
    assert one(target, "registry.people", described) == "公民身份号码"
    keys = (
        "select count(*) from pg_index where indrelid = 'people.person'::regclass and indisprimary"
    )
    assert one(target, "registry.people", keys) == 1


def test_the_bureau_reads_and_can_not_write(
    riverton: Pack, town: MadeUpCity, target: Target
) -> None:
    run.seed(riverton, city=town, target=target)
    with connect(target, "welfare.support") as session:
        session.execute("set role bureau_support")
        assert session.execute("select count(*) from support.low_income").fetchone() != (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("delete from support.low_income")
    settings = (
        "select setconfig::text from pg_db_role_setting join pg_roles on pg_roles.oid = setrole"
        " where rolname = 'bureau_support'"
    )
    assert "default_transaction_read_only=on" in str(one(target, "welfare.support", settings))
    strange = "select has_database_privilege('bureau_support', 'land', 'connect')"
    assert one(target, "welfare.support", strange) is False


def test_the_inbox_s_role_writes_there_and_reads_nothing_else(
    riverton: Pack, town: MadeUpCity, target: Target
) -> None:
    run.seed(riverton, city=town, target=target)
    with connect(target, "housing.inbox") as session:
        session.execute("set role inbox_fund")
        session.execute("create table inbox.made (a integer)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute("select * from fund.account")


def test_seeding_again_replaces_and_late_rows_come_once(
    riverton: Pack, town: MadeUpCity, target: Target
) -> None:
    count = "select count(*) from fund.account"
    run.seed(riverton, city=town, target=target)
    before = one(target, "housing.fund", count)
    run.seed(riverton, city=town, target=target)
    assert one(target, "housing.fund", count) == before
    late = town.plan(riverton.resource["housing.housing_fund"]).count("late")
    for _ in range(2):
        run.seed(riverton, city=town, target=target, late=True)
        assert one(target, "housing.fund", count) == before + late  # type: ignore[operator]


def test_systems_that_are_done_are_skipped(
    riverton: Pack, town: MadeUpCity, target: Target
) -> None:
    done: list[str] = []
    skipped = {system.code for system in riverton.systems} - {"land.register"}
    report = run.seed(riverton, city=town, target=target, skip=skipped, done=done.append)
    assert done == ["land.register"]
    assert list(report.rows) == ["land.property"]


def test_a_department_without_a_database_gives_files_in_gb18030(
    riverton: Pack, town: MadeUpCity, target: Target
) -> None:
    report = run.seed(riverton, city=town, target=target)
    (path,) = (target.files / "customers").iterdir()
    assert path.name == "customers.csv"
    lines = path.read_bytes().splitlines()
    assert lines[0].startswith(b"account_number,person_number,name")
    assert len(lines) == report.rows["waterworks.utility_account"] + 1
    mixed = [line for line in lines if "\ufffd" in line.decode("gb18030", "replace")]
    assert len(mixed) == report.faults["waterworks.utility_account"]["mixed_encoding"] == 1
    assert faults.MIXED in mixed[0].decode("utf-8")
    assert target.addresses["waterworks.customers"]["address"].endswith("?encoding=gb18030")


@needs.mariadb
def test_a_department_with_mariadb_gets_its_tables_there(
    riverton: Pack, town: MadeUpCity, target: Target, maria_server: MariaServer
) -> None:
    root = {"host": "127.0.0.1", "port": maria_server.port, "user": "root"}
    full = replace(target, mariadb=root)
    report = run.seed(riverton, city=town, target=full)
    run.seed(riverton, city=town, target=full, late=True)
    run.seed(riverton, city=town, target=full, late=True)
    assert report.left_out == []
    late = town.plan(riverton.resource["trade.licence"]).count("late")
    with pymysql.connect(**root, database="licensing", charset="utf8mb4") as session:
        cursor = session.cursor()
        cursor.execute("select count(*), sum(holder is null) from licence")
        rows, missing = cursor.fetchone() or (0, 0)
        assert rows == report.rows["trade.licence"] + late
        assert missing == report.faults["trade.licence"]["missing_required"]
        cursor.execute("show full columns from licence")
        assert cursor.fetchall()[0][-1] == "许可证编号"
        cursor.execute("show grants for 'bureau_licensing'@'%'")
        assert "SELECT, SHOW VIEW" in str(cursor.fetchall())
        cursor.execute("drop database licensing")
        cursor.execute("drop user 'bureau_licensing'@'%'")


@pytest.mark.parametrize("urls", [[], ["mariadb://root@h/x"], ["oracle://h/x"]])
def test_servers_of_one_s_own_are_named_by_a_postgresql_address_at_least(
    urls: list[str], target: Target
) -> None:
    with pytest.raises(Exception, match=r"PostgreSQL|no kind of server"):
        own_target(urls, files=target.files, secret="s")


def test_passwords_are_the_same_for_a_secret_and_differ_between_roles(target: Target) -> None:
    address = "postgresql://owner@db.example:5433/postgres"
    one_of, again = (own_target([address], files=target.files, secret="s") for _ in range(2))
    assert one_of.password("a") == again.password("a") != one_of.password("b")
    assert (one_of.host, one_of.port) == ("db.example", 5433)
