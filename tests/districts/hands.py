"""Run as a program in a Django of its own: does in one Haihe what its people do, line by line.

Each JSON line names what to do and with what; the answer is one line. Nothing of it goes past the
actions of the kernel, which the pages call too.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import time
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries
from haihe.kernel.cases.models import Case, Event
from haihe.kernel.files import actions as files
from haihe.kernel.org import actions as org
from haihe.kernel.org.models import Account
from haihe.kernel.org.queries import actor_of, officer_of, posts_held
from haihe.kernel.org.shift_declare import Span
from haihe.kernel.places.models import Grid
from haihe.kernel.services.actions import make_caller
from haihe.project.demo.grids import make_grids
from haihe.project.pack.load import loader
from haihe.systems.districts import actions
from haihe.systems.districts.models import Exchange, Mirror, Outgoing, Sending
from haihe.systems.districts.queries import platforms, statuses
from tests.desk.builders import desks

DIVISION = "D01"
CITIZEN = Actor("citizen", "900001", permissions=frozenset({"files.store"}))
OPERATOR = Actor("administrator", "tester", permissions=frozenset({"districts.exchange"}))
DETAILS: dict[str, dict[str, Any]] = {
    "register": {"item": "R101"},
    "dispatch": {"lead": "land"},
    "whistle": {"assisting": ("trade",)},
    "extend": {"units": 1},
    "rate": {"score": 5},
}
"""What a step needs besides words and a photo."""


@cache
def people() -> list[Actor]:
    """An officer for each part of a report, and whoever reported it."""
    of = desks()
    make_grids(by=loader())
    _put_on_duty(of.worker)
    accounts = (of.supervisor, of.commander, of.worker, of.land, of.trade)
    return [CITIZEN, *(actor_of(each) for each in accounts)]


def _put_on_duty(account: Account) -> None:
    """Let an officer walk all grids of the shared division, day and night."""
    officer = officer_of(account)
    assert officer is not None
    [post] = posts_held(officer)
    spans = [Span(day, time(0), time(0)) for day in range(1, 10)]
    org.plan_week(by=loader(), post=post, spans=spans)
    grids = [each.code for each in Grid.objects.filter(code__startswith=DIVISION)]
    org.cover_grids(by=loader(), post=post, grids=grids)


def begin() -> int:
    """Make the people; how many there are."""
    return len(people())


def caller(department: str, subsystem: str) -> str:
    """The key of a new caller."""
    return make_caller(by=loader(), department=department, subsystem=subsystem)


def file(lon: float, lat: float, note: str, photo: bool = False) -> str:
    """A citizen's report."""
    photos = [_photo()] if photo else []
    case = cases.file_report(
        by=CITIZEN,
        point=(lon, lat, "WGS-84"),
        category="public",
        title=note,
        source="snap",
        note=note,
        photos=photos,
    )
    return str(case.pk)


def step(id: str, choice: int) -> str:
    """One of the steps that somebody may take now; its name, or the code of the refusal."""
    case = queries.case(id)  # type: ignore[arg-type]
    may = [(by, name) for by in people() for name in queries.actions_for(by, case)]
    may = [each for each in may if each[1] not in {"merge", "split"}]
    if not may:
        return ""
    by, name = may[choice % len(may)]
    return _take(by, case, name, note=f"{name} {choice}")


def take(id: str, action: str) -> str:
    """One step of whoever may take it; its name, or the code of the refusal."""
    case = queries.case(id)  # type: ignore[arg-type]
    by = next(each for each in people() if action in queries.actions_for(each, case))
    return _take(by, case, action, note=action)


def _take(by: Actor, case: Case, name: str, *, note: str) -> str:
    details = DETAILS.get(name, {})
    try:
        cases.take_step(by=by, case=case, action=name, note=note, photos=[_photo()], **details)
    except HaiheError as refusal:
        return refusal.code
    return name


def exchange(platform: str) -> dict[str, Any]:
    """A round with a platform, at once; every wait is over."""
    waiting = {"state": Sending.WAITING}
    Exchange.objects.update(next_at=now())
    Mirror.objects.filter(**waiting).update(next_at=now())
    Outgoing.objects.filter(**waiting).update(next_at=now())
    return asdict(actions.exchange(by=OPERATOR, platform=platforms.platform(platform)))


def standing() -> list[dict[str, Any]]:
    """Every case: how it stands outside, how many steps it took, its counterparts."""
    found = []
    for case in Case.objects.order_by("opened_at"):
        mirrors = Mirror.objects.filter(case=case)
        found.append(
            {
                "id": str(case.pk),
                "source": case.source,
                "title": case.title,
                "state": case.state,
                "status": statuses.status_of(case),
                "steps": case.steps,
                "reopenings": case.reopenings,
                "mirrors": [
                    {
                        "platform": each.platform,
                        "number": each.foreign_id,
                        "ours": each.is_handled_here,
                        "state": each.state,
                    }
                    for each in mirrors
                ],
            }
        )
    return found


def said(id: str) -> list[str]:
    """The notes of a case, in order."""
    return [str(each.remark.get("note", "")) for each in queries.history(queries.case(id))]  # type: ignore[arg-type]


def photos(id: str) -> int:
    """How many photos came with a case."""
    first = queries.history(queries.case(id))[0]  # type: ignore[arg-type]
    return len(first.remark.get("photos", ()))


def waiting() -> int:
    """How much is still to be told."""
    return sum(
        kind.objects.filter(state=Sending.WAITING).count()  # type: ignore[attr-defined]
        for kind in (Mirror, Outgoing)
    )


def refused() -> list[str]:
    """What one side or the other refused, with the reasons."""
    return [
        str(each.reason)
        for kind in (Mirror, Outgoing)
        for each in kind.objects.filter(state=Sending.REFUSED)  # type: ignore[attr-defined]
    ]


def events() -> int:
    """How many steps all cases took."""
    return Event.objects.count()


def _photo() -> Any:
    kept = BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 150)).save(kept, "JPEG")
    by = Actor("system", "tester", permissions=frozenset({"files.store"}))
    return files.store(by=by, content=kept.getvalue(), name="", media_type="image/jpeg").pk


WORDS: dict[str, Callable[..., Any]] = {
    each.__name__: each  # type: ignore[attr-defined]
    for each in (
        begin,
        caller,
        file,
        step,
        take,
        exchange,
        standing,
        said,
        photos,
        waiting,
        refused,
        events,
    )
}


def main() -> None:
    """Answer lines until there are no more."""
    for line in sys.stdin:
        asked = json.loads(line)
        found = WORDS[asked.pop("do")](**asked)
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
