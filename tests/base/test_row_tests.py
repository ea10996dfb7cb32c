"""Rows rules mean the same in memory and in DuckDB, whatever lies in a row, nulls included."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haihe.base.errors import HaiheError
from haihe.base.row_tests import RowTest, read_rows, rows_in_memory, rows_sql

LETTERS = st.text(alphabet="aAbD019_% '\"河区é", max_size=4)
TYPES = {
    "division": "varchar",
    "status": "varchar",
    "count": "bigint",
    "married": "boolean",
    "since": "date",
    "changed": "timestamp",
}
ROWS = st.fixed_dictionaries(
    {
        "division": st.none() | st.sampled_from(("D01", "D0102", "D02", "d01", "", "D")) | LETTERS,
        "status": st.none() | LETTERS,
        "count": st.none() | st.integers(-(2**63), 2**63 - 1) | st.integers(-2, 2),
        "married": st.none() | st.booleans(),
        "since": st.none() | st.dates(),
        "changed": st.none() | st.datetimes(),
    }
)
DAYS = st.none() | st.dates().map(str)
SPANS = (
    st.lists(DAYS, min_size=2, max_size=2)
    .filter(any)
    .map(lambda days: sorted(days) if all(days) else days)
)


def of(column: str, test: str, values: st.SearchStrategy[list[Any]]) -> st.SearchStrategy[Any]:
    return values.map(lambda found: {"column": column, "test": test, "values": found})


def some(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(values, min_size=1, max_size=3)


TESTS = st.one_of(
    of("division", "prefix", some(st.sampled_from(("D", "D01", "D0", "0", "a")))),
    of("status", "one_of", some(LETTERS.filter(bool))),
    of("count", "one_of", some(st.integers(-(2**63), 2**63 - 1) | st.integers(-2, 2))),
    of("married", "one_of", some(st.booleans())),
    of("since", "within", SPANS),
    of("changed", "within", SPANS),
)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(ROWS, min_size=1, max_size=6), rule=st.lists(TESTS, max_size=4))
def test_a_rule_gives_the_same_rows_in_memory_and_in_the_lake(
    rows: list[dict[str, Any]], rule: list[dict[str, Any]]
) -> None:
    tests = read_rows(rule)
    is_given = rows_in_memory(tests)
    fields = ", ".join(f'"{name}" {kind}' for name, kind in TYPES.items())
    with duckdb.connect() as lake:
        lake.execute(f"create table held (o integer, {fields})")
        for number, row in enumerate(rows):
            lake.execute(
                f"insert into held values ({number}, ?, ?, ?, ?, ?, ?)",
                [row[name] for name in TYPES],
            )
        chosen = lake.execute(f"select o from held where {rows_sql(tests)} order by o").fetchall()
        served = lake.execute("select to_json(held)::varchar from held order by o").fetchall()
    lines = [json.loads(text) for (text,) in served]
    in_memory = [line["o"] for line in lines if is_given is None or is_given(line)]
    assert in_memory == [o for (o,) in chosen]


def test_a_null_satisfies_no_test() -> None:
    for rule in (
        {"column": "c", "test": "prefix", "values": ["D"]},
        {"column": "c", "test": "one_of", "values": [False]},
        {"column": "c", "test": "within", "values": [None, "2020-01-01"]},
    ):
        (test,) = read_rows([rule])
        assert not test.holds({"c": None})
        assert not test.holds({})


def test_a_name_and_a_value_stay_a_name_and_a_value_in_sql() -> None:
    test = RowTest('a" or true --', "one_of", ("x' or 'y",))
    with duckdb.connect() as lake:
        lake.execute('create table held ("a"" or true --" varchar)')
        lake.execute("insert into held values ('x'), ('x'' or ''y')")
        found = lake.execute(f"select count(*) from held where {test.sql()}").fetchone()
    assert found == (1,)


@pytest.mark.parametrize(
    "rule",
    [
        {"column": "c", "test": "like", "values": ["D%"]},
        {"column": "c", "test": "prefix", "values": []},
        {"column": "c", "test": "prefix", "values": [""]},
        {"column": "c", "test": "prefix", "values": ["D'"]},
        {"column": "c", "test": "one_of", "values": ["a", 1]},
        {"column": "c", "test": "one_of", "values": [1, True]},
        {"column": "c", "test": "one_of", "values": [None]},
        {"column": "c", "test": "one_of", "values": [1.5]},
        {"column": "c", "test": "one_of", "values": [2**63]},
        {"column": "c", "test": "one_of", "values": ["a\0"]},
        {"column": "c", "test": "within", "values": [None, None]},
        {"column": "c", "test": "within", "values": ["2020-02-01", "2020-01-01"]},
        {"column": "c", "test": "within", "values": ["20200101", None]},
        {"column": "c", "test": "within", "values": ["2020-01-01"]},
        {"column": "c", "test": "prefix", "values": ["D"], "or": True},
        {"column": 5, "test": "prefix", "values": ["D"]},
        {"column": "c", "test": ["prefix"], "values": ["D"]},
    ],
)
def test_what_the_language_does_not_know_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(HaiheError) as raised:
        read_rows([rule])
    assert raised.value.code == "rows.bad"
