"""What the lake kept of a table: states, changes of one subject; through care and expiry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import duckdb
import pytest

from haihe.engine.lake import attach_lake, changes_of, open_duckdb, states_of
from haihe.engine.lake.attached import LakeAddress
from haihe.engine.lake.care import compact, expire

TABLE = "reg.person"


def written(lake: LakeAddress, *statements: str) -> None:
    """Run statements on the lake, each a snapshot of its own."""
    with open_duckdb() as connection:
        attach_lake(connection, lake, is_writer=True)
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def filled(lake: LakeAddress) -> LakeAddress:
    """A hundred persons; one changed, one deleted."""
    written(
        lake,
        "create schema lake.reg",
        "create table lake.reg.person (id varchar, name varchar)",
        "insert into lake.reg.person select 'A' || i, 'name ' || i from range(100) t (i)",
        "update lake.reg.person set name = 'changed' where id = 'A7'",
        "delete from lake.reg.person where id = 'A9'",
    )
    return lake


def seen(lake: LakeAddress, person: str) -> list[tuple[bool, str]]:
    """What changes tell of a person: whether the row went, and the name."""
    changes = changes_of(
        lake,
        table=TABLE,
        subject_sql="encode(id)",
        subject=person.encode(),
        columns=["id", "name"],
    )
    return [(each.is_gone, each.row["name"]) for each in changes]


def test_each_state_tells_what_came_went_and_stood(filled: LakeAddress) -> None:
    states = states_of(filled, TABLE)
    assert [(each.came, each.went, each.rows) for each in states] == [
        (0, 1, 99),
        (1, 1, 100),
        (100, 0, 100),
    ]
    assert states_of(filled, "reg.nothing") == []
    assert len(states_of(filled, TABLE, most=1)) == 1


def test_care_makes_few_files_of_many_and_changes_no_row_and_no_history(
    filled: LakeAddress,
) -> None:
    written(
        filled,
        *(
            f"insert into lake.reg.person select 'B{n}-' || i, 'x' from range(100) t (i)"
            for n in range(8)
        ),
        "delete from lake.reg.person where id like 'B3-%'",
    )
    before, history = states_of(filled, TABLE), seen(filled, "A7")
    was, now = compact(filled, TABLE)
    assert (was.files, now.files) == (9, 2)
    assert states_of(filled, TABLE) == before
    assert (
        seen(filled, "A7")
        == history
        == [
            (False, "name 7"),
            (True, "name 7"),
            (False, "changed"),
        ]
    )


def test_ended_history_leaves_what_stands_and_says_since_when_it_is_known(
    filled: LakeAddress,
) -> None:
    written(filled, "insert into lake.reg.person values ('C1', 'c')")
    gone = expire(filled, before=datetime.now(UTC) + timedelta(minutes=1))
    assert gone.snapshots > 0
    assert seen(filled, "A7") == [(False, "changed")]
    assert seen(filled, "A9") == []
    assert [each.rows for each in states_of(filled, TABLE)] == [100]
    assert expire(filled, before=datetime.now(UTC) - timedelta(days=1)).snapshots == 0


def test_files_go_only_when_nobody_can_still_read_them(filled: LakeAddress) -> None:
    written(
        filled,
        "insert into lake.reg.person select 'B' || i, 'x' from range(100) t (i)",
        "delete from lake.reg.person where id like 'B%'",
    )
    compact(filled, TABLE)
    later = datetime.now(UTC) + timedelta(minutes=1)
    assert expire(filled, before=later).files == 0
    assert expire(filled, before=later, readers_done_s=-60).files > 0
    with pytest.raises(duckdb.Error, match="No snapshot"):
        written(filled, "from lake.reg.person at (version => 3)")
    assert seen(filled, "A7") == [(False, "changed")]
