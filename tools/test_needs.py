"""Installs the system packages that tests use, as root with apt; otherwise names what is skipped.

Debian starts no server of its own by this: tests run their own servers in folders of their own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ODBC = f"/usr/lib/{sysconfig.get_config_var('MULTIARCH')}/odbc"
NEEDS = {
    "mariadb-server": ("exchange from MariaDB", ["/usr/sbin/mariadbd", "/usr/libexec/mariadbd"]),
    "chromium": ("journeys in a real browser", ["/usr/bin/chromium", "/usr/bin/google-chrome"]),
    "fonts-noto-cjk": ("pictures of Chinese pages", ["/usr/share/fonts/opentype/noto"]),
    "age": ("the standard tool that opens delivered files", ["/usr/bin/age", "/usr/bin/rage"]),
    "unixodbc": ("sources by ODBC", ["/usr/bin/odbcinst"]),
    "odbc-postgresql": ("its driver of PostgreSQL", [f"{_ODBC}/psqlodbcw.so"]),
    "libsqliteodbc": ("its driver of SQLite", [f"{_ODBC}/libsqlite3odbc.so"]),
    "odbc-mariadb": ("its driver of MariaDB", [f"{_ODBC}/libmaodbc.so"]),
    "postgresql": ("an external PostgreSQL", ["/usr/lib/postgresql"]),
}
POLICY = Path("/usr/sbin/policy-rc.d")


def missing() -> list[str]:
    """The packages of which nothing is found."""
    return [
        package
        for package, (_, paths) in NEEDS.items()
        if not any(Path(path).exists() for path in paths)
    ]


@contextmanager
def no_service_starts() -> Iterator[None]:
    """While packages are installed, no service of theirs is started."""
    ours = not POLICY.exists()
    if ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            POLICY.unlink(missing_ok=True)


def install(packages: list[str]) -> None:
    """Install by apt, without questions; a failure is told, not fatal."""
    print(f"Installing for the tests: {', '.join(packages)} ...", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    with no_service_starts():
        for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120", *words]
            done = subprocess.run(apt, env=quiet, check=False, capture_output=True, text=True)
            if done.returncode != 0:
                print("apt-get said:", *done.stderr.splitlines()[-3:], sep="\n  ")
                return


def main() -> None:
    """Install what is missing where that is allowed, and name the rest."""
    absent = missing()
    if absent and os.geteuid() == 0 and shutil.which("apt-get"):
        install(absent)
        absent = missing()
    for package in absent:
        print(f"Skipped: tests of {NEEDS[package][0]} (no {package}; root can: apt-get install).")
    if absent and os.environ.get("CI", "").lower() not in {"", "0", "false", "no"}:
        sys.exit("CI is set: no test may be skipped.")


if __name__ == "__main__":
    main()
