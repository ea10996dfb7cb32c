"""How a server process is born: never as root, and never outliving its supervisor.

PostgreSQL refuses to run as root. Root enters a user namespace in which it is uid 1000; files stay
root's own, so nothing is chowned. Where namespaces are forbidden (some containers), the binaries
are copied to a readable folder and run under a spare uid.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from haihe.engine.children import follow_parent

_CLONE_NEWUSER = 0x10000000
_SPARE_UID = 65531
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Guise:
    """Under whom a child runs: ``enter`` for short commands, ``enter_and_follow`` for servers."""

    binaries: Path
    uid: int
    enter: Callable[[], None]

    @property
    def variables(self) -> dict[str, str]:
        """A small environment: the locale is ours, whatever the caller's is."""
        return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def enter_and_follow(self) -> None:
        """Enter, leave the terminal's signals to the supervisor, and end when it dies."""
        parent = os.getppid()
        os.setsid()
        self.enter()
        follow_parent(signal.SIGINT, parent=parent)

    def own(self, folder: Path) -> None:
        """Give a folder to the child's uid, where that is another than ours."""
        if self.uid != os.getuid():
            os.chown(folder, self.uid, self.uid)


def guise(binaries: Path) -> Guise:
    """The guise for this process: itself, a namespace, or a spare uid."""
    if os.getuid() != 0:
        return Guise(binaries, os.getuid(), _as_we_are)
    if _namespaces_allowed():
        return Guise(binaries, 0, _in_namespace)
    return Guise(_readable_copy(binaries), _SPARE_UID, _as_spare)


def _as_we_are() -> None:
    """An ordinary user needs no guise."""


def _in_namespace() -> None:
    if _libc.unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text("1000 0 1")
    Path("/proc/self/gid_map").write_text("1000 0 1")


def _as_spare() -> None:
    os.setgroups([])
    os.setgid(_SPARE_UID)
    os.setuid(_SPARE_UID)


def _namespaces_allowed() -> bool:
    pid = os.fork()
    if pid == 0:
        try:
            _in_namespace()
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(pid, 0)[1] == 0


def _readable_copy(binaries: Path) -> Path:
    """A copy of the 41 MB installation that the spare uid can read; made once."""
    installed = binaries.parent
    copy = Path(tempfile.gettempdir()) / f"haihe-postgres-{int(installed.stat().st_mtime)}"
    if not copy.exists():
        fresh = Path(tempfile.mkdtemp(prefix="haihe-postgres-"))
        shutil.copytree(installed, fresh, symlinks=True, dirs_exist_ok=True)
        fresh.chmod(0o755)
        fresh.rename(copy)
    return copy / binaries.name
