"""A source that can't be read says which fault it is, and never its password."""

from __future__ import annotations

import traceback
from collections.abc import Callable

import psycopg
import pytest

from haihe.base.errors import HaiheError
from haihe.engine.sources import open_source
from tests import needs
from tests.servers import Database, MariaDatabase

SECRET = "s3cr3t-word"


def fault_of(act: Callable[[], object]) -> str:
    """The code of the error that an act raises; its text holds no password."""
    with pytest.raises(HaiheError) as raised:
        act()
    assert SECRET not in "".join(traceback.format_exception(raised.value))
    return raised.value.code


@pytest.mark.parametrize(
    "address", [f"postgresql://a:{SECRET}@127.0.0.1:1/x", f"mariadb://a:{SECRET}@127.0.0.1:1/x"]
)
def test_an_absent_server_is_unreachable(address: str) -> None:
    assert fault_of(open_source(address).check) == "exchange.source.unreachable"


@pytest.mark.parametrize(
    "address",
    ["nosuch://a@b/c", "nonsense", "mariadb://host/db", "mysql://u@h:port/db", "postgresql://[x/"],
)
def test_an_address_that_cannot_be_read_is_refused(address: str) -> None:
    assert fault_of(lambda: open_source(address)) == "exchange.source.bad_address"


def test_postgresql_tells_its_faults(department: Database) -> None:
    unknown = department.address.replace("/d", "/nosuch", 1)
    assert fault_of(open_source(unknown).check) == "exchange.source.unknown_database"
    stranger = department.address.replace("haihe@", f"stranger:{SECRET}@")
    assert fault_of(open_source(stranger).check) == "exchange.source.wrong_password"
    source = open_source(department.address)
    assert fault_of(lambda: source.columns("nosuch")) == "exchange.source.unknown_table"


@needs.mariadb
def test_mariadb_tells_its_faults(maria: MariaDatabase) -> None:
    good = maria.address
    maria.run("create table hidden (a int)")
    user, rest = "reader", good.split("@127")[1]
    wrong = f"mariadb://{user}:{SECRET}@127{rest}"
    assert fault_of(open_source(wrong).check) == "exchange.source.wrong_password"
    unknown = good.rpartition("/")[0] + "/nosuch"
    assert fault_of(open_source(unknown).check) == "exchange.source.unknown_database"
    source = open_source(good)
    assert fault_of(lambda: source.columns("nosuch")) == "exchange.source.unknown_table"
    reached = source.check()
    assert (reached.product, reached.is_read_only) == ("MariaDB", True)


def test_a_user_without_rights_is_told_so(department: Database) -> None:
    department.run("create table hidden (a int)", "create role nobody_special login")
    try:
        stranger = department.address.replace("haihe@", "nobody_special@")
        source = open_source(stranger)
        assert source.check().is_read_only
        assert source.tables() == []
        assert fault_of(lambda: source.sample("hidden")) == "exchange.source.no_rights"
    finally:
        department.run("drop owned by nobody_special", "drop role nobody_special")


def test_reads_cannot_write(department: Database) -> None:
    department.run("create table t (a int)")
    source = open_source(department.address)
    assert not source.check().is_read_only
    with (
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
        psycopg.connect(
            source.reading_conninfo()  # type: ignore[attr-defined]
        ) as session,
    ):
        session.execute("insert into t values (1)")


def test_a_slow_statement_is_ended(department: Database) -> None:
    department.run("create view slow as select pg_sleep(5)::text as a")
    source = open_source(department.address, timeout_s=1)
    assert fault_of(lambda: source.sample("slow")) == "exchange.source.too_slow"


def test_a_sample_never_scans_a_large_table(department: Database) -> None:
    department.run(
        "create table large as select i, repeat('x', 200) as t from generate_series(1, 100000) i",
        "analyze large",
    )
    source = open_source(department.address)
    assert 1 <= len(source.sample("large", rows=50)) <= 50
    assert source.tables()[0].rows_estimate == pytest.approx(100_000, rel=0.1)
