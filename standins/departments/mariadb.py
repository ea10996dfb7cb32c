"""Debian's MariaDB as a child of ours, over a folder of its own; only where it is installed."""

from __future__ import annotations

import functools
import getpass
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import pymysql

from haihe.base.errors import Unavailable
from haihe.engine.children import lead_own_session
from haihe.engine.postgres.address import socket_folder

START_SECONDS = 60.0
_PATH = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin"


class MariaDBFailed(Unavailable):
    """MariaDB is installed but does not come up."""

    code = "standins.mariadb_failed"
    hint = "Read mariadb.log in the departments' folder."


def installed() -> bool:
    """Whether this machine has MariaDB's server and its folder maker."""
    return all(shutil.which(name, path=_PATH) for name in ("mariadbd", "mariadb-install-db"))


@dataclass
class MariaDB:
    """One MariaDB: TCP on 127.0.0.1 for the bureau, a Unix socket for its owner."""

    folder: Path
    port: int
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False, repr=False)

    @property
    def socket(self) -> Path:
        """Path of the Unix socket: short, for 107 bytes are the limit."""
        return socket_folder(self.folder) / "mariadb.sock"

    @property
    def root(self) -> dict[str, object]:
        """How its owner connects: by the socket, as the operating system's user."""
        return {"unix_socket": str(self.socket), "user": getpass.getuser()}

    def start(self) -> None:
        """Start, and wait until it answers. Errors: ``standins.mariadb_failed``."""
        if not (self.folder / "mysql").exists():
            self._create()
        self.socket.parent.mkdir(mode=0o700, exist_ok=True)
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._command("mariadbd"),
                 f"--socket={self.socket}", f"--port={self.port}", "--bind-address=127.0.0.1",
                 "--skip-name-resolve", "--local-infile=1", "--character-set-server=utf8mb4",
                 f"--pid-file={self.folder / 'mariadb.pid'}", "--skip-log-bin"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=functools.partial(lead_own_session, parent=os.getpid()),
            )  # fmt: skip
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends:
            if self._process.poll() is not None:
                break
            try:
                pymysql.connect(**self.root).close()  # type: ignore[arg-type]
            except pymysql.err.OperationalError:
                time.sleep(0.1)
            else:
                return
        self.stop()
        raise MariaDBFailed("MariaDB does not answer.")

    def stop(self) -> None:
        """End what ``start`` started; nothing else is touched."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=10)
        self._process = None

    @property
    def _log(self) -> Path:
        return self.folder.with_name("mariadb.log")

    def _create(self) -> None:
        """Make the folder beside, then rename: a half-made one is never taken for whole."""
        fresh = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700, parents=True)
        command = self._command("mariadb-install-db", folder=fresh)
        command += ["--auth-root-authentication-method=socket", "--skip-test-db",
                    f"--auth-root-socket-user={getpass.getuser()}"]  # fmt: skip
        with self._log.open("ab") as log:
            made = subprocess.run(command, stdout=log, stderr=log, check=False)
        if made.returncode != 0:
            raise MariaDBFailed("MariaDB's folder could not be made.")
        fresh.rename(self.folder)

    def _command(self, name: str, *, folder: Path | None = None) -> list[str]:
        program = shutil.which(name, path=_PATH) or name
        user = [f"--user={getpass.getuser()}"]
        return [program, "--no-defaults", f"--datadir={folder or self.folder}", *user]
