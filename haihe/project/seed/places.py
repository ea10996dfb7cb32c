"""Where to seed: the demo's department servers, or servers of somebody's own."""

from __future__ import annotations

import fcntl
import functools
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from haihe.base.errors import BadInput, Unavailable
from haihe.engine.children import lead_own_session
from haihe.engine.postgres.address import parts
from haihe.project.seed.databases import Target

START_SECONDS = 90.0


class NoDepartments(Unavailable):
    """The demo's department servers don't run."""

    code = "seed.no_departments"
    message = "The departments' databases don't run."
    hint = "Start them: python -m standins.departments, or give --into an address."


def admin_file(folder: Path) -> Path:
    """What the running department servers say of themselves."""
    return folder / "admin.json"


def is_running(folder: Path) -> bool:
    """Whether department servers run over the folder."""
    try:
        os.kill(int(json.loads(admin_file(folder).read_text())["pid"]), 0)
    except (OSError, ValueError, KeyError):
        return False
    return True


def demo_target(folder: Path) -> Target:
    """The running department servers of a folder; ``seed.no_departments``."""
    if not is_running(folder):
        raise NoDepartments
    admin: dict[str, Any] = json.loads(admin_file(folder).read_text(encoding="utf-8"))
    return Target(
        postgresql=admin["postgresql"],
        files=Path(admin["files"]),
        password=_passwords(admin["secret"]),
        port=admin["port"],
        mariadb=admin["mariadb"],
        mariadb_port=admin["mariadb_port"],
    )


def own_target(urls: list[str], *, files: Path, secret: str) -> Target:
    """Servers of somebody's own, by superuser addresses: one PostgreSQL, one MariaDB at most.

    Errors: ``haihe.bad_input``.
    """
    target: dict[str, Any] = {}
    for url in urls:
        kind = url.partition(":")[0]
        if kind in {"postgresql", "postgres"}:
            known = parts(url)
            target |= {
                "postgresql": url,
                "host": known.get("host", "127.0.0.1"),
                "port": int(known.get("port", 5432)),
            }
        elif kind in {"mysql", "mariadb"}:
            target |= _mariadb(url)
        else:
            raise BadInput(f"{kind!r} is no kind of server.", hint="postgresql:// or mariadb://")
    if "postgresql" not in target:
        raise BadInput("Give the address of a PostgreSQL server.", hint="--into postgresql://…")
    return Target(files=files, password=_passwords(secret), **target)


def _mariadb(url: str) -> dict[str, Any]:
    found = urlsplit(url)
    return {
        "mariadb_port": found.port or 3306,
        "mariadb": {
            "host": found.hostname or "127.0.0.1",
            "port": found.port or 3306,
            "user": unquote(found.username or "root"),
            "password": unquote(found.password or ""),
        },
    }


def _passwords(secret: str) -> Any:
    """A role's password: derived, so that seeding again gives the same address."""

    def password(role: str) -> str:
        return hmac.new(secret.encode(), role.encode(), hashlib.sha256).hexdigest()[:32]

    return password


@contextmanager
def running_departments(folder: Path) -> Iterator[Target]:
    """The department servers of a folder: those that run, else started while the block lasts."""
    if _is_taken(folder):
        yield _when_ready(folder)
        return
    command = [sys.executable, "-m", "standins.departments", "--folder", str(folder)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        preexec_fn=functools.partial(lead_own_session, parent=os.getpid()),
    )
    try:
        yield _when_ready(folder, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _is_taken(folder: Path) -> bool:
    """Whether somebody runs, or is starting, the servers of a folder."""
    try:
        with (folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _when_ready(folder: Path, process: subprocess.Popen[bytes] | None = None) -> Target:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends and (process is None or process.poll() is None):
        if is_running(folder):
            return demo_target(folder)
        time.sleep(0.1)
    raise NoDepartments("The departments' databases did not start.")
