"""A month of reports for the tests of figures: filed and worked on by actions, by number.

The same number gives the same month. Nothing here counts anything.
"""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from haihe.base.actor import Actor
from haihe.base.clock import told
from haihe.base.registry import registry
from haihe.kernel.cases import actions
from haihe.kernel.cases.internals.timing import city_calendar
from haihe.kernel.cases.report import REPORT
from haihe.kernel.places.models import Division
from tests.cases.builders import (
    CITIZEN,
    COMMANDER,
    ITEMS,
    LOADER,
    PARKS,
    PHOTO,
    ROADS,
    SUPERVISOR,
    WATER,
    Corner,
    local,
    sweep,
)

HANDS = {"parks": PARKS, "roads": ROADS, "water": WATER}
WARDS = ("D01W01", "D01W02", "D02W01")
ENDS = (
    *("rated",) * 6, *("closed",) * 2, "reopened", "redone", "sent_back", "handling", "handling",
    "dispatching", "opening", "verifying", "refuted", "rejected", "withdrawn", "merged",
)  # fmt: skip
BEGIN, END = "2026-08-03 09:00", "2026-08-31 09:00"


class Over(Exception):
    """The month is over; the rest of a walk lies beyond it."""


def month(here: Corner, *, number: int = 1, count: int = 90) -> list[UUID]:
    """File so many reports in August 2026 and take each as far as its number says."""
    registry.add_case_types(REPORT)
    actions.load_items(by=LOADER, items=ITEMS)
    Division.objects.create(code="D01W02", name={"en": "Ward 2"}, level=2, parent_id="D01")
    Division.objects.create(code="D02", name={"en": "District 2"}, level=1, parent_id="RV")
    Division.objects.create(code="D02W01", name={"en": "Ward 3"}, level=2, parent_id="D02")
    draw = random.Random(number)  # noqa: S311 - made-up data
    begin = local(BEGIN)
    walks = []
    for n in range(count):
        opened = begin + timedelta(days=24) * (n / count) + timedelta(minutes=draw.randint(0, 600))
        walks.append(Walk(here, draw, opened))
    kept = [walk.go(walks[:n]) for n, walk in enumerate(walks)]
    with told(local(END)):
        while sweep():
            pass
    return kept


@dataclass
class Walk:
    """One report on its way."""

    here: Corner
    draw: random.Random
    moment: datetime
    key: UUID = field(default_factory=uuid4)
    end: str = ""

    def go(self, before: list[Walk]) -> UUID:
        """File it, then take one step after the other."""
        draw = self.draw
        self.end = draw.choice(ENDS)
        place = draw.choice((*WARDS, None))
        spot = draw.choice(((150.001, 30.001), (150.021, 30.031), (150.04, 30.002)))
        with told(self.moment):
            case = actions.open_case(
                by=CITIZEN,
                type=REPORT.name,
                department="street",
                place=place,
                officer=self.here.officer.pk,
                category="public",
                point=(spot[0] + draw.uniform(0, 4e-4), spot[1] + draw.uniform(0, 4e-4), "WGS-84"),
                title="Something",
            )
        self.key = case.pk
        with suppress(Over):
            self._collect(before)
        return self.key

    def _step(self, by: Actor, action: str, **given: object) -> None:
        self.moment = city_calendar().add_time(
            self.moment, timedelta(minutes=self.draw.choice((20, 90, 200, 300, 2000)))
        )
        if self.moment >= local(END):
            raise Over
        with told(self.moment):
            actions.take_step(by=by, case=self.key, action=action, **given)  # type: ignore[arg-type]

    def _collect(self, before: list[Walk]) -> None:
        if self.end == "verifying":
            return
        if self.end == "withdrawn":
            self._step(CITIZEN, "withdraw")
            return
        if self.end == "refuted":
            self._step(self.here.worker, "refute", note="Not so")
            return
        self._step(self.here.worker, "verify", photos=PHOTO)
        if self.end == "opening":
            return
        if self.end == "rejected":
            self._step(SUPERVISOR, "reject", note="Not ours")
            return
        others = [each.key for each in before if each.end in {"handling", "verifying"}]
        if self.end == "merged" and others:
            self._step(SUPERVISOR, "merge", kept=self.draw.choice(others))
            return
        self._step(SUPERVISOR, "register", item=self.draw.choice(("R101", "R103")))
        if self.end != "dispatching":
            self._handle()

    def _handle(self) -> None:
        lead, second = self.draw.sample(sorted(HANDS), 2)
        assisting = [second] if self.draw.random() < 0.4 else []
        self._step(COMMANDER, "dispatch", lead=lead, assisting=assisting)
        if self.end == "sent_back":
            self._step(HANDS[lead], "send_back", note="Not ours")
            lead, assisting = second, []
            self._step(COMMANDER, "dispatch", lead=lead, assisting=assisting)
        if self.end == "handling":
            return
        for department in (*assisting, lead):
            self._step(HANDS[department], "finish", note="Done")
        if self.end == "redone":
            self._step(SUPERVISOR, "deny", note="Still there")
            self._step(HANDS[lead], "finish", note="Done")
        self._step(SUPERVISOR, "close")
        if self.end in {"rated", "reopened", "sent_back"}:
            self._step(CITIZEN, "rate", score=self.draw.choice((1, 3, 4, 5, 5)))
        if self.end == "reopened":
            self._step(CITIZEN, "reopen", note="Again")
