"""What a worker's round shows: the grids of now, what waits there, what is near."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from haihe.base.clock import now
from haihe.base.text import Text
from haihe.engine import coverage, geometry
from haihe.kernel.cases import queries as cases
from haihe.kernel.cases.models import Case, Item
from haihe.kernel.org import queries as org
from haihe.kernel.org.duty import (
    absences_covered_by,
    dispatches,
    grids_of_post,
    on_duty,
    works,
)
from haihe.kernel.org.models import Officer
from haihe.kernel.places import queries as places
from haihe.kernel.places.models import Grid
from haihe.kernel.places.queries import today
from haihe.systems.grid.declare import PURPOSES
from haihe.systems.grid.models import Visit

WAITING = ("verifying", "confirming", "visiting", "again")
MOST = 60


@dataclass(frozen=True)
class Stop:
    """One task of a round: what it is about, what is asked, whether it is late.

    ``point``: longitude and latitude in degrees of WGS-84, as phones say where they are.
    """

    case: Case
    what: Text
    is_late: bool
    point: tuple[float, float] | None


@dataclass(frozen=True)
class MyGrid:
    """One grid that is walked now, with today's visits."""

    code: str
    name: Text
    visits: int


def my_grids(officer: Officer) -> list[str]:
    """Codes of the grids that an officer walks now: on shift, or standing in for somebody."""
    posts = [*org.posts_held(officer)]
    for away in absences_covered_by(officer):
        posts += org.posts_held(away.officer)
    at = now()
    return sorted({code for post in posts if works(post, at) for code in grids_of_post(post)})


def shown(codes: Iterable[str]) -> list[MyGrid]:
    """Grids with how often each was visited today."""
    wanted = list(codes)
    times = dict(Visit.objects.filter(grid__in=wanted, day=today()).values_list("grid", "times"))
    lines = (places.grid(code) for code in wanted)
    return [MyGrid(each.code, each.name, times.get(each.code, 0)) for each in lines if each]


def stops(codes: Iterable[str], officer: Officer) -> list[Stop]:
    """What waits for the worker, the one due first on top."""
    posts = [post.pk for post in org.posts_held(officer)]
    found = cases.at_grids(codes, states=WAITING, officer=officer.pk, posts=posts)
    rows = [*found[:MOST], *_dispatched(officer)]
    rows = sorted({case.pk: case for case in rows}.values(), key=_by_due)[:MOST]
    titles = dict(
        Item.objects.filter(pk__in={case.category for case in rows}).values_list("pk", "title")
    )
    return [
        Stop(
            case,
            titles.get(case.category) or PURPOSES.get(case.category, {}),
            case.due is not None and case.due < now(),
            _point(case),
        )
        for case in rows
    ]


def _point(case: Case) -> tuple[float, float] | None:
    if case.lon is None or case.lat is None:
        return None
    lon, lat = geometry.convert(case.lon, case.lat, source=case.datum, target="WGS-84")
    return round(float(lon), 6), round(float(lat), 6)


def _by_due(case: Case) -> tuple[bool, str]:
    return case.due is None, str(case.due)


def _dispatched(officer: Officer) -> list[Case]:
    """For a dispatcher: what waits where nobody is on shift now."""
    found: list[Case] = []
    on_duty_at: dict[str, bool] = {}
    for code in dispatches(officer):
        whole = "" if places.division(code).level == 0 else code
        for case in cases.at_places(whole, states=WAITING)[: MOST * 2]:
            if case.grid not in on_duty_at:
                there = on_duty(case.grid) if case.grid else []
                on_duty_at[case.grid] = any(each.officer == officer for each in there)
            if on_duty_at[case.grid]:
                found.append(case)
    return found


def middle_of(code: str) -> tuple[float, float, str] | None:
    """A point inside a grid in force."""
    row = Grid.objects.filter(code=code, plan__version__isnull=False).order_by("-plan__version")
    grid = row.select_related("plan").first()
    if grid is None:
        return None
    _, longitude, latitude = coverage.measured(bytes(grid.shape))
    return longitude, latitude, grid.plan.datum
