"""Commands find the database that runs, or start one for as long as any of them needs it."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

from haihe.engine.postgres.folder import serves
from tests.project.running import Installation

BORROW = """
    import sys, time
    from haihe.project.database import running_database
    import psycopg
    with running_database() as url:
        print("has", flush=True)
        time.sleep(float(sys.argv[1]))
        with psycopg.connect(url) as connection:
            connection.execute("select 1")
    print("done", flush=True)
"""


def borrower(installation: Installation, seconds: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(BORROW), str(seconds)],
        env=installation.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def test_commands_that_overlap_share_one_server_until_the_last_is_done(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "data")
    folder = installation.data / "postgres"
    first = borrower(installation, 0.5)
    others = [borrower(installation, seconds) for seconds in (3.0, 0.1, 2.0)]
    said = [each.communicate(timeout=120)[0].split() for each in (first, *others)]
    assert said == [["has", "done"]] * 4
    assert serves(folder) is None


def test_a_command_beside_a_running_house_uses_its_database(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "data")
    with installation.up():
        assert borrower(installation, 0).communicate(timeout=60)[0].split() == ["has", "done"]
        assert installation.answers()
