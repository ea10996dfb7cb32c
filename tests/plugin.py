"""Loaded by pytest before all else: one embedded PostgreSQL for the whole run, one made-up city.

Not durable (fsync off), for speed; tests about durability start servers of their own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from haihe.engine.postgres.server import Server

FOLDER = Path(tempfile.mkdtemp(prefix="haihe-tests-"))
SERVER = Server(
    FOLDER / "postgres",
    settings={"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"},
)

os.environ["HAIHE_DATA"] = str(FOLDER)
os.environ["HAIHE_CITY"] = "riverton"
os.environ["HAIHE_DATABASE_URL"] = SERVER.url()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haihe.project.settings")

SERVER.start()
SERVER.ensure_database()


@atexit.register
def _clear() -> None:
    SERVER.stop()
    shutil.rmtree(SERVER.socket, ignore_errors=True)
    shutil.rmtree(FOLDER, ignore_errors=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI set, a skip turns the run red: nothing that should run is left out unseen."""
    if os.environ.get("CI", "").lower() in {"", "0", "false", "no"}:
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    if skipped:
        reporter.write_line("")
        reporter.write_line(f"CI: {len(skipped)} skipped, and CI allows no skip.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
