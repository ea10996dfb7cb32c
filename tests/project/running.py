"""Builders for tests of whole processes: free ports, an installation of its own, an old server."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from haihe.engine.postgres.address import socket_url
from haihe.engine.postgres.child import Guise, guise
from haihe.engine.postgres.folder import binaries

COMMAND = (sys.executable, "-m", "haihe.project.command")


def free_ports() -> int:
    """A port that is free now, with those above it that a Haihe uses: services and stand-ins."""
    while True:
        with ExitStack() as stack:
            first = stack.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                for each in (port + 1, port + 2, port + 12, port + 13):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", each))
            except (OSError, OverflowError):
                continue
            return port


@dataclass
class Installation:
    """One Haihe of its own: a data folder, ports, settings."""

    data: Path
    port: int = field(default_factory=free_ports)
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the test run's own Haihe, nothing of a user's locale."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return {
            **kept,
            "HAIHE_DATA": str(self.data),
            "HAIHE_CITY": "riverton",
            "HAIHE_PAGES_PORT": str(self.port),
            "HAIHE_SERVICES_PORT": str(self.port + 1),
            **self.settings,
        }

    def run(self, *words: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """One command to its end."""
        return subprocess.run(
            [*COMMAND, *words], env=self.environment, capture_output=True, text=True,
            timeout=seconds, check=False,
        )  # fmt: skip

    def get(self, path: str, *, accept: str = "text/html") -> tuple[int, str]:
        """Status and body of a page."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path, headers={"Accept": accept})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def answers(self, *, within_seconds: float = 60) -> bool:
        """Whether the pages say within the time that they are well."""
        ends = time.monotonic() + within_seconds
        while time.monotonic() < ends:
            try:
                if self.get("/healthz")[0] == 200:
                    return True
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.1)
        return False

    def begin(self, *words: str) -> subprocess.Popen[str]:
        """`haihe up`, begun; its output in `up.out` of the data folder."""
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / "up.out").open("w") as out:
            return subprocess.Popen(
                [*COMMAND, "up", *words], env=self.environment, stdout=out, stderr=out, text=True
            )

    @contextmanager
    def up(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """`haihe up` while the block lasts, stopped as by Ctrl-C."""
        process = self.begin(*words)
        try:
            assert self.until("Haihe runs", process, seconds=300), self.output()
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.wait(timeout=20)

    def until(self, words: str, process: subprocess.Popen[str], *, seconds: float = 120) -> bool:
        """Whether the words stand in the output within the time."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and process.poll() is None:
            if words in self.output():
                return True
            time.sleep(0.1)
        return False

    def output(self) -> str:
        """What `haihe up` has written."""
        return (self.data / "up.out").read_text(encoding="utf-8")


def is_alive(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def children(pid: int) -> dict[int, str]:
    """The live processes right below one, with their command lines."""
    found: dict[int, str] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            rest = (folder / "stat").read_text().rpartition(")")[2].split()
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if int(rest[1]) == pid and rest[0] != "Z":
            found[int(folder.name)] = b" ".join(words).decode(errors="replace")
    return found


def descendants(pid: int) -> dict[int, str]:
    """Every live process below one, with its command line."""
    below = children(pid)
    for each in list(below):
        below |= descendants(each)
    return below


@contextmanager
def older_server(folder: Path, *, programs: Path, password: str) -> Iterator[str]:
    """Debian's older PostgreSQL with one database; gives its address with the password."""
    known = guise(binaries())
    dress = Guise(programs, known.uid, known.enter)
    secret = folder / "password"
    secret.write_text(password)
    place, port = folder / "data", free_ports()
    _run_in(
        dress, "initdb", "--pgdata", str(place), "--username", "haihe", "--encoding", "UTF8",
        "--locale", "C.UTF-8", "--auth-host", "scram-sha-256", "--pwfile", str(secret),
    )  # fmt: skip
    sockets = folder / "s"
    sockets.mkdir(mode=0o700)
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(place), "-p", str(port),
             "-k", str(sockets), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"],
            stdout=log, stderr=log, env=dress.variables, preexec_fn=dress.enter_and_follow,
        )  # fmt: skip
    try:
        _make_database(sockets, port)
        yield f"postgresql://haihe:{password}@127.0.0.1:{port}/haihe"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def _make_database(sockets: Path, port: int) -> None:
    ends = time.monotonic() + 30
    url = socket_url(sockets, database="postgres", port=port)
    while True:
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("create database haihe")
            return
        except psycopg.OperationalError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)


def _run_in(dress: Guise, program: str, *words: str) -> None:
    subprocess.run(
        [str(dress.binaries / program), *words],
        env=dress.variables, preexec_fn=dress.enter, check=True, capture_output=True,
    )  # fmt: skip
