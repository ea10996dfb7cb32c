"""Loaded by pytest before all else: one embedded PostgreSQL for the whole run, one made-up city.

Not durable (fsync off), for speed; tests about durability start servers of their own.
"""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from haihe.engine.postgres.server import Server
from tests.needs import FORGIVEN

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


_CITY = re.compile(r"^tests/journeys/.*\[(\w+)(?:-[^\]]*)?\]")
LONGEST_FIRST = (
    "tests/journeys/",
    "tests/project/test_switched_off",
    "tests/tutorial/",
    "tests/project/",
    "tests/pages/test_in_browser",
    "tests/docs/",
)


class ByHouse(LoadFileScheduling):  # type: ignore[misc]
    """A file's tests go to one worker; of journeys a city's do, for they share a whole Haihe."""

    def _split_scope(self, nodeid: str) -> str:
        city = _CITY.search(nodeid)
        return city[1] if city else str(super()._split_scope(nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByHouse:
    """Which worker runs which tests."""
    return ByHouse(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files start first: a long one started last would run alone while workers stand idle."""

    def rank(item: pytest.Item) -> int:
        starts = (n for n, start in enumerate(LONGEST_FIRST) if item.nodeid.startswith(start))
        return next(starts, len(LONGEST_FIRST))

    items.sort(key=rank)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With CI set, a skip turns the run red, but for tests of root's own, which are named."""
    if os.environ.get("CI", "").lower() in {"", "0", "false", "no"}:
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    reports = reporter.stats.get("skipped", []) if reporter else []
    forgiven = [each for each in reports if FORGIVEN in str(each.longrepr)]
    for each in forgiven:
        reporter.write_line(f"\nCI: not run, for it {FORGIVEN}: {each.nodeid}", yellow=True)
    skipped = [each for each in reports if each not in forgiven]
    if skipped:
        reporter.write_line("")
        reporter.write_line(f"CI: {len(skipped)} skipped, and CI allows no skip.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, Any, Any]:
    """Tests with transactions of their own empty every table; the ledger's guard stands aside."""
    result = yield
    if fixturedef.argname == "django_db_setup":
        from django.db import connection  # noqa: PLC0415 - Django is not set up when this loads

        with request.getfixturevalue("django_db_blocker").unblock(), connection.cursor() as cursor:
            for table in ("entry", "numbered", "checkpoint", "cosignature", "subjectentry"):
                cursor.execute(f"alter table ledger_{table} disable trigger never_emptied")
            cursor.execute("alter table cases_event disable trigger never_emptied")
    return result
