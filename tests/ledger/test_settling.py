"""No entry is lost or numbered twice, whatever the order in which transactions begin and end."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haihe.base.ids import new_id
from haihe.engine.merkle import numbering
from haihe.kernel.ledger.models import Entry, Numbered
from haihe.kernel.ledger.sequencing import Sequencer
from tests.ledger import kit

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 4
WAYS = ["begin", "enter", "enter", "savepoint", "undo", "commit", "rollback", "step"]


def same_entries() -> bool:
    """Whether exactly the committed entries are numbered, without a gap."""
    numbers = list(Numbered.objects.order_by("number").values_list("number", flat=True))
    numbered = set(Numbered.objects.values_list("entry", flat=True))
    committed = set(Entry.objects.values_list("id", flat=True))
    return numbered == committed and numbers == list(range(len(committed)))


class Writer:
    """A connection with a transaction that begins and ends when told."""

    def __init__(self, own: psycopg.Connection[Any]) -> None:
        self.own = own

    def move(self, way: str) -> None:
        is_open = self.own.info.transaction_status != psycopg.pq.TransactionStatus.IDLE
        if way == "begin" and not is_open:
            self.own.execute("begin")
        elif way == "enter":
            kit.enter(self.own)
        elif way in {"savepoint", "undo"} and is_open:
            self.own.execute("savepoint here")
            kit.enter(self.own)
            if way == "undo":
                self.own.execute("rollback to savepoint here")
        elif way in {"commit", "rollback"} and is_open:
            self.own.execute(way)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Sequencer]:
    found = kit.sequencer(tmp_path)
    yield found
    found.close()


@given(moves=st.lists(st.tuples(st.integers(0, WRITERS - 1), st.sampled_from(WAYS)), max_size=60))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_order_of_begins_and_ends_loses_nothing(
    log: Sequencer, moves: list[tuple[int, str]]
) -> None:
    with ExitStack() as stack:
        writers = [
            Writer(stack.enter_context(closing(psycopg.connect(kit.url(), autocommit=True))))
            for _ in range(WRITERS)
        ]
        for number, way in moves:
            if way == "step":
                log.step()
            else:
                writers[number].move(way)
        for writer in writers:
            writer.move("commit")
        log.step()
    assert same_entries()


def test_a_long_transaction_holds_up_nobody_elses_entries(log: Sequencer) -> None:
    with closing(psycopg.connect(kit.url())) as long:
        kit.enter(long)
        kit.write(3)
        assert log.step() == 3
        kit.write(2)
        assert log.step() == 2
        long.commit()
    assert log.step() == 1
    assert same_entries()


def test_many_writers_at_once_lose_nothing(log: Sequencer) -> None:
    seed = new_id().int % 2**32
    stop = threading.Event()

    def write(number: int) -> None:
        chance = random.Random(seed + number)  # noqa: S311 - to be repeated, not to be secret
        with closing(psycopg.connect(kit.url())) as own:
            while not stop.is_set():
                for _ in range(chance.randrange(1, 6)):
                    kit.enter(own)
                time.sleep(chance.choice([0, 0, 0.001, 0.01, 0.3]))
                own.rollback() if chance.random() < 0.2 else own.commit()

    threads = [threading.Thread(target=write, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    ends = time.monotonic() + 4
    while time.monotonic() < ends:
        log.step()
    stop.set()
    for thread in threads:
        thread.join()
    log.step()
    assert Entry.objects.count() > 100
    assert same_entries(), f"seed {seed}"


def test_more_than_fit_into_one_step_are_numbered_by_the_next(
    log: Sequencer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbering, "_MOST", 10)
    kit.write(25)
    assert [log.step() for _ in range(4)] == [10, 10, 5, 0]
    with closing(psycopg.connect(kit.url())) as long:
        kit.enter(long)
        kit.write(12)
        assert [log.step(), log.step()] == [10, 2]
        long.commit()
    assert log.step() == 1
    assert same_entries()


def test_entries_restored_from_another_server_are_numbered(log: Sequencer) -> None:
    """A restored row bears its old server's transaction, which this one has not reached."""
    kit.write(2)
    log.step()
    kit.write(3)
    kit.as_owner("update ledger_entry set transaction = '900000000000'")
    kit.as_owner("update ledger_checkpoint set snapshot = '800000000000:800000000000:'")
    assert log.step() == 3
    kit.write(1)
    assert log.step() == 1
    assert same_entries()
