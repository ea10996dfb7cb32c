"""kill -9 of the calls and of PostgreSQL in mid-load: nothing answered without its entry.

On a durable server of this module's own; what was answered is kept by the client, outside.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID

import msgspec
import psycopg
import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from haihe.base.settings import settings
from haihe.engine.merkle.promise import Promise, verify_promise
from haihe.engine.postgres.server import Server
from haihe.kernel.ledger.keys import log_key
from tests.own_database import speaking_to
from tests.services.city import ANN, BOB, CLIENT, LOOK, NOBODY, PURPOSE, City, build
from tests.services.running import Served

SEED = 20260823
KILLS = 3
CALLERS = 8


@dataclass
class Client:
    """Callers in threads, and the promises of all that they were ever answered."""

    port: int
    key: str
    promises: list[Promise] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    is_over: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        for _ in range(CALLERS):
            thread = threading.Thread(target=self._call)
            thread.start()
            self.threads.append(thread)

    def stop(self) -> None:
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def _call(self) -> None:
        draw = Random(SEED)  # noqa: S311 - a load, not a secret
        while not self.is_over.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            try:
                while not self.is_over.is_set():
                    self._one(connection, draw.choice((ANN, BOB, NOBODY)))
            except (OSError, http.client.HTTPException):
                time.sleep(0.02)
            finally:
                connection.close()

    def _one(self, connection: http.client.HTTPConnection, number: str) -> None:
        connection.request(
            "POST",
            LOOK,
            body=json.dumps({"subject": number}),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {self.key}",
                "X-Road-Client": CLIENT,
                "X-Haihe-Purpose": PURPOSE,
            },
        )
        reply = connection.getresponse()
        body = json.loads(reply.read())
        self.statuses[reply.status] = self.statuses.get(reply.status, 0) + 1
        if reply.status == 200:
            self.promises.append(msgspec.convert(body["receipt"], Promise))
        else:
            time.sleep(0.02)


@pytest.fixture(scope="module")
def durable(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Iterator[tuple[Server, City]]:
    """A server with every durable setting on, and the small city in it."""
    server = Server(tmp_path_factory.mktemp("durable") / "postgres")
    with server:
        server.ensure_database()
        with speaking_to(server.url(), django_db_blocker):
            call_command("migrate", interactive=False, verbosity=0)
            city = build(rate_per_minute=10_000_000)
        yield server, city


def test_no_answer_is_without_its_entry_after_kills_of_calls_and_database(
    durable: tuple[Server, City], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server, city = durable
    durability = _durability(server)
    assert set(durability.values()) == {"on"}
    served = Served(url=server.url(), data=str(settings().data), log=str(tmp_path / "calls.log"))
    served.start()
    client = Client(served.port, city.key)
    client.start()
    in_flight = _kill_again_and_again(server, served, client)
    client.stop()
    served.stop()
    entered = _entered(server)
    lost = [p for p in client.promises if entered.get(p.entry) != p.leaf]
    with capsys.disabled():
        print(  # noqa: T201 - what was tried is part of the result
            f"\n{durability}, seed {SEED}: {2 * KILLS} kills, {in_flight} in mid-load,"
            f" {len(client.promises)} answered, {len(lost)} without entry, {client.statuses}"
        )
    assert in_flight == 2 * KILLS
    assert len(client.promises) > 100
    assert lost == []
    key = log_key(settings())
    for promise in client.promises[::50]:
        verify_promise(promise, key=key.private.public_key(), origin=key.name)


def _kill_again_and_again(server: Server, served: Served, client: Client) -> int:
    """Kill calls and database in turn, each in mid-load; gives how many kills hit work."""
    draw, hits = Random(SEED), 0  # noqa: S311 - a load, not a secret
    for _ in range(KILLS):
        for kill in (served.kill, lambda: _kill_postgres(server)):
            hits += _answers_grow(client)
            time.sleep(draw.uniform(0.05, 0.3))
            kill()
            time.sleep(0.1)
            if server.pid is None:
                server.start()
            if served.process is not None and served.process.poll() is not None:
                served.start()
    hits_after = _answers_grow(client)
    assert hits_after, "it recovers by itself"
    return hits


def _answers_grow(client: Client) -> bool:
    before, ends = len(client.promises), time.monotonic() + 30
    while len(client.promises) < before + 20 and time.monotonic() < ends:
        time.sleep(0.02)
    return len(client.promises) > before


def _kill_postgres(server: Server) -> None:
    """kill -9 of the postmaster that this test started, and of its own children."""
    pid = server.pid
    assert pid is not None
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    os.kill(pid, signal.SIGKILL)
    for child in children:
        try:
            os.kill(int(child), signal.SIGKILL)
        except ProcessLookupError:
            continue
    ends = time.monotonic() + 10
    while server.pid is not None and time.monotonic() < ends:
        time.sleep(0.02)


def _durability(server: Server) -> dict[str, str]:
    with psycopg.connect(server.url()) as connection:
        names = ("fsync", "synchronous_commit", "full_page_writes")
        return {
            name: str(
                connection.execute("select current_setting(%s)", [name]).fetchone()[0]  # type: ignore[index]
            )
            for name in names
        }


def _entered(server: Server) -> dict[UUID, str]:
    with psycopg.connect(server.url()) as connection:
        rows = connection.execute(
            "select id, encode(leaf, 'hex') from ledger_entry where kind = 'services.call.answered'"
        )
        return dict(rows.fetchall())
