"""Keyed hashes of subjects: DuckDB's are Python's."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haihe.base.sealing import subject_key
from haihe.engine.lake import open_duckdb, subject_key_sql
from haihe.engine.lake.attached import LakeAddress
from haihe.engine.lake.writers import TableTaken, writing

SPACES = "  \t\n　 "
NUMBERS = st.text(alphabet="0123456789XxAbYz中" + SPACES, max_size=30)


@given(numbers=st.lists(NUMBERS, min_size=1, max_size=20), key=st.binary(min_size=1, max_size=64))
def test_keys_in_bulk_are_those_made_one_by_one(numbers: list[str], key: bytes) -> None:
    connection = duckdb.connect()
    expression = subject_key_sql("n", scheme="cn.person", key=key)
    rows = connection.execute(
        f"select {expression} from unnest($1) with ordinality as t(n, o) order by o", [numbers]
    ).fetchall()
    assert [bytes(row[0]) for row in rows] == [
        subject_key(number, scheme="cn.person", key=key) for number in numbers
    ]


def test_a_null_number_has_no_key() -> None:
    expression = subject_key_sql("null::varchar", scheme="cn.person", key=b"k" * 32)
    assert duckdb.sql(f"select {expression}").fetchall() == [(None,)]


def test_nothing_is_downloaded() -> None:
    with open_duckdb() as connection, pytest.raises(duckdb.Error):
        connection.execute("load httpfs")


def test_a_table_has_one_writer(lake: LakeAddress) -> None:
    with writing("a.t", database_url=lake.database_url):
        with (
            pytest.raises(TableTaken),
            writing("a.t", database_url=lake.database_url),
        ):
            pass
        with writing("a.other", database_url=lake.database_url):
            pass
    with writing("a.t", database_url=lake.database_url):
        pass
