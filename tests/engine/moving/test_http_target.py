"""A receiver's interface gets every row once: cut off, busy, or counting otherwise."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from haihe.base.errors import HaiheError
from haihe.engine.moving import ColumnRule, HttpTarget, Move, Outcome, run
from haihe.engine.sources import open_source
from haihe.project.bench.mariadb import free_port
from tests.engine.moving.builders import pushed_at
from tests.servers import Database

COLUMNS = (
    ColumnRule("id", "integer", is_key=True),
    ColumnRule("name", "text"),
    ColumnRule("amount", "decimal(18,2)"),
    ColumnRule("at", "timestamp"),
)


@contextmanager
def receiver_process(database: Path, way: str) -> Iterator[int]:
    """The receiver's process; its port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, pushed_at(), str(port), str(database), way])
    try:
        ends = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert time.monotonic() < ends
                time.sleep(0.05)
        yield port
    finally:
        process.kill()
        process.wait()


def pushed(
    department: Database, port: int, folder: Path, batch: str, *, watermark: str = ""
) -> Outcome:
    """One run to the receiver."""
    return run(
        Move(
            link="公司.l", batch=batch, source=open_source(department.address), source_table="t",
            columns=COLUMNS, target=HttpTarget(f"http://127.0.0.1:{port}/in#key=k", batch=batch),
            staging=folder / "staging", watermark=watermark,
        )
    )  # fmt: skip


def kept(database: Path) -> list[list[str | None]]:
    """The rows that the receiver keeps."""
    with sqlite3.connect(database) as session:
        rows = session.execute("select row from kept order by row").fetchall()
    session.close()
    return [json.loads(row) for (row,) in rows]


def fill(department: Database, rows: int) -> None:
    """Some thousand rows, with a null and Chinese text among them."""
    department.run(
        "create table t (id bigint primary key, name text, amount numeric(18,2), at timestamp)",
        f"insert into t select i, '企业' || i, i + 0.50, '2026-01-01' from"
        f" generate_series(1, {rows}) i",
        "update t set name = null where id = 2",
    )


@pytest.mark.parametrize("way", ["well", "cut", "busy"])
def test_every_row_lies_there_once_whatever_happens_on_the_way(
    way: str, department: Database, tmp_path: Path
) -> None:
    fill(department, 6_000)
    database = tmp_path / "kept.db"
    with receiver_process(database, way) as port:
        outcome = pushed(department, port, tmp_path, "one", watermark="at")
        assert outcome.is_reconciled
        assert (outcome.rows_read, outcome.rows_written) == (6_000, 6_000)
        department.run("update t set name = '新', at = '2026-02-01' where id = 7")
        second = pushed(department, port, tmp_path, "two", watermark="at")
        assert second.position_before == "2026-01-01 00:00:00.000000"
    rows = {row[0]: row for row in kept(database)}
    assert len(rows) == len(kept(database)) == 6_000
    assert rows["7"] == ["7", "新", "7.5", "2026-02-01 00:00:00.000000"]
    assert rows["2"][1] is None


def test_a_receiver_that_keeps_less_than_it_was_sent_is_not_told_to_commit(
    department: Database, tmp_path: Path
) -> None:
    fill(department, 10)
    database = tmp_path / "kept.db"
    with receiver_process(database, "wrong") as port, pytest.raises(HaiheError) as raised:
        pushed(department, port, tmp_path, "one")
    assert raised.value.code == "exchange.batch.not_reconciled"
    assert kept(database) == []
