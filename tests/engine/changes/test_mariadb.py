"""A table of MariaDB followed by its binary log."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from haihe.engine.changes import provider_script
from haihe.engine.changes.errors import LogLost
from haihe.engine.lake.attached import LakeAddress
from haihe.engine.moving import LakeTarget
from haihe.engine.moving.errors import SourceChanged
from haihe.engine.sources.errors import NoRights
from tests import needs
from tests.engine.changes.builders import (
    LINK,
    content,
    content_of_source,
    followed,
    rules,
)
from tests.servers import MariaDatabase

pytestmark = needs.mariadb
TABLE = (
    "create table t (id int primary key, name varchar(40), x decimal(10,2), a timestamp(3) null,"
    " d datetime(6), b tinyint(1), y blob, f float, e enum('一', 'b'), z bit(5), day date,"
    " t time, u bigint unsigned, c char(9), j json)"
)


@pytest.fixture
def source(maria: MariaDatabase) -> MariaDatabase:
    """A table of many types, and some rows; the reader may read the log."""
    maria.run(
        TABLE,
        "insert into t select seq, concat('名', seq), seq / 3, now(3), now(6), seq % 2,"
        " unhex('00ff'), seq / 7, '一', b'101', '2020-01-02', '-12:00:01',"
        " 18446744073709551615, 'c', '{\"a\": 1}' from seq_1_to_200",
    )
    assert maria.address
    maria.let_log_be_read()
    return maria


def test_changes_deletions_and_keys_arrive(
    source: MariaDatabase, lake: LakeAddress, tmp_path: Path
) -> None:
    target, columns = LakeTarget(lake, "a.t"), rules(source.address)
    followed(source.address, target, tmp_path)
    source.run(
        "update t set name = concat(name, '+'), f = f / 3, d = now(6) where id < 50",
        "delete from t where id = 7",
        "update t set id = id + 1000 where id between 20 and 30",
        "insert into t (id, name, day) values (7, 'neu', '1000-01-01'), (8000, null, null)",
        "replace into t (id, name) values (9, 'replaced')",
        "start transaction",
        "delete from t where id > 100",
        "rollback",
    )
    outcome = followed(source.address, target, tmp_path)
    assert outcome.is_reconciled
    whole = LakeTarget(lake, "a.whole")
    held = content_of_source(source.address, whole, tmp_path, columns=columns)
    assert content(target, columns, tmp_path) == held
    assert followed(source.address, target, tmp_path).rows_read == 0


def test_truncate_empties_the_target(
    source: MariaDatabase, lake: LakeAddress, tmp_path: Path
) -> None:
    target = LakeTarget(lake, "a.t")
    followed(source.address, target, tmp_path)
    source.run("truncate table t", "insert into t (id, name) values (1, 'a')")
    followed(source.address, target, tmp_path)
    assert content(target, rules(source.address), tmp_path)[0] == 1


def test_a_log_that_was_purged_is_refused_until_the_table_is_read_again(
    source: MariaDatabase, lake: LakeAddress, tmp_path: Path
) -> None:
    target = LakeTarget(lake, "a.t")
    followed(source.address, target, tmp_path)
    source.run("insert into t (id) values (300)", "flush binary logs", "flush binary logs")
    newest = source.ask("show master status")[0][0]
    # A log is kept as long as the reader's session, which ends by itself, still holds it.
    while source.ask("show binary logs")[0][0] != newest:
        source.run(f"purge binary logs to '{newest}'")
        time.sleep(0.2)
    with pytest.raises(LogLost):
        followed(source.address, target, tmp_path)
    assert followed(source.address, target, tmp_path, is_anew=True).rows_read == 201


def test_a_table_made_anew_stops_the_link(
    source: MariaDatabase, lake: LakeAddress, tmp_path: Path
) -> None:
    target = LakeTarget(lake, "a.t")
    followed(source.address, target, tmp_path)
    source.run("drop table t", TABLE, "insert into t (id) values (1)")
    with pytest.raises(SourceChanged):
        followed(source.address, target, tmp_path)


def test_a_reader_who_may_not_read_the_log_is_told_so(
    maria: MariaDatabase, lake: LakeAddress, tmp_path: Path
) -> None:
    maria.run("create table t (id int primary key)")
    address = maria.address
    maria.server.run("revoke replication slave, binlog monitor on *.* from 'reader'@'127.0.0.1'")
    with pytest.raises(NoRights):
        followed(address, LakeTarget(lake, "a.t"), tmp_path)
    script = provider_script(address, link=LINK, table="t", columns=["id"], keys=["id"])
    assert "grant replication slave, binlog monitor on *.* to 'reader'" in script
