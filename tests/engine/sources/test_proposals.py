"""From a live table to a proposal: kinds, identifiers, sensitivity, key, subject, watermark."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from haihe.engine.sources import open_source
from haihe.engine.sources.profile import MOST_CHARS, quality_of
from haihe.engine.sources.propose import Proposal, ProposedColumn, propose
from tests import needs
from tests.exchange.builders import number
from tests.servers import Database, MariaDatabase


def by_name(found: Proposal) -> dict[str, ProposedColumn]:
    """The proposed columns by name."""
    return {column.name: column for column in found.columns}


def people(rows: int) -> str:
    """Rows of a table of people, every fifth number with a wrong check digit."""
    made = (
        f"({i}, '{number(i) if i % 6 else '1234567890'}', '名{i}', '1381234{i:04d}', {i}.50,"
        f" '2020-01-01', '2020-01-01 10:00:00')"
        for i in range(1, rows + 1)
    )
    return f"insert into people values {', '.join(made)}"


SHAPE = (
    "create table people (id int primary key, no varchar(18), xm varchar(60), c1 varchar(20),"
    " paid decimal(12,2), born date, updated_at timestamp)"
)


def check(found: Proposal) -> None:
    """What is proposed of the table of people, whatever the engine."""
    columns = by_name(found)
    assert [c.kind for c in found.columns] == [
        "integer", "text", "text", "text", "decimal(12,2)", "date", "timestamp",
    ]  # fmt: skip
    assert columns["id"].is_key
    assert columns["no"].scheme == "luhn.person"
    assert columns["no"].is_subject
    assert columns["no"].length == 18
    assert {c.name for c in found.columns if c.is_personal} == {"no", "c1"}
    assert found.watermarks == ("updated_at", "id")
    assert 5 <= found.sampled <= 500


def test_a_table_of_postgresql_is_proposed(department: Database) -> None:
    department.run(
        SHAPE,
        people(60),
        "comment on table people is '人员'",
        "comment on column people.xm is '代号'",
        "analyze people",
    )
    found = propose(open_source(department.address), "people")
    check(found)
    assert found.title == "人员"
    assert found.rows_estimate == 60
    assert by_name(found)["xm"].title == "代号"


@needs.mariadb
def test_a_table_of_mariadb_is_proposed(maria: MariaDatabase) -> None:
    maria.run(SHAPE.replace("updated_at timestamp", "updated_at datetime"), people(60))
    check(propose(open_source(maria.address), "people"))


def test_comments_make_a_column_personal(department: Database) -> None:
    department.run("create table t (a text, b text)", "comment on column t.a is '联系电话'")
    columns = by_name(propose(open_source(department.address), "t"))
    assert columns["a"].is_personal
    assert not columns["b"].is_personal


def test_without_a_declared_key_the_first_column_that_never_repeats_is_proposed(
    department: Database,
) -> None:
    department.run(
        "create table t (kind text, no text)",
        "insert into t select 'k', i::text from generate_series(1, 30) i",
    )
    assert [c.name for c in propose(open_source(department.address), "t").columns if c.is_key] == [
        "no"
    ]


ODD = (
    "create table odd (no int, cid varchar(18), tel varchar(20), area varchar(6), pay int,"
    " opened varchar(10), memo varchar(9))"
)


def odd_rows() -> str:
    """Forty rows: a third of the citizen numbers wrong, four impossible days, one key twice."""
    made = []
    for i in range(1, 41):
        plain = f"1201011990010{i:04d}"
        right = f"{plain}{ric.calc_check_digit(f'{plain}0')}"
        cid = right if i % 3 else right[:17] + ("1" if right[-1] != "1" else "2")
        opened = "2023-02-30" if i % 10 == 0 else "2023-02-28"
        memo = "null" if i % 4 == 0 else "''" if i % 4 == 1 else "'x'"
        key = 39 if i == 40 else i
        made.append(f"({key}, '{cid}', '139{i:08d}', '1201{i % 10:02d}', {i * 3}, '{opened}',"
                    f" {memo})")  # fmt: skip
    return f"insert into odd values {', '.join(made)}"


def check_odd(found: Proposal) -> None:
    """What its sample says, whatever the engine."""
    seen = {name: column.quality for name, column in by_name(found).items()}
    assert (seen["no"].distinct, seen["no"].duplicates) == (39, 1)
    assert (seen["cid"].identifier, seen["cid"].valid) == ("cn.person", 27)
    assert (seen["tel"].identifier, seen["tel"].valid_permille) == ("cn.mobile", 1000)
    assert (seen["area"].identifier, seen["area"].valid) == ("cn.division", 40)
    assert (seen["pay"].least, seen["pay"].greatest) == ("3", "120")
    assert seen["opened"].impossible_dates == 4
    assert (seen["memo"].nulls, seen["memo"].blanks, seen["memo"].filled) == (10, 10, 20)
    assert (seen["memo"].shortest, seen["memo"].longest) == (1, 1)
    for name in ("cid", "tel"):
        assert by_name(found)[name].is_personal
        assert seen[name].is_withheld
        assert (seen[name].least, seen[name].shortest) == ("", None)
    kept = json.dumps(found.as_sample())
    assert "120101199" not in kept
    assert "139000" not in kept


def test_a_sample_tells_the_quality_of_postgresql(department: Database) -> None:
    department.run(ODD, odd_rows())
    check_odd(propose(open_source(department.address), "odd"))


@needs.mariadb
def test_a_sample_tells_the_quality_of_mariadb(maria: MariaDatabase) -> None:
    maria.run(ODD, odd_rows())
    check_odd(propose(open_source(maria.address), "odd"))


def test_a_sample_tells_the_quality_of_a_file(tmp_path: Path) -> None:
    rows = re.findall(r"\((.+?)\)", odd_rows())
    lines = [row.replace("'", "").replace("null", "").replace(", ", ",") for row in rows]
    lines = ["no,cid,tel,area,pay,opened,memo", *lines, ""]
    (tmp_path / "odd.csv").write_text("\n".join(lines))
    found = propose(open_source(f"file://{tmp_path}"), "odd.csv")
    seen = {name: column.quality for name, column in by_name(found).items()}
    assert (seen["cid"].identifier, seen["cid"].valid, seen["cid"].least) == ("cn.person", 27, "")
    assert seen["opened"].impossible_dates == 4
    assert seen["memo"].filled == 20


def test_a_declared_key_of_two_columns_is_counted_as_one(department: Database) -> None:
    department.run(
        "create table t (a int, b int, primary key (a, b))",
        "insert into t select i / 10, i from generate_series(1, 30) i",
    )
    found = propose(open_source(department.address), "t")
    assert found.key_duplicates == 0
    assert by_name(found)["a"].quality.duplicates == 26


def test_a_long_text_is_cut_where_it_is_read(department: Database) -> None:
    department.run("create table t (photo text)", "insert into t values (repeat('x', 3000000))")
    sample = open_source(department.address).sample("t")
    assert len(sample[0]["photo"]) == MOST_CHARS


@pytest.mark.parametrize(
    ("values", "kind", "impossible"),
    [
        (["0000-00-00", "2023-01-01"], "date", 1),
        (["1700-01-01", "9999-12-31"], "date", 1),
        (["infinity", "2023-01-01 10:00:00.000000"], "timestamp", 1),
        (["20230230"] + ["20230228"] * 9, "text", 1),
        (["2023年02月30日"] + ["2023年02月28日"] * 9, "text", 1),
        (["10000001"] * 9, "text", None),
    ],
)
def test_days_that_no_calendar_has_are_counted(
    values: list[str], kind: str, impossible: int | None
) -> None:
    assert quality_of(values, kind=kind).impossible_dates == impossible


@given(st.lists(st.none() | st.text(max_size=30)), st.sampled_from(["text", "date", "integer"]))
def test_counts_add_up_whatever_stands_there(values: list[str | None], kind: str) -> None:
    seen = quality_of(values, kind=kind)
    assert seen.nulls + seen.blanks + seen.distinct + seen.duplicates == seen.rows == len(values)
    hidden = quality_of(values, kind=kind, is_personal=True)
    assert (hidden.least, hidden.greatest, hidden.shortest, hidden.longest) == ("", "", None, None)
