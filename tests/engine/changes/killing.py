"""The killer of `test_kills`: servers of its own, a client, two movers; one is killed at a time."""

from __future__ import annotations

import json
import mmap
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from haihe.base.errors import HaiheError
from haihe.engine.lake.attached import LakeAddress
from haihe.engine.moving import LakeTarget, PostgresTarget
from haihe.engine.postgres.server import Server
from tests.engine.changes.builders import content, content_of_source, followed, logged, rules
from tests.servers import LOGGED, Database

DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
LONGEST_SECONDS = 240


class House:
    """A source's server, and one that holds the receiver's database and the lake's catalogue."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.source = Server(folder / "source", settings=LOGGED)
        self.target = Server(folder / "target")
        for server in (self.source, self.target):
            server.start()
        self.source.ensure_database("d")
        self.target.ensure_database("lake")
        self.target.ensure_database("receiver")
        self.lake = LakeAddress(self.target.url("lake"), str(folder / "lake"))

    @property
    def address(self) -> str:
        """Of the department's database."""
        return self.source.url("d")

    def targets(self) -> dict[str, Any]:
        """Where the table goes, by who moves it there."""
        return {
            "worker": PostgresTarget(self.target.url("receiver"), "t"),
            "lake writer": LakeTarget(self.lake, "a.t"),
        }


def main() -> None:
    """Read the job from standard input; print what was found."""
    job = json.load(sys.stdin)
    chance = random.Random(job["seed"])  # noqa: S311 - to be repeated by its seed
    house = House(Path(job["folder"]))
    told: dict[str, Any] = {"settings": _settings(house)}
    with psycopg.connect(house.address, autocommit=True) as session:
        session.execute(
            "create table t (id bigint primary key, name text, big text, n numeric(12,2))"
        )
        session.execute("alter table t alter big set storage external")
        session.execute("create table done (op bigint primary key)")
    for name in house.targets():
        logged(Database(house.address), name)
    busy = mmap.mmap(-1, 16)
    journal = house.folder / "acknowledged"
    client = _forked(lambda: _write(house, journal, job["seed"], busy))
    movers = {
        name: _forked(lambda name=name, at=at: _move(house, name, busy, at))  # type: ignore[misc]
        for at, name in enumerate(house.targets())
    }
    told |= {"hits": _kill(house, job["kills"], chance, movers, busy)}
    busy[8] = 1
    for pid in (client, *movers.values()):
        os.waitpid(pid, 0)
    told |= _compare(house, journal)
    for server in (house.source, house.target):
        server.stop()
        shutil.rmtree(server.socket, ignore_errors=True)
    json.dump(told, sys.stdout)


def _settings(house: House) -> dict[str, str]:
    found = {}
    for name, server in (("source", house.source), ("target", house.target)):
        with psycopg.connect(server.url("postgres")) as session:
            for each in DURABLE:
                row = session.execute(f"show {each}".encode()).fetchone()
                found[f"{name}.{each}"] = str(row[0]) if row else ""
    return found


def _kill(
    house: House, kills: int, chance: random.Random, movers: dict[str, int], busy: mmap.mmap
) -> list[list[Any]]:
    """Kill one of the four at a time, and start it again; who, and whether work was in flight."""
    hits = []
    for _ in range(kills):
        who = chance.choice(["worker", "lake writer", "source", "target"])
        _wait_until_moving(busy, chance)
        at = {"worker": 0, "lake writer": 1}.get(who)
        if at is not None:
            os.kill(movers[who], signal.SIGKILL)
            os.waitpid(movers[who], 0)
            hits.append([who, bool(busy[at])])
            movers[who] = _forked(lambda who=who, at=at: _move(house, who, busy, at))  # type: ignore[misc]
            continue
        server = house.source if who == "source" else house.target
        in_flight = bool(busy[0] or busy[1])
        pid = server.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        # Its lock on the folder is kept, for the movers were forked with it.
        while server.pid is not None:
            time.sleep(0.05)
        server.start()
        hits.append([who, in_flight])
    return hits


def _wait_until_moving(busy: mmap.mmap, chance: random.Random) -> None:
    """Some moment, after both have moved once since the last kill."""
    busy[2] = busy[3] = 0
    ends = time.monotonic() + 20
    while not (busy[2] and busy[3]) and time.monotonic() < ends:
        time.sleep(0.02)
    time.sleep(chance.uniform(0, 1.5))


def _forked(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    with suppress(KeyboardInterrupt):
        work()
    os._exit(0)


def _move(house: House, name: str, busy: mmap.mmap, at: int) -> None:
    """Follow the log again and again, whatever fails, until told to end."""
    parent, target = os.getppid(), house.targets()[name]
    columns = None
    while not busy[8] and os.getppid() == parent:
        with suppress(HaiheError):
            columns = columns or rules(house.address)
            busy[at] = 1
            _followed(house, target, columns, name)
            busy[2 + at] = 1
        busy[at] = 0


def _followed(house: House, target: Any, columns: Any, name: str) -> Any:
    return followed(house.address, target, house.folder / name, columns=columns, link=name)


def _write(house: House, journal: Path, seed: int, busy: mmap.mmap) -> None:
    """Change the table; what was acknowledged is kept here, outside of any server."""
    chance = random.Random(seed + 1)  # noqa: S311
    parent = os.getppid()
    rows: dict[int, tuple[str, int, int]] = {}
    op, newest = 0, 0
    with journal.open("a") as kept:
        while not busy[8] and os.getppid() == parent:
            op += 1
            statements, changes, newest = _transaction(chance, rows, op, newest)
            if not _acknowledged(house.address, statements, op):
                continue
            for key, value in changes:
                rows.pop(key, None)
                if value is not None:
                    rows[key] = value
                kept.write(json.dumps([key, value]) + "\n")
            kept.flush()


def _transaction(
    chance: random.Random, rows: dict[int, tuple[str, int, int]], op: int, newest: int
) -> tuple[list[str], list[tuple[int, Any]], int]:
    """Inserts, updates, deletes and changes of keys, with what they make of the rows."""
    statements, changes, touched = [], list[tuple[int, Any]](), dict(rows)
    for number in range(chance.randrange(1, 30)):
        kind = chance.choice(["insert", "insert", "update", "update", "delete", "key"])
        if kind == "insert" or not touched:
            newest += 1
            value: Any = (f"名{op}.{number}", chance.randrange(3), op)
            statements.append(
                f"insert into t values ({newest}, '{value[0]}', {_big(value[1], op)}, {op})"
            )
            key = newest
        else:
            key = chance.choice(list(touched))
            old = touched.pop(key)
            if kind == "delete":
                statements.append(f"delete from t where id = {key}")
                changes.append((key, None))
                continue
            value = (f"新{op}.{number}", old[1], old[2])
            moved = key
            if kind == "key":
                newest += 1
                moved = newest
                changes.append((key, None))
            statements.append(f"update t set id = {moved}, name = '{value[0]}' where id = {key}")
            key = moved
        touched[key] = value
        changes.append((key, value))
    return statements, changes, newest


def _big(size: int, op: int) -> str:
    """Null, short, or too long to lie in the row: then an update leaves it out of the log."""
    return ["null", f"'b{op}'", f"repeat('大{op}', 2000)"][size]


def _acknowledged(address: str, statements: list[str], op: int) -> bool:
    """Commit; where no answer came, ask later whether it was."""
    is_asked = False
    while True:
        try:
            with psycopg.connect(address, connect_timeout=5) as session:
                if is_asked:
                    found = session.execute("select from done where op = %s", [op]).fetchone()
                    if found is not None:
                        return True
                is_asked = True
                session.execute("; ".join(statements).encode())
                session.execute("insert into done values (%s)", [op])
            return True
        except psycopg.Error:
            time.sleep(0.1)
            if os.getppid() == 1:
                return False


def _compare(house: House, journal: Path) -> dict[str, Any]:
    """Both targets against the source, by each one's own engine; the source against the journal."""
    columns = rules(house.address)
    found: dict[str, Any] = {}
    for name, target in house.targets().items():
        ends = time.monotonic() + LONGEST_SECONDS
        while time.monotonic() < ends:
            with suppress(HaiheError):
                if _followed(house, target, columns, name).rows_read == 0:
                    break
        found[name] = content(target, columns, house.folder)
    whole = LakeTarget(house.lake, "a.whole")
    found["source"] = content_of_source(house.address, whole, house.folder, columns=columns)
    rows: dict[int, Any] = {}
    for line in journal.read_text().splitlines():
        key, value = json.loads(line)
        rows.pop(key, None)
        if value is not None:
            rows[key] = value[0]
    with psycopg.connect(house.target.url("receiver")) as session:
        there = dict(session.execute("select id, name from t").fetchall())
    return {
        "contents": found,
        "acknowledged": len(rows),
        "lost": len(rows.keys() - there.keys()),
        "doubled": len(there.keys() - rows.keys()),
        "wrong": sum(there.get(key) != name for key, name in rows.items()),
    }


if __name__ == "__main__":
    main()
