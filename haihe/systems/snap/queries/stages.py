"""A report's progress as a citizen reads it: seven stages, each with its moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from haihe.kernel.cases.models import Case
from haihe.kernel.cases.queries import Step

STAGES = (
    ("reported", _("Reported")),
    ("verified", _("Verified on the spot")),
    ("opened", _("Opened as a case")),
    ("dispatched", _("Dispatched to a department")),
    ("handling", _("Handled")),
    ("confirmed", _("Confirmed on the spot")),
    ("answered", _("Answered")),
)
_REACHED = {
    "verifying": 1,
    "opening": 2,
    "dispatching": 3,
    "handling": 4,
    "confirming": 5,
    "closing": 6,
    "answered": 7,
    "closed": 7,
    "merged": 1,
    "rejected": 1,
    "withdrawn": 1,
}
"""How many stages lie behind a report in each state of its case."""
_MARKS: dict[str, set[int]] = {"settle": {1, 4}, "close": {5, 6}, "reopen": set()}
"""Stages that a step which passes several has really done; any other does the last one alone."""
ENDED = {"rejected": _("Not opened as a case"), "withdrawn": _("Taken back"),
         "merged": _("Joined with another report of the same")}  # fmt: skip
STATUS = {
    1: _("Waits for somebody to look at it"),
    2: _("Verified; waits to be opened"),
    3: _("Opened; waits for a department"),
    4: _("A department is at work"),
    5: _("Handled; waits to be confirmed"),
    6: _("Confirmed; waits to be answered"),
    7: _("Answered"),
}


@dataclass(frozen=True)
class Stage:
    """One stage. ``standing`` is ``done``, ``now``, ``ahead`` or ``skipped``."""

    name: str
    title: str
    standing: str
    at: datetime | None


def stages(case: Case, steps: Sequence[Step]) -> list[Stage]:
    """The seven stages of a report as it stands now; a re-opened one goes through them again."""
    behind = _behind(case, steps)
    reached = _moments(steps)
    is_running = case.state not in ENDED and behind < len(STAGES)
    found = []
    for place, (name, title) in enumerate(STAGES):
        moment = reached.get(place)
        if place >= behind:
            standing = "now" if place == behind and is_running else "ahead"
            moment = None
        else:
            standing = "done" if moment else "skipped"
        found.append(Stage(name, gettext(title), standing, moment))
    return found


def status(case: Case) -> str:
    """Where a report stands, in a few words; says nothing about who or what."""
    if case.suspended_at is not None:
        return gettext("Suspended for a time")
    if case.state in ENDED:
        return gettext(ENDED[case.state])
    return gettext(STATUS[_REACHED.get(case.state, 1)])


def _behind(case: Case, steps: Sequence[Step]) -> int:
    """Of an ended report that was not handled: as far as it came."""
    if case.state not in ENDED or not steps:
        return _REACHED.get(case.state, 1)
    return _REACHED.get(steps[-1].event.start, 1)


def _moments(steps: Sequence[Step]) -> dict[int, datetime]:
    """When each stage was last reached; going back makes what lies ahead undone again."""
    found: dict[int, datetime] = {}
    before = 0
    for event in (each.event for each in steps if each.event.to not in ENDED):
        now = _REACHED.get(event.to, before)
        if now < before:
            found = {place: at for place, at in found.items() if place < now}
        for place in _MARKS.get(event.action, {now - 1}) & set(range(before, now)):
            found[place] = event.at
        before = now
    return found
