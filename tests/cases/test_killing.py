"""kill -9 of the sweep in the middle: every level of every clock once, and none lost."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Count

from haihe.base.clock import now, told
from haihe.base.registry import registry
from haihe.kernel.cases import actions, queries
from haihe.kernel.cases.declare import NewCase
from haihe.kernel.cases.models import Case, Clock, Event
from haihe.kernel.ledger.models import Entry
from haihe.kernel.messages.models import Message
from tests.cases.builders import STEWARD, TYPES, corner, sweep
from tests.cases.photo_report import PHOTO_REPORT

SEED = 20261126
CASES, KILLS = 240, 6
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_sweep_that_is_killed_again_and_again_rings_every_level_once() -> None:
    registry.add_case_types(*TYPES)
    here = corner()
    new = NewCase(department="street", place="D01W01", officer=here.officer.pk)
    with told(now() - timedelta(days=30)):  # both levels of each clock have come since
        actions.open_many(by=STEWARD, type=PHOTO_REPORT.name, cases=[new] * CASES)
    rung, draw = [0], random.Random(SEED)  # noqa: S311 - when to kill is no secret
    for _ in range(KILLS):
        _sweep_until(rung[-1] + draw.randint(10, 30))
        rung.append(Event.objects.filter(action="reach").count())
    sys.stdout.write(f"seed {SEED}: rung when killed {rung[1:]} of {CASES}\n")
    assert rung[-1] > rung[0]
    assert rung[-1] < CASES, "every kill came after the work was done"
    while sweep():
        pass
    times = Event.objects.filter(action="reach").values("case").annotate(n=Count("ordinal"))
    assert {row["n"] for row in times} == {1}
    assert times.count() == CASES
    assert Entry.objects.filter(kind="cases.clock.reached").count() == CASES
    assert Message.objects.filter(key__startswith="cases.clock:").count() == CASES
    assert not Clock.objects.filter(next_at__lte=now()).exists()
    for case in Case.objects.order_by("pk")[:20]:
        assert queries.replay(case) == queries.standing(case)


def _sweep_until(rung: int) -> None:
    """Let a process sweep until so many levels have been rung, and kill it there."""
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-m", "tests.cases.sweeping", name]
    sweeper = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert sweeper.stdout is not None
        assert sweeper.stdout.readline() == b"ready\n"
        until = time.monotonic() + 60
        while Event.objects.filter(action="reach").count() < rung:
            assert time.monotonic() < until, "the sweep does not go on"
            time.sleep(0.01)
    finally:
        sweeper.kill()
        sweeper.wait()
        sweeper.stdout.close()
