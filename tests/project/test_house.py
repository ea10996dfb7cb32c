"""A whole Haihe survives the kill of any of its processes, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import psycopg
import pytest

from haihe.engine.postgres.address import socket_folder, socket_url
from haihe.project.processes import plan
from tests.project.running import Installation, children, descendants, is_alive

pytestmark = pytest.mark.timeout(600)
PROCESSES = (
    "witness",
    "gateway",
    "standins.district",
    "departments",
    "sequencer",
    "serve services",
    "worker",
    "serve pages",
)
"""Words in the command of each process of a demo's Haihe."""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    made = Installation(tmp_path_factory.mktemp("a house with spaces") / "data")
    made.data.mkdir()
    (made.data / "demo.filled").write_text("an empty demo city is enough here\n")
    return made


def address(installation: Installation) -> str:
    """The embedded server's address by its socket."""
    folder = installation.data / "postgres"
    return socket_url(socket_folder(folder))


def counts(installation: Installation) -> dict[str, int]:
    """Rows of every table but the queue's, whose workers sign on and off, and those of rounds with
    platforms, which begin by the clock.
    """
    with psycopg.connect(address(installation)) as connection:
        names = connection.execute(
            "select format('%I.%I', schemaname, tablename) from pg_tables"
            " where schemaname = 'public' and tablename not like 'procrastinate%'"
            " and tablename <> 'districts_exchange' order by 1"
        ).fetchall()
        return {
            name: connection.execute(f"select count(*) from {name}").fetchone()[0]  # type: ignore[index,call-overload]
            for (name,) in names
        }


def differing(installation: Installation, before: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Tables whose rows were lost or doubled, with how many there were and are.

    What clocks bring about meanwhile may have come besides: a weekly report, its file, its entry
    and checkpoint; of those tables nothing is lost.
    """
    after = counts(installation)
    by_clocks = ("public.figures_weeklyreport", "public.files_storedfile", "public.ledger_")
    return {
        name: (rows, after[name])
        for name, rows in before.items()
        if after[name] < rows or (after[name] != rows and not name.startswith(by_clocks))
    }


def keep_some_rows(installation: Installation) -> None:
    with psycopg.connect(address(installation), autocommit=True) as connection:
        connection.execute(
            "create table if not exists kept as select generate_series(1, 50000) as id"
        )


def child(supervisor: int, words: str) -> int | None:
    """The supervisor's own child with these words in its command."""
    return next((pid for pid, line in children(supervisor).items() if words in line), None)


def test_every_process_may_be_killed(installation: Installation) -> None:
    with installation.up("--demo") as supervisor:
        keep_some_rows(installation)
        before = counts(installation)
        assert len(PROCESSES) == len(plan.PROCESSES)
        for name in PROCESSES:
            victim = child(supervisor.pid, name)
            assert victim is not None, name
            os.kill(victim, signal.SIGKILL)
            came_back = time.monotonic() + 60
            while child(supervisor.pid, name) in {victim, None}:
                assert time.monotonic() < came_back, f"{name} did not come back"
                time.sleep(0.1)
            assert installation.answers(), name
            assert not is_alive(victim)
        assert differing(installation, before) == {}
        assert supervisor.poll() is None


def test_a_killed_database_comes_back_with_every_row(installation: Installation) -> None:
    with installation.up("--demo") as supervisor:
        keep_some_rows(installation)
        before = counts(installation)
        folder = str(installation.data / "postgres")
        postmaster = next(
            pid for pid, line in descendants(supervisor.pid).items() if f"-D {folder} " in line
        )
        os.kill(postmaster, signal.SIGKILL)
        assert installation.until("The database ended", supervisor, seconds=20)
        assert installation.answers()
        assert differing(installation, before) == {}


def test_a_killed_supervisor_takes_all_with_it_and_the_next_start_needs_no_repair(
    installation: Installation,
) -> None:
    with installation.up("--demo") as supervisor:
        keep_some_rows(installation)
        before = counts(installation)
        below = list(descendants(supervisor.pid))
        assert len(below) > 5
        supervisor.kill()
        supervisor.wait()
    with installation.up("--demo"):
        assert differing(installation, before) == {}
        assert not [pid for pid in below if is_alive(pid)]


def test_ctrl_c_leaves_nothing_running_within_ten_seconds(installation: Installation) -> None:
    with installation.up("--demo") as supervisor:
        below = list(descendants(supervisor.pid))
        began = time.monotonic()
        supervisor.send_signal(signal.SIGINT)
        supervisor.send_signal(signal.SIGINT)  # a terminal's and its make's
        assert supervisor.wait(timeout=10) == 0
        assert time.monotonic() - began < 10
        assert not [pid for pid in below if is_alive(pid)]


def test_a_second_start_on_the_folder_is_refused_and_another_folder_runs_beside(
    installation: Installation, tmp_path: Path
) -> None:
    with installation.up("--demo"):
        second = Installation(installation.data)
        done = second.run("up", "--demo")
        assert done.returncode == 1
        assert "start.already_running" in done.stderr
        assert f":{installation.port}" in done.stderr
        other = Installation(tmp_path / "other")
        with other.up():
            assert other.answers()
            assert installation.answers()
        assert installation.answers()


def test_failures_are_pages_for_people_and_problem_documents_for_programs(
    installation: Installation,
) -> None:
    with installation.up("--demo"):
        status, page = installation.get("/nothing-here")
        assert status == 404
        assert "<html" in page
        status, body = installation.get("/nothing-here", accept="application/json")
        assert status == 404
        assert json.loads(body)["code"] == "pages.unknown_address"
        assert "haihe_pages_total" in installation.get("/metrics")[1]


def test_a_filling_cut_off_by_a_kill_goes_on_where_it_was(tmp_path: Path) -> None:
    installation = Installation(
        tmp_path / "data", settings={"HAIHE_DEMO_SCALE": "300", "HAIHE_DEMO": "yes"}
    )
    supervisor = installation.begin()
    assert installation.until(".gather: ", supervisor, seconds=300), installation.output()
    supervisor.kill()
    supervisor.wait()
    with installation.up():
        before = counts_at_rest(installation)
        again = installation.run("demo", seconds=300)
        assert again.returncode == 0, again.stderr
        assert settled(counts(installation)) == settled(before)
        verified = installation.run("ledger", "verify")
        assert verified.returncode == 0, verified.stdout + verified.stderr


def counts_at_rest(installation: Installation) -> dict[str, int]:
    """The counts once rounds with platforms, one a minute, have sent all that waited for them."""
    before, ends = counts(installation), time.monotonic() + 240
    while True:
        time.sleep(75)
        after = counts(installation)
        if all(after[name] == before[name] for name in before if ".districts_" in name):
            return after
        assert time.monotonic() < ends, "rounds with platforms do not come to rest"
        before = after


def settled(found: dict[str, int]) -> dict[str, int]:
    """Without what grows by itself: the log, blurred photos, and what clocks bring about.

    A report that was filed or walked twice would still show in cases, tasks, clocks and remarks.
    """
    grows = ("public.ledger_", "public.files_storedfile", "public.cases_event", "public.outbox_")
    return {name: rows for name, rows in found.items() if not name.startswith(grows)}
