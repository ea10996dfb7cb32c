"""A table of PostgreSQL followed by its change log, into the lake and into a receiver's table."""

from __future__ import annotations

from pathlib import Path

import pytest

from haihe.base.errors import HaiheError
from haihe.engine.changes import provider_script
from haihe.engine.lake.attached import LakeAddress
from haihe.engine.moving import LakeTarget, PostgresTarget
from haihe.engine.moving.errors import SourceChanged
from haihe.engine.moving.targets import Target
from tests.engine.changes.builders import (
    LINK,
    NAME,
    content,
    content_of_source,
    followed,
    logged,
    rules,
)
from tests.servers import Database

TABLE = "create table t (id bigint primary key, name text, big text, amount numeric(12,2))"


@pytest.fixture(params=["lake", "receiver"])
def target(request: pytest.FixtureRequest, lake: LakeAddress, receiver: Database) -> Target:
    """The table of the lake, and that of a receiver."""
    if request.param == "lake":
        return LakeTarget(lake, "a.t")
    return PostgresTarget(receiver.address, "t")


@pytest.fixture
def source(department: Database) -> Database:
    """A table with a change log, and some rows."""
    department.run(
        TABLE,
        "alter table t alter big set storage external",
        "insert into t select i, '名' || i, repeat('大' || i, 2000), i"
        " from generate_series(1, 50) i",
    )
    logged(department)
    return department


def code_of(source: Database, target: Target, folder: Path) -> str:
    """The code of what following raises; empty if nothing."""
    try:
        followed(source.address, target, folder)
    except HaiheError as fault:
        return fault.code
    return ""


def test_changes_deletions_keys_and_unchanged_values_arrive(
    source: Database, target: Target, lake: LakeAddress, tmp_path: Path
) -> None:
    columns = rules(source.address)
    whole = followed(source.address, target, tmp_path)
    assert whole.log is not None
    assert whole.log.is_whole
    source.run(
        "update t set name = name || '+' where id < 20",
        "delete from t where id = 3",
        "insert into t values (3, 'anew', 'x', 1.5), (60, '六十', null, null)",
        "update t set id = id + 1000 where id between 30 and 33",
        "begin; update t set id = 2000 where id = 1030; update t set id = 2001 where id = 2000;"
        " update t set name = 'twice moved' where id = 2001; commit",
        "begin; update t set id = -1 where id = 10; update t set id = 10 where id = 11;"
        " update t set id = 11 where id = -1; commit",
    )
    outcome = followed(source.address, target, tmp_path)
    assert outcome.is_reconciled
    assert outcome.log is not None
    assert outcome.log.lag_bytes is not None
    everything = LakeTarget(lake, "a.whole")
    held = content_of_source(source.address, everything, tmp_path, columns=columns)
    assert content(target, columns, tmp_path) == held
    again = followed(source.address, target, tmp_path)
    assert (again.rows_read, again.is_reconciled) == (0, True)


def test_truncate_empties_the_target(source: Database, target: Target, tmp_path: Path) -> None:
    followed(source.address, target, tmp_path)
    source.run(
        "insert into t values (70, 'gone', '', 1)",
        "truncate t",
        "insert into t values (1, 'a', '', 1)",
    )
    outcome = followed(source.address, target, tmp_path)
    assert outcome.log is not None
    assert outcome.log.rows_deleted == 50
    assert content(target, rules(source.address), tmp_path)[0] == 1


def test_changes_during_the_first_read_are_neither_lost_nor_doubled(
    source: Database, target: Target, tmp_path: Path
) -> None:
    # The log begins before the snapshot: what both hold counts once.
    source.run("insert into t values (80, 'before', '', 1)", "delete from t where id = 1")
    followed(source.address, target, tmp_path)
    source.run("update t set name = 'after' where id = 80")
    outcome = followed(source.address, target, tmp_path)
    assert outcome.rows_read == 1
    assert content(target, rules(source.address), tmp_path)[0] == 50


def test_without_its_provider_there_is_no_change_log(
    department: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run(TABLE)
    target = LakeTarget(lake, "a.t")
    assert code_of(department, target, tmp_path) == "exchange.log.off"
    assert department.ask("select count(*) from pg_replication_slots") == [(0,)]
    script = provider_script(
        department.address, link=LINK, table="t",
        columns=["id", "name", "big", "amount"], keys=["id"],
    )  # fmt: skip
    statements = [line for line in script.splitlines() if not line.startswith("--")]
    user = department.ask("select quote_ident(current_user)")[0][0]
    assert f"alter role {user}" in script.replace('"', "") or "replication" in script
    kept = [each for each in statements if "role" not in each and not each.startswith("grant")]
    department.run(*"\n".join(kept).split(";")[:-1])
    assert code_of(department, target, tmp_path) == ""


def test_a_slot_that_was_made_anew_is_refused_until_the_table_is_read_again(
    source: Database, target: Target, tmp_path: Path
) -> None:
    followed(source.address, target, tmp_path)
    source.run(
        f"select pg_drop_replication_slot('{NAME}')",
        "insert into t values (90, 'between', '', 1)",
        f"select pg_create_logical_replication_slot('{NAME}', 'pgoutput')",
    )
    assert code_of(source, target, tmp_path) == "exchange.log.made_anew"
    whole = followed(source.address, target, tmp_path, is_anew=True)
    assert (whole.rows_read, whole.is_reconciled) == (51, True)
    assert code_of(source, target, tmp_path) == ""


def test_a_slot_that_somebody_else_moved_on_is_refused(
    source: Database, target: Target, tmp_path: Path
) -> None:
    followed(source.address, target, tmp_path)
    source.run(
        "insert into t values (90, 'read elsewhere', '', 1)",
        f"select count(*) from pg_logical_slot_get_binary_changes('{NAME}', null, null,"
        f" 'proto_version', '1', 'publication_names', '{NAME}')",
    )
    assert code_of(source, target, tmp_path) == "exchange.log.made_anew"


def test_a_publication_that_was_changed_meanwhile_is_refused(
    source: Database, target: Target, tmp_path: Path
) -> None:
    followed(source.address, target, tmp_path)
    source.run(
        f"alter publication {NAME} drop table t",
        "insert into t values (90, 'unpublished', '', 1)",
        f"alter publication {NAME} add table t",
    )
    assert code_of(source, target, tmp_path) == "exchange.log.made_anew"


@pytest.mark.parametrize(
    "change",
    [
        f"alter publication {NAME} set (publish = 'insert, update')",
        f"alter publication {NAME} set table t where (id > 3)",
    ],
)
def test_a_publication_that_leaves_out_something_is_refused(
    source: Database, target: Target, tmp_path: Path, change: str
) -> None:
    source.run(change)
    assert code_of(source, target, tmp_path) == "exchange.log.partial"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("alter table t drop column name", "name"),
        ("alter table t alter amount type numeric(10,2)", "amount was numeric decimal(12,2)"),
        ("alter table t alter name type varchar(20)", "name was text"),
        ("alter table t alter id type integer", "id was bigint"),
        ("alter table t alter amount type double precision", "amount was numeric"),
    ],
)
def test_a_column_dropped_or_narrowed_stops_the_link_with_the_difference(
    source: Database, target: Target, tmp_path: Path, change: str, told: str
) -> None:
    columns = rules(source.address)
    followed(source.address, target, tmp_path)
    source.run(change)
    with pytest.raises(SourceChanged) as stopped:
        followed(source.address, target, tmp_path, columns=columns)
    assert told in str(stopped.value)


def test_a_column_added_is_offered_and_the_link_goes_on(
    source: Database, target: Target, tmp_path: Path
) -> None:
    columns = rules(source.address)
    followed(source.address, target, tmp_path)
    source.run("alter table t add more text", "update t set more = 'm', name = 'n' where id = 1")
    outcome = followed(source.address, target, tmp_path, columns=columns)
    assert outcome.log is not None
    assert outcome.log.offered == ("more",)
    assert outcome.rows_written == 1


def test_a_bad_row_leaves_the_target_and_comes_back_whole_once_it_is_mended(
    source: Database, target: Target, lake: LakeAddress, tmp_path: Path
) -> None:
    columns = rules(source.address)
    followed(source.address, target, tmp_path)
    source.run("update t set name = 'bad' || chr(65533) where id = 5")
    bad = followed(source.address, target, tmp_path)
    assert (bad.rows_quarantined, bad.is_reconciled) == (1, True)
    assert content(target, columns, tmp_path)[0] == 49
    # Neither the log nor the target holds the long value now.
    source.run("update t set name = 'good' where id = 5")
    followed(source.address, target, tmp_path)
    held = content_of_source(source.address, LakeTarget(lake, "a.whole"), tmp_path, columns=columns)
    assert content(target, columns, tmp_path) == held
