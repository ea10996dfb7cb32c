"""Random orders of what anybody may try: nobody who was given it is lost, nobody told twice."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haihe.base.errors import HaiheError
from haihe.kernel.cases import queries as cases
from haihe.kernel.messages.models import Message
from haihe.systems.corrections import actions
from haihe.systems.corrections.declare import EDGE
from haihe.systems.corrections.jobs import WATCHER
from haihe.systems.corrections.models import Objection
from tests.corrections.builders import (
    ANN,
    CIVIL,
    REVIEWER,
    RIGHT,
    TABLE,
    WRONG,
    gather,
    gathering,
    grant,
    look,
    objection,
    officer,
    person,
    publish,
    row,
)
from tests.servers import Database

RECEIVERS = ("tax", "land", "early")
STEPS = (
    *(("look", each) for each in RECEIVERS),
    *(("confirm", each) for each in RECEIVERS),
    ("bring", RIGHT),
    ("bring", WRONG),
    ("accept", ""),
    ("reject", ""),
    ("appeal", ""),
    ("uphold", ""),
    ("withdraw", ""),
)
ENOUGH = (("look", "tax"), ("accept", ""), ("look", "land"), ("bring", RIGHT), ("confirm", "tax"))


@dataclass
class Walk:
    """One objection in the making, and who must have been told by what a plain model says."""

    department: Database
    code: str = field(default_factory=lambda: f"h{uuid4().hex[:8]}")
    wrong_since: set[str] = field(default_factory=set)
    refusals: list[int] = field(default_factory=list)
    is_wrong: bool = True

    def begin(self) -> None:
        self.department.run("drop table if exists households", TABLE, row(ANN, RIGHT))
        self.resource = publish(self.department, code=f"civil.{self.code}")
        self.link = gathering(self.resource)
        gather(self.link)
        for each in RECEIVERS:
            grant(self.resource, each)
        look("early", service=self.code)
        self.department.run(row(ANN, WRONG))
        gather(self.link)
        account, self.by = person(ANN)
        self.raised = objection(account, self.by, self.resource)

    def step(self, what: str, which: str) -> None:
        """Try one step; whatever may not be done now is refused by the house."""
        try:
            getattr(self, f"_{what}")(which)
        except HaiheError as fault:
            self.refusals.append(fault.status)

    def _look(self, which: str) -> None:
        look(which, service=self.code)
        if self.is_wrong:
            self.wrong_since.add(which)

    def _confirm(self, which: str) -> None:
        actions.confirm(by=officer(which), objection=self.raised.pk, outcome="corrected")

    def _accept(self, _: str) -> None:
        actions.accept(by=CIVIL, objection=self.raised.pk, value=RIGHT)
        actions.check_arrivals(by=WATCHER)

    def _uphold(self, _: str) -> None:
        actions.uphold(by=REVIEWER, objection=self.raised.pk, value=RIGHT)
        actions.check_arrivals(by=WATCHER)

    def _reject(self, _: str) -> None:
        actions.reject(by=CIVIL, objection=self.raised.pk, reason="It stands so.")

    def _appeal(self, _: str) -> None:
        actions.appeal(by=self.by, objection=self.raised.pk, why="It does not.")

    def _withdraw(self, _: str) -> None:
        actions.withdraw(by=self.by, objection=self.raised.pk)

    def _bring(self, income: str) -> None:
        self.department.run(row(ANN, income))
        gather(self.link)
        if self.is_wrong and income == RIGHT:
            time.sleep(EDGE.total_seconds() + 0.05)
        self.is_wrong = income == WRONG

    def check(self, told_before: set[str]) -> set[str]:
        """What must hold after each step; who has been told."""
        found = Objection.objects.get(pk=self.raised.pk)
        told = set(found.receivers.values_list("department", flat=True))
        assert all(each < 500 for each in self.refusals)
        assert told_before <= told
        assert told <= self.wrong_since
        keys = Message.objects.filter(key__startswith=f"corrections:{found.pk}:recall:")
        assert sorted(keys.values_list("department", flat=True)) == sorted(told)
        unconfirmed = found.receivers.filter(confirmed_at=None)
        state = cases.case(found.case_id).state
        assert (state == "closed") == (found.end == "closed")
        if found.accepted_at is None:
            assert not told
        if found.end == "closed":
            assert found.seen_at is not None
            assert not unconfirmed.exists()
        if state == "recalling":
            assert unconfirmed.exists()
        return told


@pytest.mark.django_db
@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(st.sampled_from(STEPS), max_size=6), lead=st.booleans())
def test_nobody_is_lost_and_nobody_is_told_twice(
    department: Database, steps: list[tuple[str, str]], lead: bool
) -> None:
    walk = Walk(department)
    walk.begin()
    told: set[str] = set()
    at_arrival: set[str] | None = None
    for what, which in [*(ENOUGH if lead else ()), *steps]:
        known = set(walk.wrong_since)
        walk.step(what, which)
        told = walk.check(told)
        found = Objection.objects.get(pk=walk.raised.pk)
        if found.seen_at is not None and at_arrival is None:
            at_arrival = known
            assert told == known
        if at_arrival is not None:
            assert told == at_arrival
