"""A provider who pauses: the run ends at once, in the source too, and nothing is half-done."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from haihe.engine.lake.attached import LakeAddress
from haihe.engine.moving import ColumnRule, LakeTarget, run
from haihe.engine.moving.errors import Stopped
from haihe.engine.sources.errors import CutOff, WrongPassword
from haihe.engine.sources.postgresql import PostgreSQL
from tests import needs
from tests.engine.moving.builders import in_lake, move, moved
from tests.servers import Database, MariaDatabase

COLUMNS = (ColumnRule("id", "integer", is_key=True), ColumnRule("slept", "text"))


def ended_within_s(
    address: str, lake: LakeAddress, folder: Path, *, is_running: Callable[[], bool]
) -> float:
    """Pause as soon as the source runs the statement; seconds until the move has ended."""
    paused_at: list[float] = []

    def is_paused() -> bool:
        if not paused_at and is_running():
            paused_at.append(time.monotonic())
        return bool(paused_at)

    one = move(address, "slow", LakeTarget(lake, "a.t"), folder, columns=COLUMNS)
    with pytest.raises(Stopped):
        run(one, is_stopped=is_paused)
    assert in_lake(lake, "select * from lake.a.t") == []
    assert not list((folder / "staging").iterdir())
    return time.monotonic() - paused_at[0]


def test_a_pause_ends_the_run_and_its_statement(
    department: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run(
        "create view slow as select i as id, pg_sleep(1)::text as slept"
        " from generate_series(1, 600) i"
    )

    def is_running() -> bool:
        return department.ask(
            "select count(*) > 0 from pg_stat_activity where state = 'active'"
            " and query like '%slow%' and pid <> pg_backend_pid()"
        ) == [(True,)]

    address = department.address
    assert ended_within_s(address, lake, tmp_path, is_running=is_running) < 15
    assert not is_running()


@needs.mariadb
def test_a_pause_ends_the_run_in_mariadb(
    maria: MariaDatabase, lake: LakeAddress, tmp_path: Path
) -> None:
    maria.run(
        "create view slow as select seq as id, cast(sleep(1) as char) as slept from seq_1_to_600"
    )

    def is_running() -> bool:
        found = maria.ask(
            "select count(*) from information_schema.processlist"
            " where info like '%slow%' and id <> connection_id()"
        )
        return found[0][0] > 0

    address = maria.address
    assert ended_within_s(address, lake, tmp_path, is_running=is_running) < 15
    assert not is_running()


def test_a_source_that_goes_away_leaves_nothing_half_done(
    department: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run(
        "create view slow as select i as id, pg_sleep(0.5)::text as slept"
        " from generate_series(1, 600) i"
    )

    def cut() -> bool:
        department.ask(
            "select pg_terminate_backend(pid) from pg_stat_activity where state = 'active'"
            " and query like '%slow%' and pid <> pg_backend_pid()"
        )
        return False

    one = move(department.address, "slow", LakeTarget(lake, "a.t"), tmp_path, columns=COLUMNS)
    with pytest.raises(CutOff):
        run(one, is_stopped=cut)
    assert in_lake(lake, "select * from lake.a.t") == []
    assert not list((tmp_path / "staging").iterdir())


def test_a_pause_ends_the_run_though_the_source_answers_only_later(
    department: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    department.run(
        "create view slow as select i as id, pg_sleep(0.5)::text as slept"
        " from generate_series(1, 60) i"
    )
    source = Deaf(department.address)
    asked: list[bool] = []

    def is_paused() -> bool:
        asked.append(True)
        if len(asked) < 3:
            raise LookupError
        return True

    one = move(department.address, "slow", LakeTarget(lake, "a.t"), tmp_path, columns=COLUMNS)
    with pytest.raises(Stopped):
        run(replace(one, source=source), is_stopped=is_paused)
    assert source.refused >= 1  # how often it is asked again is the machine's pace


class Deaf(PostgreSQL):
    """A source that refuses to be stopped twice."""

    refused = 0

    def stop(self, tag: str) -> None:
        """See ``Source.stop``."""
        if self.refused < 2:
            self.refused += 1
            raise CutOff
        super().stop(tag)


@needs.mariadb
def test_a_password_changed_between_two_runs_is_named(
    maria: MariaDatabase, lake: LakeAddress, tmp_path: Path
) -> None:
    maria.run("create table t (id int primary key)", "insert into t values (1)")
    address = maria.address
    target = LakeTarget(lake, "a.t")
    moved(address, "t", target, tmp_path)
    maria.run("insert into t values (2)", "set password for reader@'127.0.0.1' = password('new')")
    try:
        with pytest.raises(WrongPassword):
            moved(address, "t", target, tmp_path, columns=COLUMNS[:1])
    finally:
        maria.run("drop user reader@'127.0.0.1'")
    assert in_lake(lake, "select * from lake.a.t") == [(1,)]
