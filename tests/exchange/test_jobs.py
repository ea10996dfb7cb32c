"""Links by the clock: each due link becomes one job, which runs it."""

from __future__ import annotations

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from haihe.kernel.exchange import jobs
from haihe.kernel.exchange.actions import pause_link
from haihe.kernel.exchange.models import Batch
from tests.exchange.builders import PROVIDER, TABLE, gathering, publish, rows
from tests.servers import Database

pytestmark = pytest.mark.django_db


def test_a_due_link_is_asked_for_once(department: Database) -> None:
    department.run(TABLE)
    link = gathering(publish(department.address), schedule="every 15m")
    assert jobs.run_due() == 1
    assert jobs.run_due() == 0
    job = ProcrastinateJob.objects.get(task_name="exchange.run_link")
    assert job.args == {"link": link.code}


def test_a_paused_link_is_never_due(department: Database) -> None:
    department.run(TABLE)
    link = gathering(publish(department.address), schedule="* * * * *")
    pause_link(by=PROVIDER, link=link)
    assert jobs.run_due() == 0


def test_the_job_runs_its_link_and_a_failure_stands_in_the_batch(department: Database) -> None:
    department.run(TABLE, rows(1, 3))
    link = gathering(publish(department.address))
    jobs.run_link(link=link.code)
    department.run("drop table households")
    assert jobs.run_link(link=link.code) == "exchange.source.unknown_table"
    assert set(Batch.objects.values_list("state", "error_code")) == {
        ("done", ""),
        ("failed", "exchange.source.unknown_table"),
    }
