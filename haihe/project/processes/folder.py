"""The data folder of one Haihe: usable, with room, held by one supervisor, demo or not."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from haihe.project.errors import AlreadyRunning, BadFolder, DiskFull, WrongMode

ROOM_MIB = 200
"""Least free space to begin with: PostgreSQL's own folder, its log and some of ours."""


def check_folder(folder: Path) -> None:
    """Make the folder if need be, and raise unless it can be used.

    Errors: ``start.bad_folder``, ``start.disk_full``.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise BadFolder(
            f"{folder} is a file, not a folder.", hint="Set HAIHE_DATA to a folder."
        ) from None
    except PermissionError:
        raise _not_ours(folder) from None
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise _not_ours(folder)
    free_mib = shutil.disk_usage(folder).free // 2**20
    if free_mib < ROOM_MIB:
        raise DiskFull(f"Only {free_mib} MiB are free for {folder}; {ROOM_MIB} are the least.")


def _not_ours(folder: Path) -> BadFolder:
    return BadFolder(
        f"This user can't read and write {folder}.",
        hint="Let this user write there, or set HAIHE_DATA to another folder.",
    )


@contextmanager
def held(folder: Path, *, note: str) -> Iterator[None]:
    """Hold the folder against a second supervisor; the kernel lets go even after kill -9.

    ``note`` says where this one is reached; a second start shows it.
    Errors: ``start.already_running``.
    """
    with (folder / "supervisor.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            where = lock.read().strip() or "starting"
            raise AlreadyRunning(f"A Haihe is running on {folder} ({where}).") from None
        lock.truncate(0)
        lock.write(note)
        lock.flush()
        yield


def check_mode(folder: Path, *, demo: bool) -> None:
    """A folder begun in demo mode stays so, and a real one never becomes a demo.

    Errors: ``start.wrong_mode``.
    """
    marker = folder / "mode"
    wanted = "demo" if demo else "real"
    known = marker.read_text().strip() if marker.exists() else ""
    if not known:
        marker.write_text(wanted + "\n")
    elif known == "demo" and not demo:
        raise WrongMode(
            f"{folder} holds a demo city with made-up people and demo accounts.",
            hint="Start it with --demo, or set HAIHE_DATA to another folder.",
        )
    elif known == "real" and demo:
        raise WrongMode(
            f"{folder} holds a real city: no demo accounts are made there.",
            hint="Start it without --demo, or set HAIHE_DATA to another folder.",
        )
