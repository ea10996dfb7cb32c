"""`python -m standins.departments --folder DIR`: keep the departments' databases running."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from threading import Event

from haihe.base.errors import HaiheError
from haihe.base.settings import settings
from standins.departments.house import Departments


def main() -> int:
    """Serve until SIGTERM or Ctrl-C."""
    given = _arguments()
    stop = Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    try:
        with Departments(given.folder, with_mariadb=not given.no_mariadb) as running:
            kinds = "PostgreSQL, MariaDB" if running.mariadb else "PostgreSQL (no MariaDB here)"
            sys.stdout.write(f"The departments' databases run: {kinds}, files.\n")
            sys.stdout.flush()
            while not stop.wait(0.5):
                pass
    except (HaiheError, OSError) as fault:
        sys.stderr.write(f"The departments' databases can't start: {fault}\n")
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m standins.departments")
    parser.add_argument("--folder", type=Path, default=settings().data / "departments")
    parser.add_argument("--no-mariadb", action="store_true", help="leave MariaDB out")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
