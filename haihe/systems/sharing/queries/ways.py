"""The way of a demand, of wanted data, of a dispute: its case's history, and what waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from haihe.base.text import Text
from haihe.kernel.cases import queries as cases
from haihe.kernel.cases.declare import CaseType
from haihe.kernel.cases.models import Case
from haihe.kernel.catalogue.models import Demand, Dispute, Grant, Wanted
from haihe.kernel.org.models import Department, Officer
from haihe.systems.sharing.models import DemandCase, DisputeCase, WantedCase
from haihe.ui.templatetags.house import say


@dataclass(frozen=True)
class Step:
    """One step of a way; ``at`` is none for what is still ahead, ``who`` a department's name."""

    icon: str
    title: str
    at: datetime | None
    note: str = ""
    tone: str = "blue"
    who: str = ""


_LOOKS = {
    "grant": ("circle-check", "green"),
    "pass": ("check", "green"),
    "find": ("check", "green"),
    "settle": ("scale", "green"),
    "refuse": ("circle-x", "red"),
    "uphold": ("circle-x", "red"),
    "decline": ("circle-x", "amber"),
    "return": ("arrow-left", "amber"),
    "extend": ("clock", "amber"),
    "negotiate": ("message", "amber"),
    "bring": ("scale", "amber"),
    "urge": ("bell", "amber"),
    "withdraw": ("arrow-left", "grey"),
    "say": ("message", "blue"),
    "add": ("message", "blue"),
    "answer": ("message", "blue"),
}
_SILENT = ("reach", "recount", "migrate", "hand_over")
"""Events of a case that are no step of its parties."""


def way_of(row: Demand | Wanted | Dispute) -> list[Step]:
    """What was done so far, oldest first, and what waits; of a grant also when it ends."""
    case = _case_of(row)
    found = _past(row) if case is None else _told(case)
    if row.due is not None and case is not None:
        found.append(_ahead(case, row.due))
    grant = Grant.objects.filter(demand=row).first() if isinstance(row, Demand) else None
    if grant is not None and grant.withdrawn_at is not None:
        title = gettext("Grant withdrawn")
        found.append(Step("circle-x", title, grant.withdrawn_at, grant.withdrawn_reason, "red"))
    elif grant is not None:
        found.append(Step("calendar", gettext("Ends"), grant.until, "", "grey"))
    return found


def clock_of(row: Demand | Wanted | Dispute) -> datetime | None:
    """When the clock that runs for it is due, to the minute."""
    case = _case_of(row)
    return case.due if case is not None else None


def _case_of(row: Demand | Wanted | Dispute) -> Case | None:
    found: Any
    if isinstance(row, Demand):
        found = DemandCase.objects.filter(demand=row)
    elif isinstance(row, Wanted):
        found = WantedCase.objects.filter(wanted=row)
    else:
        found = DisputeCase.objects.filter(dispute=row)
    follower = found.first()
    return cases.case(follower.case_id) if follower is not None else None


def _told(case: Case) -> list[Step]:
    kind = cases.definition_of(case)
    history = [each for each in cases.history(case) if each.event.action not in _SILENT]
    who = _departments(each.event.by for each in history)
    found = []
    for each in history:
        action = kind.actions.get(each.event.action)
        icon, tone = _LOOKS.get(each.event.action, ("file-text", "blue"))
        found.append(
            Step(
                icon,
                say(action.title) if action else gettext("Raised"),
                each.event.at,
                each.remark.get("note", ""),
                tone,
                who.get(each.event.by, ""),
            )
        )
    return found


def _ahead(case: Case, due: object) -> Step:
    title: Text = _state(cases.definition_of(case), case)
    note = gettext("due %(day)s") % {"day": due}
    return Step("clock", say(title), None, note, "grey", say(case.department.name))


def _state(kind: CaseType, case: Case) -> Text:
    return kind.states[case.state].title


def _past(row: Demand | Wanted | Dispute) -> list[Step]:
    """What its own row says, where no case follows it."""
    found = [Step("file-text", gettext("Raised"), row.raised_at, "", "blue", say(_asker(row).name))]
    if isinstance(row, Demand) and row.decided_at is not None:
        icon, tone = ("circle-check", "green") if row.state == "granted" else ("circle-x", "red")
        title = gettext("Granted") if row.state == "granted" else gettext("Refused")
        found.append(Step(icon, title, row.decided_at, row.reason, tone))
    return found


def _asker(row: Demand | Wanted | Dispute) -> Department:
    return row.department


def _departments(actors: Iterable[str]) -> dict[str, str]:
    """For each actor that is an officer, the department that it is of."""
    keys = {mark.partition(":")[2] for mark in actors if mark.startswith("officer:")}
    officers = Officer.objects.filter(account__in=[key for key in keys if key.isdecimal()])
    return {
        f"officer:{each.account_id}": say(each.department.name)
        for each in officers.select_related("department")
    }
