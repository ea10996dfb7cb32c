"""Rows that are others than those the source hashed: kept apart, and the rest arrives."""

from __future__ import annotations

from pathlib import Path

import pytest

from haihe.engine.lake.attached import LakeAddress
from haihe.engine.moving import Move, Outcome, run
from haihe.engine.sources.postgresql import PostgreSQL
from haihe.engine.sources.shape import Reading
from tests.engine.moving.builders import in_lake, rules
from tests.engine.moving.test_moves import sides, targets
from tests.servers import Database


class Garbling(PostgreSQL):
    """A department's database behind a faulty line: of row 3 the amount changes on the way."""

    def reading_sql(self, reading: Reading) -> str:
        """What the source gives, changed after it was hashed."""
        return (
            "select * replace (case when c0 = 3 then 7 else c1 end as c1)"
            f" from ({super().reading_sql(reading)})"
        )


@pytest.fixture
def address(department: Database) -> str:
    """Four rows with a number that moves forward."""
    department.run(
        "create table t (id bigint primary key, amount bigint, at timestamp)",
        "insert into t select i, i * 10, timestamp '2020-01-01' + i * interval '1 day'"
        " from generate_series(1, 4) i",
    )
    return department.address


def test_a_row_that_changed_on_the_way_waits_in_quarantine(
    address: str, receiver: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    for target in targets(lake, receiver):
        reasons: list[tuple[int, str]] = []

        def look(
            staged: object, outcome: Outcome, reasons: list[tuple[int, str]] = reasons
        ) -> None:
            rows = staged.execute(  # type: ignore[attr-defined]
                "select c0, reason from staged join faults on o = staged.rowid"
            )
            reasons.extend(rows.fetchall())

        moving = Move(
            link="link",
            batch="b",
            source=Garbling(address),
            source_table="t",
            columns=rules(address, "t"),
            target=target,
            staging=tmp_path / "staging",
            watermark="at",
        )
        outcome = run(moving, before_commit=look)
        assert sides(outcome) == (4, 3, 1)
        assert reasons == [(3, "exchange.row.changed_on_the_way")]
        assert outcome.position_after == "2020-01-05 00:00:00.000000"
    assert in_lake(lake, "select amount from lake.a.t order by id") == [(10,), (20,), (40,)]
    assert receiver.ask("select amount from t order by id") == [(10,), (20,), (40,)]
