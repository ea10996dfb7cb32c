"""Rows erased from every state that the lake keeps: nothing of them, everything of others."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from haihe.engine.lake import open_lake, states_of
from haihe.engine.lake.attached import LakeAddress
from haihe.engine.lake.care import compact
from haihe.engine.lake.erasing import Erased, erase
from haihe.engine.lake.writers import TableTaken, writing
from tests.engine.lake.test_history import TABLE, written
from tests.servers import Server, a_database

SECRET = "Zebra"
"""A name that nobody else bears: bytes to look for."""


@pytest.fixture
def filled(lake: LakeAddress) -> LakeAddress:
    """A thousand persons and one more, who changes twice and whose column is added later."""
    written(
        lake,
        "create schema lake.reg",
        "create table lake.reg.person"
        " (id varchar, name varchar, born date, pay decimal(18,2), seen timestamp)",
        "insert into lake.reg.person select 'A' || i, 'name ' || i, date '1990-01-01' + i::int,"
        " i * 1.25, timestamp '2026-01-01' + interval (i) second from range(1000) t (i)",
        "insert into lake.reg.person"
        f" select '{SECRET}', '{SECRET} {SECRET}', date '1890-01-01', 9999.99, null"
        " from range(40)",
        f"update lake.reg.person set name = 'called {SECRET}' where id = '{SECRET}'",
        "alter table lake.reg.person add column phone varchar",
        f"insert into lake.reg.person values ('{SECRET}', '{SECRET}', null, 1, null, '1')",
        "insert into lake.reg.person select 'B' || i, 'b', null, i, null, 'p' from range(99) t (i)",
    )
    return lake


def erased(lake: LakeAddress, person: str = SECRET) -> Erased:
    return erase(lake, TABLE, rows_sql="id = ?", given=(person,))


def states(lake: LakeAddress) -> list[Sequence[Any]]:
    """What each kept version held of others: count and sum of a hash over whole rows."""
    found: list[Sequence[Any]] = []
    with open_lake(lake) as connection:
        kept = connection.execute("select snapshot_id from ducklake_snapshots('lake')").fetchall()
        for (number,) in sorted(kept)[3:]:
            found += connection.execute(
                "select count(*), coalesce(sum(hash(id, name, born, pay, seen)::hugeint), 0)"
                f" from lake.reg.person at (version => {number})"
                f" where id <> '{SECRET}' and id is not null"
            ).fetchall()
    return found


def test_no_state_holds_an_erased_row_and_all_hold_every_other(filled: LakeAddress) -> None:
    before, kept = states(filled), states_of(filled, TABLE)
    done = erased(filled)
    assert (done.rows_now, done.left) == (41, 0)
    assert done.rows_stored >= 81
    assert states(filled)[: len(before)] == before
    assert [each.rows for each in states_of(filled, TABLE)][1:] == [each.rows for each in kept]
    assert (erased(filled).rows_now, erased(filled).rows_stored) == (0, 0)


def test_no_byte_of_an_erased_row_lies_in_a_file_or_in_the_lakes_catalogue(
    filled: LakeAddress,
) -> None:
    with psycopg.connect(filled.database_url) as catalogue:
        assert _in_catalogue(catalogue)
    erased(filled)
    found = subprocess.run(
        ["grep", "-rl", SECRET, filled.files], capture_output=True, text=True, check=False
    )
    assert found.stdout == ""
    for file in Path(filled.files).rglob("*.parquet"):
        rows = duckdb.sql(
            f"select count(*) from read_parquet('{file}') t where t::varchar like '%{SECRET}%'"
        )
        assert rows.fetchall() == [(0,)]
    with psycopg.connect(filled.database_url) as catalogue:
        assert not _in_catalogue(catalogue)


def _in_catalogue(catalogue: psycopg.Connection[Any]) -> list[str]:
    tables = catalogue.execute(
        "select table_name from information_schema.tables where table_schema = 'lake'"
    ).fetchall()
    return [
        name
        for (name,) in tables
        if catalogue.execute(
            f'select 1 from lake."{name}" as t where t::text like %s limit 1', [f"%{SECRET}%"]
        ).fetchone()
    ]


def test_a_whole_data_set_is_erased_and_its_numbers_stay(filled: LakeAddress) -> None:
    done = erase(filled, TABLE, rows_sql="true")
    assert (done.rows_now, done.left) == (1140, 0)
    assert states_of(filled, TABLE)[0].rows == 0
    assert {count for count, _ in states(filled)} == {0}


def test_an_erasure_that_may_not_be_told_changes_nothing(filled: LakeAddress) -> None:
    def refuse(rows: int, stored: int) -> None:
        assert (rows, stored >= 81) == (41, True)
        raise PermissionError

    before = states_of(filled, TABLE)
    with pytest.raises(PermissionError):
        erase(filled, TABLE, rows_sql="id = ?", given=(SECRET,), before_commit=refuse)
    assert states_of(filled, TABLE) == before
    assert erased(filled).rows_now == 41


def test_a_table_that_is_written_now_is_refused_and_one_that_is_not_there_is_empty(
    filled: LakeAddress,
) -> None:
    with writing(TABLE, database_url=filled.database_url), pytest.raises(TableTaken):
        erased(filled)
    assert erase(filled, "reg.nothing", rows_sql="true").rows_stored == 0


def test_files_that_care_has_written_together_are_erased_too(filled: LakeAddress) -> None:
    compact(filled, TABLE)
    before = states(filled)
    assert erased(filled).left == 0
    compact(filled, TABLE)
    assert states(filled)[: len(before)] == before
    assert erased(filled).rows_stored == 0


@settings(max_examples=6, phases=(Phase.explicit, Phase.generate))
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(("insert", "update", "delete", "care")), st.integers(0, 9)),
        min_size=1,
        max_size=8,
    ),
    who=st.integers(0, 9),
)
def test_whatever_was_written_only_the_erased_rows_are_gone(
    department_server: Server,
    tmp_path_factory: pytest.TempPathFactory,
    steps: list[tuple[str, int]],
    who: int,
) -> None:
    with a_database(department_server) as database:
        lake = LakeAddress(database.address, str(tmp_path_factory.mktemp("lake")))
        written(lake, "create schema lake.reg", "create table lake.reg.person (id int, n int)")
        for number, (step, person) in enumerate(steps):
            if step == "care":
                compact(lake, TABLE)
            else:
                written(lake, _statement(step, person, number))
        before = _others(lake, who)
        done = erase(lake, TABLE, rows_sql="id = ?", given=(who,))
        assert done.left == 0
        after = _others(lake, who)
        assert after[: len(before)] == before
        assert erase(lake, TABLE, rows_sql="id = ?", given=(who,)).rows_stored == 0


def _statement(step: str, person: int, number: int) -> str:
    """One to fifty rows of a person: few stay in the catalogue, many make a file."""
    rows = 50 if number % 2 else 1
    return {
        "insert": f"insert into lake.reg.person select {person}, {number} from range({rows})",
        "update": f"update lake.reg.person set n = {number} where id = {person}",
        "delete": f"delete from lake.reg.person where id = {person}",
    }[step]


def _others(lake: LakeAddress, who: int) -> list[list[tuple[int, int]]]:
    found = []
    with open_lake(lake) as connection:
        newest = connection.execute("select max(snapshot_id) from ducklake_snapshots('lake')")
        for number in range(2, newest.fetchall()[0][0] + 1):
            found.append(
                connection.execute(
                    f"select id, n from lake.reg.person at (version => {number})"
                    f" where id <> {who} order by all"
                ).fetchall()
            )
    return found
