"""Departments' own servers: a second real PostgreSQL, and a real MariaDB. Started once a run."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pymysql
import pytest

from haihe.engine.postgres.server import Server

NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


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
    server = Server(folder / "postgres", settings=NOT_DURABLE)
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


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class MariaServer:
    """A real MariaDB in a folder of its own, on a port of 127.0.0.1."""

    def __init__(self, folder: Path, *, settings: tuple[str, ...] = ()) -> None:
        self.folder, self.port, self.settings = folder, free_port(), settings
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the data folder if there is none, start, and wait until it answers."""
        as_user = []
        if os.getuid() == 0:
            user = pwd.getpwnam("mysql")
            self.folder.chmod(0o755)
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            as_user = ["--user=mysql"]
        data = self.folder / "data"
        if not data.exists():
            made = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db"]
            made.append("--auth-root-authentication-method=normal")
            subprocess.run([*made, *as_user], check=True, capture_output=True)
        command = [shutil.which("mariadbd") or "/usr/sbin/mariadbd", "--no-defaults"]
        command += [f"--datadir={data}", f"--socket={self.folder}/s", f"--port={self.port}"]
        command += ["--bind-address=127.0.0.1", f"--pid-file={self.folder}/pid", *as_user]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen([*command, *self.settings], stderr=log, stdout=log)
        self._wait()

    def _wait(self) -> None:
        ends = time.monotonic() + 60
        while True:
            try:
                pymysql.connect(unix_socket=f"{self.folder}/s", user="root").close()
                return
            except pymysql.Error:
                if time.monotonic() > ends:
                    raise
                time.sleep(0.05)

    def stop(self) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)
            self._process = None

    def run(self, *statements: str, database: str = "") -> None:
        """Execute statements as root."""
        session = pymysql.connect(
            unix_socket=f"{self.folder}/s",
            user="root",
            database=database or None,
            autocommit=True,
            charset="utf8mb4",
            local_infile=True,
        )
        with session, session.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def address(self, database: str, *, user: str = "reader", secret: str = "p%20w'%40") -> str:
        """The address of a database for a user."""
        return f"mariadb://{user}:{secret}@127.0.0.1:{self.port}/{database}"


@pytest.fixture(scope="session")
def maria_server() -> Iterator[MariaServer]:
    """A MariaDB that belongs to departments; skipped by name where it is not installed."""
    if shutil.which("mariadb-install-db") is None:
        pytest.skip("MariaDB is not installed (apt-get install mariadb-server)")
    folder = Path(tempfile.mkdtemp(prefix="haihe-maria-"))
    server = MariaServer(folder, settings=("--innodb-flush-log-at-trx-commit=0",))
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
        return self.server.address(self.name)

    def run(self, *statements: str) -> None:
        """Execute statements as the department's administrator."""
        self.server.run(*statements, database=self.name)


@pytest.fixture
def maria(maria_server: MariaServer) -> Iterator[MariaDatabase]:
    """A department's MariaDB database, empty, with a user who may only read it."""
    name = f"d{uuid4().hex[:12]}"
    maria_server.run(
        f"create database {name} character set utf8mb4",
        "create user if not exists 'reader'@'127.0.0.1' identified by 'p w''@'",
        f"grant select on {name}.* to 'reader'@'127.0.0.1'",
    )
    yield MariaDatabase(maria_server, name)
    maria_server.run(
        f"revoke select on {name}.* from 'reader'@'127.0.0.1'", f"drop database {name}"
    )
