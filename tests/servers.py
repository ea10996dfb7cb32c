"""Departments' own servers: a second real PostgreSQL, and a real MariaDB. Started once a run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from haihe.engine.lake.attached import LakeAddress
from haihe.engine.postgres.server import Server
from haihe.project.bench.mariadb import MariaServer

LOGGED = {"wal_level": "logical", "max_slot_wal_keep_size": "1GB"}
"""What a server needs so that its change log can be followed."""
MARIA_LOGGED = (
    "--log-bin=log",
    "--server-id=1",
    "--binlog-format=ROW",
    "--binlog-row-metadata=FULL",
)
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
AT_ONCE = {"synchronous_commit": "on"}
"""A change log is read up to what was flushed: what a test has committed must be in it."""


@dataclass(frozen=True)
class Database:
    """One department's database: ``address`` reads and writes, ``run`` executes statements."""

    address: str

    def run(self, *statements: str) -> None:
        """Execute statements, each committed at once."""
        with psycopg.connect(self.address, autocommit=True) as session:
            for statement in statements:
                session.execute(statement.encode())

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """The rows of a query."""
        with psycopg.connect(self.address, autocommit=True) as session:
            return session.execute(query.encode()).fetchall()


@pytest.fixture(scope="session")
def department_server() -> Iterator[Server]:
    """A PostgreSQL that belongs to departments."""
    folder = Path(tempfile.mkdtemp(prefix="haihe-departments-"))
    server = Server(folder / "postgres", settings={**NOT_DURABLE, **AT_ONCE, **LOGGED})
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(server.socket, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def a_database(server: Server) -> Iterator[Database]:
    """A fresh database on a server, dropped at the end."""
    name = f"d{uuid4().hex[:12]}"
    server.ensure_database(name)
    try:
        yield Database(server.url(name))
    finally:
        with psycopg.connect(server.url("postgres"), autocommit=True) as session:
            session.execute(
                "select pg_terminate_backend(active_pid) from pg_replication_slots"
                " where database = %s and active",
                [name],
            )
        with psycopg.connect(server.url(name), autocommit=True) as session:
            session.execute(
                "select pg_drop_replication_slot(slot_name) from pg_replication_slots"
                " where database = current_database()"
            )
        with psycopg.connect(server.url("postgres"), autocommit=True) as session:
            session.execute(f'drop database "{name}" with (force)'.encode())


@pytest.fixture
def department(department_server: Server) -> Iterator[Database]:
    """A department's PostgreSQL database, empty."""
    with a_database(department_server) as database:
        yield database


@pytest.fixture
def receiver(department_server: Server) -> Iterator[Database]:
    """A receiving department's PostgreSQL database, empty."""
    with a_database(department_server) as database:
        yield database


@pytest.fixture(scope="session")
def maria_server() -> Iterator[MariaServer]:
    """A MariaDB that belongs to departments; every test of it is marked ``needs.mariadb``."""
    folder = Path(tempfile.mkdtemp(prefix="haihe-maria-"))
    server = MariaServer(folder, settings=("--innodb-flush-log-at-trx-commit=0", *MARIA_LOGGED))
    server.start()
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class MariaDatabase:
    """One database of the MariaDB; ``address`` is that of a user who may only read it."""

    server: MariaServer
    name: str

    @property
    def address(self) -> str:
        """Address of the reading user."""
        return self.server.make_reader(self.name)

    def run(self, *statements: str) -> None:
        """Execute statements as the department's administrator."""
        self.server.run(*statements, database=self.name)

    def ask(self, query: str) -> tuple[tuple[Any, ...], ...]:
        """The rows of a query."""
        return self.server.run(query, database=self.name)

    def let_log_be_read(self) -> None:
        """What the provider's script grants besides the table."""
        self.server.run("grant replication slave, binlog monitor on *.* to 'reader'@'127.0.0.1'")


@pytest.fixture
def maria(maria_server: MariaServer) -> Iterator[MariaDatabase]:
    """A department's MariaDB database, empty, with a user who may only read it."""
    name = f"d{uuid4().hex[:12]}"
    maria_server.run(f"create database {name} character set utf8mb4")
    yield MariaDatabase(maria_server, name)
    maria_server.run(f"drop database {name}")


@pytest.fixture
def lake(department_server: Server, tmp_path: Path) -> Iterator[LakeAddress]:
    """A lake of the test's own."""
    with a_database(department_server) as database:
        yield LakeAddress(database.address, str(tmp_path / "lake"))
