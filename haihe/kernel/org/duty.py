"""Reads of shifts: who is on duty in a grid at a moment, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from haihe.base.calendars import Calendar
from haihe.base.clock import now
from haihe.kernel.org.models import (
    Absence,
    Dispatcher,
    GridPost,
    Officer,
    Post,
    Posting,
    Shift,
    ShiftDay,
)
from haihe.kernel.places import queries as places

HOLDER, STAND_IN, DISPATCHER = "holder", "stand_in", "dispatcher"


@dataclass(frozen=True)
class OnDuty:
    """One officer to ask. ``role`` is ``holder``, ``stand_in`` or ``dispatcher``."""

    officer: Officer
    post: Post
    role: str


def on_duty(grid: str, at: datetime | None = None) -> list[OnDuty]:
    """Who is to be asked about a grid at a moment, best first.

    Those who hold a post of the grid whose shift it is; then who stands in for those away; where
    there is neither, whoever holds the dispatcher's post of the street, or of the next division
    above that has one. Empty only where no division has a dispatcher.
    """
    moment = at or now()
    found = _workers(grid, moment)
    return found or _dispatchers(grid, moment)


def works(post: Post, at: datetime) -> bool:
    """Whether a moment lies in a post's shift, by its week, its single days and the calendar."""
    calendar: Calendar = settings.CITY_CALENDAR
    local = at.astimezone(calendar.zone)
    today, clock = local.date(), local.time()
    if any(b <= clock and (e <= b or clock < e) for b, e in hours(post, today)):
        return True
    before = hours(post, today - timedelta(days=1))
    return any(e <= b and clock < e for b, e in before)


def hours(post: Post, day: date) -> list[tuple[time, time]]:
    """The spans of a post that begin on a date, in the city's time, in order."""
    special = ShiftDay.objects.filter(post=post, date=day).first()
    if special is not None:
        spans = special.spans.values_list("begins", "ends")
        return sorted(spans)
    rows = list(Shift.objects.filter(post=post).values_list("day", "begins", "ends"))
    wanted = _kind_of(day, {row[0] for row in rows})
    return sorted((begins, ends) for kind, begins, ends in rows if kind == wanted)


def grids_of_post(post: Post) -> list[str]:
    """Codes of the grids that a post works, in order."""
    return list(GridPost.objects.filter(post=post).order_by("grid").values_list("grid", flat=True))


def posts_of_grid(grid: str) -> QuerySet[Post]:
    """Posts that work a grid, the oldest first."""
    held = GridPost.objects.filter(grid=grid).values("post")
    return Post.objects.filter(pk__in=held).select_related("department").order_by("pk")


def absences_of(officer: Officer) -> QuerySet[Absence]:
    """An officer's absences that are not over, the next first."""
    found = Absence.objects.select_related("officer", "stand_in")
    return found.filter(officer=officer, ends__gt=now()).order_by("begins")


def absences_covered_by(officer: Officer) -> QuerySet[Absence]:
    """Absences of now in which an officer stands in for somebody."""
    moment = now()
    found = Absence.objects.filter(stand_in=officer, begins__lte=moment, ends__gt=moment)
    return found.select_related("officer")


def dispatches(officer: Officer) -> list[str]:
    """Divisions whose dispatcher's post an officer holds now; the city's own code is among them."""
    moment = now()
    held = Posting.objects.filter(
        Q(until__isnull=True) | Q(until__gt=moment), officer=officer, since__lte=moment
    )
    found = Dispatcher.objects.filter(post__in=held.values("post")).order_by("division")
    return list(found.values_list("division", flat=True))


def _kind_of(day: date, planned: set[int]) -> int:
    """Which spans of a week count on a date, as the city's calendar has it."""
    calendar: Calendar = settings.CITY_CALENDAR
    usual = day.isoweekday()
    if day not in calendar.changed or calendar.changed[day] == (usual < 6):
        return usual
    if not calendar.changed[day]:
        return Shift.OFF
    return Shift.MADE_UP if Shift.MADE_UP in planned else 1


def _workers(grid: str, at: datetime) -> list[OnDuty]:
    holders: list[OnDuty] = []
    stand_ins: list[OnDuty] = []
    for post in posts_of_grid(grid):
        if not works(post, at):
            continue
        there = _holders(post, at)
        away = {each.officer_id: each for each in _absences(there, at)}
        holders += [OnDuty(each, post, HOLDER) for each in there if each.pk not in away]
        named = [each.stand_in for each in away.values() if each.stand_in is not None]
        gone = {each.officer_id for each in _absences(named, at)}
        stand_ins += [
            OnDuty(each, post, STAND_IN)
            for each in named
            if each.left_at is None and each.pk not in gone
        ]
    return _once([*holders, *stand_ins])


def _dispatchers(grid: str, at: datetime) -> list[OnDuty]:
    held = places.grid(grid, at=at) or places.grid(grid)
    if held is None:
        return []
    above = [held.division, *(each.code for each in places.wholes_of(held.division))]
    posts = {
        row.division_id: row.post
        for row in Dispatcher.objects.filter(division__in=above).select_related("post__department")
    }
    for code in above:
        if code in posts:
            there = _holders(posts[code], at)
            away = {each.officer_id for each in _absences(there, at)}
            found = [OnDuty(o, posts[code], DISPATCHER) for o in there if o.pk not in away]
            if found:
                return found
    return []


def _holders(post: Post, at: datetime) -> list[Officer]:
    """Who holds the post at the moment and has not left, the longest first."""
    held = Posting.objects.filter(
        Q(until__isnull=True) | Q(until__gt=at), post=post, since__lte=at
    ).order_by("since", "pk")
    officers = {
        each.pk: each
        for each in Officer.objects.filter(pk__in=held.values("officer"), left_at__isnull=True)
    }
    keys = dict.fromkeys(held.values_list("officer", flat=True))
    return [officers[key] for key in keys if key in officers]


def _absences(officers: Iterable[Officer], at: datetime) -> list[Absence]:
    found = Absence.objects.filter(officer__in=list(officers), begins__lte=at, ends__gt=at)
    return list(found.select_related("stand_in").order_by("begins", "pk"))


def _once(found: Iterable[OnDuty]) -> list[OnDuty]:
    """Each officer at their first place."""
    seen: dict[int, OnDuty] = {}
    for each in found:
        seen.setdefault(each.officer.pk, each)
    return list(seen.values())
