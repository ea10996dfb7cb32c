"""A job whose worker was killed is put back; nothing else is."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

from tests.project.running import Installation

RESCUE = """
    import asyncio
    from haihe.project.start import start_django
    start_django()
    import psycopg
    from procrastinate.contrib.django import app
    from haihe.project.database import running_database
    from haihe.project.processes.worker import rescue

    async def rescued():
        async with worker_app.open_async():
            return await rescue(worker_app)

    with running_database() as url, psycopg.connect(url, autocommit=True) as connection:
        dead, alive = (
            connection.execute(
                "insert into procrastinate_workers (last_heartbeat)"
                " values (now() - %s::interval) returning id", [age]
            ).fetchone()[0]
            for age in ("2 minutes", "1 second")
        )
        for worker in (dead, alive):
            connection.execute(
                "insert into procrastinate_jobs (queue_name, task_name, priority, args, status,"
                " attempts, worker_id) values ('default', 'a.job', 0, '{}', 'doing', 0, %s)",
                [worker],
            )
        with app.replace_connector(app.connector.get_worker_connector()) as worker_app:
            print(asyncio.run(rescued()))
        print(connection.execute(
            "select status, count(*) from procrastinate_jobs group by 1 order by status::text"
        ).fetchall())
"""


def test_a_stalled_job_is_put_back_and_a_live_workers_job_is_left(tmp_path: Path) -> None:
    installation = Installation(tmp_path / "data")
    assert installation.run("setup").returncode == 0
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(RESCUE)],
        env=installation.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.splitlines()[-2:] == ["1", "[('doing', 1), ('todo', 1)]"], done.stderr
