"""A MariaDB of our own, for benchmarks and tests: in a temporary folder, under its own uid."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymysql

from haihe.engine.children import lead_own_session


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def is_installed() -> bool:
    """Whether Debian's MariaDB is there."""
    return shutil.which("mariadb-install-db") is not None


def _follow(parent: int) -> Callable[[], None]:
    return lambda: lead_own_session(parent=parent)


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
            self._process = subprocess.Popen(
                [*command, *self.settings], stderr=log, stdout=log, preexec_fn=_follow(os.getpid())
            )
        self._wait()

    def _wait(self) -> None:
        ends = time.monotonic() + 60
        while True:
            with socket.socket(socket.AF_UNIX) as one:
                try:
                    one.connect(f"{self.folder}/s")
                    return
                except OSError:
                    if time.monotonic() > ends:
                        raise
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)
            self._process = None

    def run(self, *statements: str, database: str = "") -> tuple[tuple[Any, ...], ...]:
        """Execute statements as root, in one session; the rows of the last."""
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
            return cursor.fetchall()

    def make_reader(self, database: str) -> str:
        """Make a user who may only read a database; its address. The password needs quoting."""
        self.run(
            "create user if not exists 'reader'@'127.0.0.1' identified by 'p w''@'",
            f"grant select on {database}.* to 'reader'@'127.0.0.1'",
        )
        return f"mariadb://reader:p%20w'%40@127.0.0.1:{self.port}/{database}"
