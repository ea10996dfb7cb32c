"""What some tests need of the machine: the one place where a test says it may be skipped.

Use as marks: ``@needs.mariadb``, ``@needs.chromium``, ``@needs.data("supervision")``. With CI set,
every skip fails the run (see ``plugin``).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from haihe.base.settings import settings


def _found(*names: str) -> str:
    """The path of the first program that is installed, or an empty text."""
    folders = "/usr/sbin:/usr/local/sbin"
    found = (shutil.which(name) or shutil.which(name, path=folders) for name in names)
    return next((path for path in found if path), "")


def _runs_for_others() -> bool:
    """Whether root can run this Python as an ordinary user; who is not root need not know."""
    if os.getuid() != 0 or not _found("setpriv"):
        return os.getuid() != 0
    user = ("setpriv", f"--reuid={SPARE_USER}", f"--regid={SPARE_USER}", "--clear-groups")
    # A checkout below a folder of root's own opens for nobody else, whatever Python does.
    asked = [*user, sys.executable, "-c", "import psycopg, haihe.base.errors"]
    done = subprocess.run(asked, capture_output=True, check=False)
    return done.returncode == 0


def _mounts() -> bool:
    """Whether a disk of a few MiB can be mounted, for a child and nobody else."""
    asked = ["unshare", "--mount", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", "/mnt"]
    if os.getuid() != 0 or not _found("unshare"):
        return False
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


MARIADB = _found("mariadbd", "mysqld")
"""Path of MariaDB's server program; empty if it is not installed."""
CHROMIUM = _found("chromium", "chromium-browser", "google-chrome")
"""Path of the browser; empty if it is not installed."""
AGE = _found("age", "rage")
"""Path of a standard tool that opens age files; empty if none is installed."""
OLDER_POSTGRES = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"))), Path("/nowhere"))
"""Programs of Debian's own PostgreSQL: the oldest that is installed (15 on Debian 12)."""
ODBC = Path("/etc/odbcinst.ini")
"""What Debian's ODBC drivers write when they are installed."""

mariadb = pytest.mark.skipif(
    not MARIADB, reason="needs MariaDB: apt-get install mariadb-server (make test does, as root)"
)
chromium = pytest.mark.skipif(
    not CHROMIUM, reason="needs Chromium: apt-get install chromium (make test does, as root)"
)
odbc = pytest.mark.skipif(
    not ODBC.is_file(),
    reason="needs Debian's ODBC drivers: apt-get install unixodbc odbc-postgresql libsqliteodbc"
    " odbc-mariadb (make test does, as root)",
)
age = pytest.mark.skipif(not AGE, reason="needs age: apt-get install age (make test does, as root)")

FORGIVEN = "needs root"
"""How the reason of the one skip that CI forgives begins; the run's end names each."""
SPARE_USER = 65533
"""A user whom no machine knows: neither root nor the owner of anything."""
root = pytest.mark.skipif(os.getuid() != 0, reason=f"{FORGIVEN}: becomes another user, or mounts")
"""What only root can try. CI forgives it: it is about root's own behaviour."""
small_disk = pytest.mark.skipif(
    not _mounts(), reason=f"{FORGIVEN}, and a machine that lets it mount a small disk"
)
open_python = pytest.mark.skipif(
    not _runs_for_others(), reason=f"{FORGIVEN}, setpriv, and a checkout that another user may read"
)
older_postgres = pytest.mark.skipif(
    not OLDER_POSTGRES.is_dir(),
    reason="needs Debian's PostgreSQL: apt-get install postgresql (make test does, as root)",
)


def data(*names: str) -> pytest.MarkDecorator:
    """Skip unless these folders of real data lie in ``HAIHE_TEST_DATA``."""
    absent = [name for name in names if not (settings().test_data / name).is_dir()]
    return pytest.mark.skipif(
        bool(absent), reason=f"needs real data in HAIHE_TEST_DATA: {', '.join(absent)}"
    )
