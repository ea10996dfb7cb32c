"""The departments' servers together: ports chosen once, secrets kept, all of it written down."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
import socket
from pathlib import Path
from typing import Any

from haihe.base.errors import HaiheError
from haihe.engine.postgres.server import Server
from standins.departments.mariadb import MariaDB, installed


class FolderTaken(HaiheError):
    """Another process keeps these departments running."""

    code = "standins.folder_taken"
    message = "The departments' databases of this folder run already."
    hint = "Stop them first, or name another folder."


class Departments:
    """Every department database of one folder, while the block lasts."""

    def __init__(self, folder: Path, *, with_mariadb: bool = True) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder.resolve()
        self._lock = (self.folder / "lock").open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise FolderTaken from None
        self._clear_admin()
        ports = self._ports()
        self.postgresql = Server(self.folder / "postgres", port=ports["postgresql"])
        self.mariadb = (
            MariaDB(self.folder / "mariadb", ports["mariadb"])
            if with_mariadb and installed()
            else None
        )

    def __enter__(self) -> Departments:
        try:
            self.postgresql.start()
            if self.mariadb:
                self.mariadb.start()
            self._write_admin()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the servers; what is where is no longer true."""
        self._clear_admin()
        if self.mariadb:
            self.mariadb.stop()
        self.postgresql.stop()
        self._lock.close()

    def _ports(self) -> dict[str, int]:
        """Free ports, chosen once and remembered: addresses stay true over a restart."""
        path = self.folder / "ports.json"
        known = _read(path)
        for name in ("postgresql", "mariadb"):
            if name not in known:
                known[name] = _free_port()
        write_private(path, known)
        return known

    def _write_admin(self) -> None:
        """How the seed reaches the servers as their owner; readable by the owner alone."""
        admin = {
            "pid": os.getpid(),
            "postgresql": self.postgresql.url("postgres"),
            "port": self.postgresql.port,
            "mariadb": self.mariadb.root if self.mariadb else None,
            "mariadb_port": self.mariadb.port if self.mariadb else 0,
            "files": str(self.folder / "files"),
            "secret": self._secret(),
        }
        write_private(self.folder / "admin.json", admin)

    def _secret(self) -> str:
        path = self.folder / "secret.json"
        known = _read(path) or {"secret": secrets.token_hex(24)}
        write_private(path, known)
        return str(known["secret"])

    def _clear_admin(self) -> None:
        (self.folder / "admin.json").unlink(missing_ok=True)


def _read(path: Path) -> dict[str, Any]:
    with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
        return dict(json.loads(path.read_text(encoding="utf-8")))
    return {}


def write_private(path: Path, content: object) -> None:
    """Write JSON that only the owner reads; whole or not at all."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(content, indent=1), encoding="utf-8")
    fresh.replace(path)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
