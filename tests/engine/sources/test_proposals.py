"""From a live table to a proposal: kinds, identifiers, sensitivity, key, subject, watermark."""

from __future__ import annotations

from haihe.engine.sources import open_source
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
