"""Reads of shifts: who is on duty in a grid at a moment, in the order in which they are asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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
    return on_duty_in([grid], at)[grid]


def on_duty_in(grids: Collection[str], at: datetime | None = None) -> dict[str, list[OnDuty]]:
    """Who is to be asked about each of many grids, as ``on_duty`` says it of one.

    Where workers are on shift it takes the same few queries for all; where there are none, a few
    more for each division.
    """
    moment = at or now()
    found = _workers(grids, moment)
    above: dict[str, list[OnDuty]] = {}
    alone = [grid for grid in grids if not found[grid]]
    lines = places.lines_of(alone, at=moment) if alone else {}
    for grid in alone:
        held = lines.get(grid) or places.grid(grid)
        if held is None:
            continue
        if held.division not in above:
            above[held.division] = _dispatchers(held.division, moment)
        found[grid] = above[held.division]
    return found


def works(post: Post, at: datetime) -> bool:
    """Whether a moment lies in a post's shift, by its week, its single days and the calendar."""
    return post.pk in _working([post.pk], at)


def hours(post: Post, day: date) -> list[tuple[time, time]]:
    """The spans of a post that begin on a date, in the city's time, in order."""
    return _Weeks([post.pk], [day]).hours(post.pk, day)


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


class _Weeks:
    """What several posts work on some dates: read at once, asked one by one."""

    def __init__(self, posts: Collection[int], days: Collection[date]) -> None:
        special = ShiftDay.objects.filter(post__in=posts, date__in=days).prefetch_related("spans")
        self._special = {
            (each.post_id, each.date): sorted((s.begins, s.ends) for s in each.spans.all())
            for each in special
        }
        self._weeks: dict[int, list[tuple[int, time, time]]] = {}
        rows = Shift.objects.filter(post__in=posts).values_list("post", "day", "begins", "ends")
        for post, *span in rows:
            self._weeks.setdefault(post, []).append(tuple(span))  # type: ignore[arg-type]

    def hours(self, post: int, day: date) -> list[tuple[time, time]]:
        """The spans of a post that begin on a date."""
        special = self._special.get((post, day))
        if special is not None:
            return special
        rows = self._weeks.get(post, [])
        wanted = _kind_of(day, {row[0] for row in rows})
        return sorted((begins, ends) for kind, begins, ends in rows if kind == wanted)


def _working(posts: Collection[int], at: datetime) -> set[int]:
    """Those of the posts in whose shift a moment lies."""
    calendar: Calendar = settings.CITY_CALENDAR
    local = at.astimezone(calendar.zone)
    today, clock = local.date(), local.time()
    before = today - timedelta(days=1)
    weeks = _Weeks(posts, [today, before])
    return {
        post
        for post in posts
        if any(b <= clock and (e <= b or clock < e) for b, e in weeks.hours(post, today))
        or any(e <= b and clock < e for b, e in weeks.hours(post, before))
    }


def _workers(grids: Collection[str], at: datetime) -> dict[str, list[OnDuty]]:
    """Of each grid its workers on shift, then who stands in for those away; maybe none."""
    held = GridPost.objects.filter(grid__in=grids).select_related("post__department")
    posts: dict[str, list[Post]] = {grid: [] for grid in grids}
    for row in held.order_by("post"):
        posts[row.grid].append(row.post)
    working = _working({post.pk for each in posts.values() for post in each}, at)
    there = _holders(working, at)
    away = _absences([each for found in there.values() for each in found], at)
    named = [each.stand_in for each in away.values() if each.stand_in is not None]
    gone = _absences(named, at)
    found: dict[str, list[OnDuty]] = {}
    for grid, theirs in posts.items():
        pairs = [(each, post) for post in theirs for each in there.get(post.pk, [])]
        holders = [OnDuty(each, post, HOLDER) for each, post in pairs if each.pk not in away]
        stand_ins = [
            OnDuty(each, post, STAND_IN)
            for post in theirs
            for each in _named_by(away, there.get(post.pk, []))
            if each.left_at is None and each.pk not in gone
        ]
        found[grid] = _once([*holders, *stand_ins])
    return found


def _named_by(away: Mapping[int, Absence], officers: Iterable[Officer]) -> list[Officer]:
    """Who stands in for those of the officers who are away, the longest away first."""
    keys = {each.pk for each in officers}
    found = (each.stand_in for key, each in away.items() if key in keys)
    return [each for each in found if each is not None]


def _dispatchers(division: str, at: datetime) -> list[OnDuty]:
    above = [division, *(each.code for each in places.wholes_of(division))]
    posts = {
        row.division_id: row.post
        for row in Dispatcher.objects.filter(division__in=above).select_related("post__department")
    }
    for code in above:
        if code in posts:
            there = _holders([posts[code].pk], at).get(posts[code].pk, [])
            away = _absences(there, at)
            found = [OnDuty(o, posts[code], DISPATCHER) for o in there if o.pk not in away]
            if found:
                return found
    return []


def _holders(posts: Collection[int], at: datetime) -> dict[int, list[Officer]]:
    """Who holds each post at the moment and has not left, the longest first."""
    held = Posting.objects.filter(
        Q(until__isnull=True) | Q(until__gt=at),
        post__in=posts,
        since__lte=at,
        officer__left_at__isnull=True,
    )
    found: dict[int, dict[int, Officer]] = {}
    for row in held.select_related("officer").order_by("since", "pk"):
        found.setdefault(row.post_id, {}).setdefault(row.officer_id, row.officer)
    return {post: list(officers.values()) for post, officers in found.items()}


def _absences(officers: Iterable[Officer], at: datetime) -> Mapping[int, Absence]:
    """The absence of each officer who is away, by the officer's key; of several the last begun."""
    found = Absence.objects.filter(officer__in=list(officers), begins__lte=at, ends__gt=at)
    rows = found.select_related("stand_in").order_by("begins", "pk")
    return {each.officer_id: each for each in rows}


def _once(found: Iterable[OnDuty]) -> list[OnDuty]:
    """Each officer at their first place."""
    seen: dict[int, OnDuty] = {}
    for each in found:
        seen.setdefault(each.officer.pk, each)
    return list(seen.values())
