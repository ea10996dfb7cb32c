"""Batches out of a front database that another process keeps: in order, whole, once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from haihe.base.errors import HaiheError
from haihe.engine.fronts import (
    BatchCut,
    BatchDiffers,
    BatchMissing,
    BatchRefused,
    FrontDown,
    FrontTable,
    take_next,
)
from tests.servers import Database
from tests.standins.national import National

Row = tuple[str, list[Any]]
A: Row = ("I", ["1", "甲", "1.50"])
B: Row = ("I", ["2", "乙", "2.00"])


def held(landing: Database, table: FrontTable) -> list[tuple[object, ...]]:
    return landing.ask(f'select number, name, amount from national."{table.table}" order by 1')


def test_batches_are_applied_in_order_with_their_operations(
    national: National, landing: Database, table: FrontTable
) -> None:
    national.issue(table, 1, A, B)
    national.issue(table, 2, ("U", ["1", "甲二", "3.25"]), ("D", ["2", None, None]))
    first = take_next(national.front, landing.address, table)
    assert first is not None
    assert (first.batch, first.rows, first.written, first.deleted) == (1, 2, 2, 0)
    assert held(landing, table) == [("1", "甲", Decimal("1.50")), ("2", "乙", Decimal("2.00"))]
    second = take_next(national.front, landing.address, table)
    assert second is not None
    assert (second.batch, second.written, second.deleted) == (2, 1, 1)
    assert held(landing, table) == [("1", "甲二", Decimal("3.25"))]
    assert take_next(national.front, landing.address, table) is None


def test_of_several_changes_of_a_key_in_a_batch_the_last_holds(
    national: National, landing: Database, table: FrontTable
) -> None:
    national.issue(table, 1, A, ("D", ["1", None, None]), B, ("U", ["2", "丙", "9"]))
    take_next(national.front, landing.address, table)
    assert held(landing, table) == [("2", "丙", Decimal(9))]


def test_a_batch_that_is_written_late_is_waited_for_by_name(
    national: National, landing: Database, table: FrontTable
) -> None:
    national.issue(table, 1, A)
    take_next(national.front, landing.address, table)
    national.issue(table, 3, ("D", ["1", None, None]))
    with pytest.raises(BatchMissing, match=r"Batch 2 .* 1 was the last .* 3 are listed"):
        take_next(national.front, landing.address, table)
    national.issue(table, 2, B)
    for batch in (2, 3):
        found = take_next(national.front, landing.address, table)
        assert found is not None
        assert found.batch == batch
    assert held(landing, table) == [("2", "乙", Decimal(2))]


def test_a_batch_that_is_cut_leaves_nothing_and_is_taken_once_it_is_whole(
    national: National, landing: Database, table: FrontTable
) -> None:
    national.issue(table, 1, A, listed=2)
    with pytest.raises(BatchCut, match="listed with 2 rows, and 1 lie there"):
        take_next(national.front, landing.address, table)
    national.issue(table, 1, A, B, again=True)
    found = take_next(national.front, landing.address, table)
    assert found is not None
    assert len(held(landing, table)) == 2


def test_a_batch_that_is_listed_again_is_applied_no_second_time(
    national: National, landing: Database, table: FrontTable
) -> None:
    national.issue(table, 1, A)
    national.issue(table, 2, ("D", ["1", None, None]))
    for _ in (1, 2):
        take_next(national.front, landing.address, table)
    national.ask(
        "update down.cd_batches set closed_at = clock_timestamp()"
        f" where table_name = '{table.table}' and cd_batch = 1 returning 1"
    )
    assert take_next(national.front, landing.address, table) is None
    assert held(landing, table) == []


def test_a_taken_batch_with_other_content_stops_the_link(
    national: National, landing: Database, table: FrontTable
) -> None:
    national.issue(table, 1, A)
    take_next(national.front, landing.address, table)
    national.issue(table, 1, B, again=True)
    national.issue(table, 2, B)
    with pytest.raises(BatchDiffers, match=r"Batch 1 .* other content"):
        take_next(national.front, landing.address, table)
    assert held(landing, table) == [("1", "甲", Decimal("1.50"))]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("X", ["3", "丁", "1"]), "none of I, U, D"),
        ((None, ["3", "丁", "1"]), "none of I, U, D"),
        (("I", [None, "丁", "1"]), "number"),
    ],
    ids=["operation", "no operation", "no key"],
)
def test_a_row_that_can_not_be_applied_refuses_its_batch_whole(
    national: National, landing: Database, table: FrontTable, row: Row, said: str
) -> None:
    national.issue(table, 1, A, row)
    with pytest.raises(BatchRefused, match=said):
        take_next(national.front, landing.address, table)
    assert landing.ask("select to_regclass('national.cd_taken')") == [(None,)]


def test_each_batch_that_was_taken_has_a_receipt_in_the_front(
    national: National, landing: Database, table: FrontTable
) -> None:
    national.issue(table, 1, A, B)
    found = take_next(national.front, landing.address, table)
    query = "select cd_batch, row_count, content from down.cd_receipts where table_name = '{}'"
    assert found is not None
    assert national.ask(query.format(table.table)) == [(1, 2, Decimal(found.content))]
    national.ask(f"delete from down.cd_receipts where table_name = '{table.table}' returning 1")
    take_next(national.front, landing.address, table)
    assert len(national.ask(query.format(table.table))) == 1


def test_a_front_that_does_not_answer_is_said(landing: Database, table: FrontTable) -> None:
    with pytest.raises(FrontDown):
        take_next("postgresql://nobody@127.0.0.1:9/front", landing.address, table)


def _take_all(front: str, landing: str, table: FrontTable) -> None:
    while True:
        try:
            if take_next(front, landing, table) is None:
                return
        except (HaiheError, psycopg.Error):
            time.sleep(0.05)


@pytest.mark.timeout(180)
def test_kills_at_any_moment_lose_and_double_no_batch(
    national: National, landing: Database, table: FrontTable
) -> None:
    for batch in range(1, 31):
        gone = [("D", [str(batch - 1), None, None])] if batch % 3 == 0 else []
        national.issue(table, batch, ("I", [str(batch), f"第{batch}", str(batch)]), *gone)
    spawn = multiprocessing.get_context("spawn")
    for wait in range(8):
        one = spawn.Process(target=_take_all, args=(national.front, landing.address, table))
        one.start()
        started = len(_taken(landing))
        ends = time.monotonic() + 20
        while one.is_alive() and len(_taken(landing)) == started and time.monotonic() < ends:
            time.sleep(0.005)
        time.sleep(0.002 * wait)
        if one.pid is not None and one.is_alive():
            os.kill(one.pid, signal.SIGKILL)
        one.join()
    _take_all(national.front, landing.address, table)
    assert _taken(landing) == [(batch,) for batch in range(1, 31)]
    left = sorted(str(n) for n in range(1, 31) if (n + 1) % 3)
    assert [row[0] for row in held(landing, table)] == left


def _taken(landing: Database) -> list[tuple[object, ...]]:
    if landing.ask("select to_regclass('national.cd_taken')") == [(None,)]:
        return []
    return landing.ask("select cd_batch from national.cd_taken order by 1")
