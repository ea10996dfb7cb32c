"""Two tables in two databases: exactly what differs is named, whatever the engines and keys."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pymysql
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haihe.base.errors import HaiheError
from haihe.engine.lake.attached import LakeAddress, attach_lake
from haihe.engine.lake.duck import open_duckdb
from haihe.engine.reconciling import LakeSide, MariaSide, PostgresSide, Side, reconcile
from haihe.engine.sources.lake import Lake
from haihe.engine.sources.mariadb import MariaDB
from haihe.engine.sources.postgresql import PostgreSQL
from tests import needs
from tests.servers import Database, MariaDatabase

TYPES = {
    "postgresql": (
        "id bigint not null, code text not null, name text, amount numeric(20,5), day date,"
        " moment timestamp(6), flag boolean, primary key (id, code)"
    ),
    "mariadb": (
        "id bigint not null, code varchar(40) collate utf8mb4_bin not null, name text,"
        " amount decimal(22,6), day date, moment datetime(6), flag tinyint(1),"
        " primary key (id, code)"
    ),
    "lake": (
        "id bigint, code varchar, name varchar, amount decimal(25,5), day date,"
        " moment timestamp, flag boolean"
    ),
}
COLUMNS = ("id", "code", "name", "amount", "day", "moment", "flag")
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
REST = st.tuples(
    st.none() | TEXTS,
    st.none() | st.decimals(-(10**9), 10**9, places=5),
    st.none() | st.dates(date(1000, 1, 1)),
    st.none() | st.datetimes(datetime(1000, 1, 1)),  # noqa: DTZ001 - columns without zone
    st.none() | st.booleans(),
)
KEYS = st.tuples(st.integers(-(2**63), 2**63 - 1) | st.integers(0, 3), TEXTS.map(lambda t: t + "."))
Row = tuple[Any, ...]


@dataclass
class Places:
    """The three kinds of database, and how a table with rows comes to stand in each."""

    department: Database
    maria: MariaDatabase
    lake: LakeAddress

    def table(self, kind: str, rows: list[Row], *, types: str = "") -> Side:
        """A fresh table with these rows."""
        name = f"t{uuid4().hex[:16]}"
        marks = ", ".join(["%s"] * len(rows[0])) if rows else ""
        made = f"create table {{}} ({types or TYPES[kind]})"
        if kind == "postgresql":
            with psycopg.connect(self.department.address, autocommit=True) as session:
                session.execute(made.format(name).encode())
                if rows:
                    session.cursor().executemany(f"insert into {name} values ({marks})", rows)
            return PostgresSide(PostgreSQL(self.department.address), name)
        if kind == "mariadb":
            self.maria.run(made.format(name))
            with self.maria_session() as session, session.cursor() as cursor:
                for row in rows:
                    cursor.execute(f"insert into {name} values ({marks})", row)
                session.commit()
            return MariaSide(MariaDB(self.maria.address), name)
        with open_duckdb() as connection:
            attach_lake(connection, self.lake, is_writer=True)
            connection.execute("create schema if not exists lake.a")
            connection.execute(made.format(f"lake.a.{name}"))
            if rows:
                connection.executemany(
                    f"insert into lake.a.{name} values ({marks.replace('%s', '?')})", rows
                )
        return LakeSide(Lake(self.lake), f"a.{name}")

    def maria_session(self) -> Any:
        """A session of the administrator."""
        server = self.maria.server
        return pymysql.connect(
            unix_socket=f"{server.folder}/s",
            user="root",
            database=self.maria.name,
            charset="utf8mb4",
        )


@pytest.fixture
def places(department: Database, maria: MariaDatabase, lake: LakeAddress) -> Places:
    return Places(department, maria, lake)


def shown(key: tuple[Any, ...]) -> tuple[str, ...]:
    return tuple(str(part) for part in key)


@needs.mariadb
@pytest.mark.parametrize(
    ("left", "right"),
    [("postgresql", "mariadb"), ("mariadb", "lake"), ("lake", "postgresql"),
     ("postgresql", "postgresql")],
)  # fmt: skip
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    rows=st.dictionaries(KEYS, REST, max_size=30),
    other=st.dictionaries(KEYS, REST, max_size=4),
    pick=st.randoms(use_true_random=False),
)
def test_exactly_the_planted_differences_are_named(
    places: Places,
    left: str,
    right: str,
    rows: dict[Row, Row],
    other: dict[Row, Row],
    pick: Any,
) -> None:
    changed = dict(rows)
    for key in pick.sample(sorted(rows), min(len(rows), 3)):
        changed.pop(key) if pick.random() < 0.3 else changed.update({key: (*rows[key][:4], None)})
    changed |= other
    sides = [
        places.table(kind, [key + rest for key, rest in held.items()])
        for kind, held in ((left, rows), (right, changed))
    ]

    found = reconcile(sides[0], sides[1], keys=("id", "code"), pause_s=0)

    planted = {
        shown(key): tuple(
            name
            for name, one, two in zip(COLUMNS[2:], rows[key], changed[key], strict=True)
            if one != two
        )
        if key in rows and key in changed
        else ("left" if key in rows else "right",)
        for key in rows.keys() | changed.keys()
        if rows.get(key) != changed.get(key)
    }
    named = {d.key: d.columns or (d.only_in,) for d in found.differences}
    assert named == planted
    assert (found.rows_left, found.rows_right) == (len(rows), len(changed))
    assert found.is_whole
    assert found.is_equal == (not planted)


@needs.mariadb
@pytest.mark.parametrize("size", [20_000])
def test_one_character_of_one_row_in_thousands_is_named(places: Places, size: int) -> None:
    rows = [(i, f"备注 {i}") for i in range(size)]
    left = places.table("postgresql", rows, types="id bigint primary key, remark text")
    rows[size // 3] = (size // 3, f"备注 {size // 3}。")
    right = places.table("postgresql", rows, types="id bigint primary key, remark text")

    found = reconcile(left, right, pause_s=0)

    (difference,) = found.differences
    assert difference.key == (str(size // 3),)
    assert difference.columns == ("remark",)
    assert difference.right == (f"备注 {size // 3}。",)
    assert found.buckets_differing == 1
    assert "备注" not in repr(found)
    assert f"'{size // 3}'" not in repr(found)


@needs.mariadb
def test_a_uuid_is_one_key_on_both_sides(places: Places) -> None:
    keys = [UUID(int=i * 7919) for i in range(1, 200)]
    left = places.table("postgresql", [(k, 1) for k in keys], types="id uuid primary key, n int")
    right = places.table(
        "mariadb",
        [(str(k), 1 + (k.int == 7919)) for k in keys[:-1]],
        types="id uuid primary key, n int",
    )
    found = reconcile(left, right, pause_s=0)
    named = {(d.key, d.columns, d.only_in) for d in found.differences}
    assert named == {((str(keys[0]),), ("n",), ""), ((str(keys[-1]),), (), "left")}


@needs.mariadb
def test_keys_that_a_collation_takes_for_one_stay_two(places: Places) -> None:
    rows = [("a", 1), ("A", 2), ("á", 3)]
    left = places.table("postgresql", rows, types="id text primary key, n int")
    right = places.table(
        "mariadb",
        [("a", 1), ("A", 5), ("á", 3)],
        types="id varchar(9) collate utf8mb4_bin primary key, n int",
    )
    (difference,) = reconcile(left, right, pause_s=0).differences
    assert (difference.key, difference.columns) == (("A",), ("n",))
    folding = places.table(
        "mariadb", [("a", 1)], types="id varchar(9) collate utf8mb4_unicode_ci, n int"
    )
    found = reconcile(left, folding, keys=("id",), pause_s=0)
    assert {d.key: d.only_in for d in found.differences} == {("A",): "left", ("á",): "left"}


@needs.mariadb
def test_another_normal_form_is_named_as_that_alone(places: Places) -> None:
    left = places.table("postgresql", [(1, "é")], types="id int primary key, name text")
    right = places.table("mariadb", [(1, "e\u0301")], types="id int primary key, name text")
    (difference,) = reconcile(left, right, pause_s=0).differences
    assert difference.columns == ("name",)
    assert difference.only_form


@needs.mariadb
@pytest.mark.parametrize("kind", ["postgresql", "mariadb", "lake"])
@pytest.mark.parametrize(
    ("types", "rows"),
    [
        ({"*": "id bigint, n int"}, [(1, 1), (None, 2)]),
        ({"postgresql": "id text, n int", "mariadb": "id varchar(9), n int",
          "lake": "id varchar, n int"}, [("1", 1), (None, 2)]),
        ({"*": "id bigint, n int"}, [(1, 1), (1, 2)]),
    ],
)  # fmt: skip
def test_null_and_doubled_keys_are_refused(
    places: Places, kind: str, types: dict[str, str], rows: list[Row]
) -> None:
    one = places.table(kind, rows, types=types.get("*") or types[kind])
    two = places.table(kind, rows[:1], types=types.get("*") or types[kind])
    with pytest.raises(HaiheError) as refused:
        reconcile(one, two, keys=("id",), pause_s=0)
    assert refused.value.code == "exchange.reconciliation.bad_keys"


@needs.mariadb
@pytest.mark.parametrize(
    ("types", "keys", "code"),
    [
        ("id text primary key, n int", (), "not_comparable"),
        ("id int primary key, m int", (), "not_comparable"),
        ("id int primary key, n float", ("n",), "not_comparable"),
    ],
)
def test_tables_that_are_unlike_are_refused(
    places: Places, types: str, keys: tuple[str, ...], code: str
) -> None:
    left = places.table("postgresql", [], types="id int primary key, n int")
    right = places.table("postgresql", [], types=types)
    with pytest.raises(HaiheError) as refused:
        reconcile(left, right, keys=keys, pause_s=0)
    assert refused.value.code == f"exchange.reconciliation.{code}"


@needs.mariadb
def test_a_table_without_a_key_is_refused(places: Places) -> None:
    sides = [places.table("postgresql", [], types="n int") for _ in range(2)]
    with pytest.raises(HaiheError) as refused:
        reconcile(sides[0], sides[1], pause_s=0)
    assert refused.value.code == "exchange.reconciliation.no_key"


@needs.mariadb
def test_many_differences_are_followed_up_to_a_bound_and_said_to_be_more(places: Places) -> None:
    types = "id bigint primary key, n numeric(9,2)"
    left = places.table("postgresql", [(i, Decimal(1)) for i in range(3000)], types=types)
    right = places.table("postgresql", [(i, Decimal(2)) for i in range(3000)], types=types)
    found = reconcile(left, right, pause_s=0)
    assert len(found.differences) == 1000
    assert not found.is_whole
    assert not found.is_equal


@needs.mariadb
def test_wide_buckets_are_cut_finer_until_few_rows_are_left(places: Places) -> None:
    types = "id bigint primary key, n int"
    left = places.table("postgresql", [], types=types)
    right = places.table("postgresql", [], types=types)
    name = left.table, right.table  # type: ignore[attr-defined]
    for each in name:
        places.department.run(
            f"insert into {each} select i, i % 10 from generate_series(1, 60000) i",
            f"insert into {each} values (4000000000000000000, 1)",
        )
    places.department.run(f"update {name[0]} set n = 99 where id = 41234")
    (difference,) = reconcile(left, right, pause_s=0).differences
    assert difference.key == ("41234",)


@needs.mariadb
def test_rows_that_change_meanwhile_are_not_named(places: Places) -> None:
    types = "id bigint primary key, n int"
    left = places.table("postgresql", [(i, 0) for i in range(300)], types=types)
    right = places.table("postgresql", [(i, 0) for i in range(300)], types=types)
    places.department.run(f"update {right.table} set n = -1 where id = 7")  # type: ignore[attr-defined]
    ended = threading.Event()

    def change() -> None:
        number = 1
        with psycopg.connect(places.department.address, autocommit=True) as session:
            while not ended.is_set():
                for side in (left, right):
                    session.execute(
                        f"update {side.table} set n = %s where id <> 7",  # type: ignore[attr-defined]
                        [number],
                    )
                number += 1

    writer = threading.Thread(target=change)
    writer.start()
    try:
        found = reconcile(left, right, pause_s=0.3)
    finally:
        ended.set()
        writer.join()
    assert [d.key for d in found.differences] == [("7",)]


@needs.mariadb
@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_stop_ends_the_statements_on_both_sides(places: Places, kind: str) -> None:
    types = "id bigint primary key, n int"
    sides = [places.table(kind, [(i, i) for i in range(3)], types=types) for _ in range(2)]
    slow: Callable[[str], list[Row]] = sides[0].ask
    sleep = {"postgresql": "select pg_sleep(30)", "mariadb": "select sleep(30)"}[kind]
    sides[0].ask = lambda query: slow(sleep)  # type: ignore[method-assign]
    asked: list[int] = []

    def is_stopped() -> bool:
        asked.append(1)
        return len(asked) > 2

    with pytest.raises(HaiheError) as refused, suppress(RuntimeError):
        reconcile(sides[0], sides[1], pause_s=0, is_stopped=is_stopped)
    assert refused.value.code == "exchange.reconciliation.stopped"
