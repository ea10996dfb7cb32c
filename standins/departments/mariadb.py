"""Debian's MariaDB as a child of ours, over a folder of its own; only where it is installed."""

from __future__ import annotations

import functools
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
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
        """How its owner connects: by the socket, with a password that lies beside the folder."""
        return {"unix_socket": str(self.socket), "user": "root", "password": self._password()}

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
                 f"--pid-file={self.folder / 'mariadb.pid'}", "--skip-log-bin",
                 f"--init-file={self._first_words()}"],
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

    def _password(self) -> str:
        path = self.folder.with_name("mariadb.secret")
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(secrets.token_hex(24))
        return path.read_text()

    def _first_words(self) -> Path:
        """Before anybody is let in: root gets its password, and comes by the socket alone.

        Not by the operating system's user: a container's user may have no name there.
        """
        path = self.folder.with_name("mariadb.first.sql")
        path.touch(mode=0o600)
        path.write_text(
            f"alter user 'root'@'localhost' identified by '{self._password()}';\n"
            "delete from mysql.global_priv where user = ''"
            " or (user = 'root' and host <> 'localhost');\n"
            "flush privileges;\n"
        )
        return path

    def _create(self) -> None:
        """Make the folder elsewhere, then move it: a half-made one is never taken for whole.

        Elsewhere, because the maker's shell script breaks at a space in a path.
        """
        self.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        with tempfile.TemporaryDirectory(dir="/tmp", prefix="haihe-mariadb-") as place:
            made_in = Path(place) / "data"
            command = self._command("mariadb-install-db", folder=made_in)
            command += ["--auth-root-authentication-method=normal", "--skip-test-db"]
            with self._log.open("ab") as log:
                made = subprocess.run(command, stdout=log, stderr=log, check=False)
            if made.returncode != 0:
                raise MariaDBFailed("MariaDB's folder could not be made.")
            shutil.copytree(made_in, fresh)
        fresh.chmod(0o700)
        fresh.rename(self.folder)

    def _command(self, name: str, *, folder: Path | None = None) -> list[str]:
        program = shutil.which(name, path=_PATH) or name
        user = ["--user=root"] if os.getuid() == 0 else []
        return [program, "--no-defaults", f"--datadir={folder or self.folder}", *user]
