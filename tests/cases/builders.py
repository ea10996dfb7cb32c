"""Builders of cases' tests: a city's corner with an officer for each part, and moments of 2026."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from haihe.base.actor import Actor
from haihe.base.clock import told
from haihe.base.registry import registry
from haihe.kernel.cases import actions, queries
from haihe.kernel.cases.declare import ItemDraft
from haihe.kernel.cases.internals.timing import city_calendar
from haihe.kernel.cases.jobs import SWEEPER
from haihe.kernel.cases.models import Case, Clock
from haihe.kernel.org.models import Officer
from haihe.kernel.places.models import Division
from tests.cases.demand import DEMAND
from tests.cases.photo_report import PHOTO_REPORT
from tests.org import builders as org

TYPES = (PHOTO_REPORT, DEMAND)
PHOTO = (UUID(int=1),)
DEPARTMENTS = ("street", "parks", "roads", "water")
CITIZEN = Actor("citizen", "900001")
STRANGER = Actor("citizen", "900002")
CENTRE = "street"


def worker(department: str, *more: str) -> Actor:
    """An officer who handles the cases of a department."""
    return Actor("officer", f"{department}-1", department, frozenset({"cases.handle", *more}))


PARKS, ROADS, WATER, STREET = (worker(each) for each in ("parks", "roads", "water", "street"))
SUPERVISOR = Actor("officer", "supervisor", "centre", frozenset({"cases.supervise"}))
COMMANDER = Actor("officer", "commander", "centre", frozenset({"cases.command"}))
STEWARD, SECOND = (
    Actor("officer", name, "centre", frozenset(registry.permissions)) for name in ("s1", "s2")
)


LOADER = Actor("administrator", "loader", permissions=frozenset(registry.permissions))
ITEMS = (
    ItemDraft("public", "category", {"zh": "公共设施", "en": "Public facilities"}),
    ItemDraft("R1", "class", {"zh": "道路", "en": "Ways"}),
    ItemDraft("R101", "component", {"zh": "路灯", "en": "Lamp"}, "R1", "public", "parks", (), 3),
    ItemDraft(
        "R103", "component", {"zh": "井盖", "en": "Manhole"}, "R1", "public", "roads", ("water",),
        240, "minutes", "calendar",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Corner:
    """A ward with its street, four departments, and the grid worker."""

    officer: Officer
    worker: Actor


def corner() -> Corner:
    """Make the corner and declare the two types."""
    for code in (*DEPARTMENTS, "centre"):
        org.department(code)
    city = Division.objects.create(code="RV", name={"en": "City"}, level=0)
    Division.objects.create(code="D01", name={"en": "District"}, level=1, parent=city)
    Division.objects.create(code="D01W01", name={"en": "Ward"}, level=2, parent_id="D01")
    officer = org.officer("cases.handle", of=org.queries.department("street"))
    return Corner(officer, org.actor(officer))


def at(text: str) -> AbstractContextManager[None]:
    """Within the block it is that local moment: ``2026-08-14 16:30``."""
    return told(local(text))


def local(text: str) -> datetime:
    """A local moment of the city."""
    return datetime.fromisoformat(text).replace(tzinfo=city_calendar().zone)


def report(of: Corner, **changes: Any) -> Case:
    """A citizen's report, to be verified by the grid worker."""
    given: dict[str, Any] = {
        "by": CITIZEN,
        "type": PHOTO_REPORT.name,
        "department": "street",
        "place": "D01W01",
        "point": (117.2, 39.1, "WGS-84"),
        "title": "A broken lamp",
        "officer": of.officer.pk,
        **changes,
    }
    return actions.open_case(**given)


def opened(of: Corner, **changes: Any) -> Case:
    """A report that was verified and registered: it waits to be dispatched."""
    case = report(of, **changes)
    actions.take_step(by=of.worker, case=case, action="verify", photos=PHOTO)
    fields = {"kind": "waste"}
    return actions.take_step(by=SUPERVISOR, case=case, action="register", fields=fields)


def handled(of: Corner, *assisting: str, **changes: Any) -> Case:
    """A report that the parks department leads, others assisting."""
    case = opened(of, **changes)
    return actions.dispatch(by=COMMANDER, case=case, lead="parks", assisting=assisting)


def answered(of: Corner, **changes: Any) -> Case:
    """A report that was handled and checked; the citizen may rate it."""
    case = handled(of, **changes)
    actions.finish_task(by=PARKS, case=case, note="Mended")
    return actions.take_step(by=SUPERVISOR, case=case, action="pass")


def closed(of: Corner, **changes: Any) -> Case:
    """A report that was rated low."""
    return actions.rate(by=CITIZEN, case=answered(of, **changes), score=2)


def again(case: Case) -> Case:
    """The case as it stands now."""
    return queries.case(case.pk)


def clock(case: Case, name: str) -> Clock:
    """One clock of a case."""
    return Clock.objects.get(case=case, name=name)


def due(case: Case, name: str) -> str:
    """When a running clock is due, in local time, to the minute."""
    moment = clock(case, name).due
    return moment.astimezone(city_calendar().zone).strftime("%Y-%m-%d %H:%M") if moment else ""


def sweep() -> int:
    """What the worker's job does each minute."""
    return actions.sweep_clocks(by=SWEEPER)
