"""The plan of shifts as its page shows it: posts, weeks, who is away, what is not covered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.conf import settings

from haihe.base.clock import now
from haihe.kernel.org import queries as org
from haihe.kernel.org.duty import absences_of, grids_of_post, hours
from haihe.kernel.org.models import (
    Absence,
    Department,
    Dispatcher,
    GridPost,
    Officer,
    Post,
    Shift,
    ShiftDay,
)
from haihe.kernel.places import queries as places
from haihe.kernel.places.queries import GridLine


@dataclass(frozen=True)
class PostLine:
    """One post of a department that works grids, as the list shows it."""

    post: Post
    holders: list[Officer]
    grids: list[str]
    today: list[tuple[time, time]]
    absences: list[Absence]
    is_manned: bool


@dataclass(frozen=True)
class Gap:
    """What nobody covers: a grid without a post, or hours today without anybody."""

    kind: str
    grids: list[str]
    post: Post | None = None


def post_lines(department: Department, day: date) -> list[PostLine]:
    """The posts of a department that work grids or have a week, in order."""
    posts = [
        post
        for post in org.posts(department)
        if post.permissions.filter(permission="cases.handle").exists()
    ]
    return [_line(post, day) for post in posts]


def _line(post: Post, day: date) -> PostLine:
    holders = list(org.holders(post))
    absences = [each for holder in holders for each in absences_of(holder)]
    away = {each.officer_id: each for each in absences if _covers(each, day)}
    manned = any(h.pk not in away or away[h.pk].stand_in_id is not None for h in holders)
    return PostLine(post, holders, grids_of_post(post), hours(post, day), absences, manned)


def _covers(absence: Absence, day: date) -> bool:
    """Whether somebody is away in what is left of a day."""
    begins = datetime.combine(day, time(), tzinfo=settings.CITY_CALENDAR.zone)
    return absence.begins < begins + timedelta(days=1) and absence.ends > max(begins, now())


def gaps(department: Department, lines: list[PostLine]) -> list[Gap]:
    """Grids of the department's division that no post works; posts with hours and nobody there."""
    found = []
    worked = set(GridPost.objects.values_list("grid", flat=True))
    bare = [line.code for line in grids_within(department) if line.code not in worked]
    if bare:
        found.append(Gap("bare", bare))
    for line in lines:
        if line.grids and not line.today:
            found.append(Gap("off", line.grids, line.post))
        elif line.grids and not line.is_manned:
            found.append(Gap("away", line.grids, line.post))
    return found


def grids_within(department: Department) -> list[GridLine]:
    """The grids in force of the division that a department governs, in order."""
    top = department.division_id
    if top is None:
        return []
    below = {top}
    for each in places.divisions():
        if each.parent in below:
            below.add(each.code)
    return [line for line in places.grid_index().lines if line.division in below]


def week_text(post: Post) -> str:
    """A post's week as people write it: days of the same spans together."""
    rows = Shift.objects.filter(post=post).order_by("day", "begins")
    by_day = {
        day: ",".join(f"{r.begins:%H:%M}-{r.ends:%H:%M}" for r in spans)
        for day, spans in groupby(rows, key=lambda row: row.day)
    }
    spans: dict[str, list[int]] = {}
    for day, text in by_day.items():
        spans.setdefault(text, []).append(day)
    return "; ".join(f"{','.join(map(str, days))} {text}" for text, days in spans.items())


def days_of(post: Post, since: date) -> list[ShiftDay]:
    """Single days of a post that differ from its week, from a day on."""
    return list(
        ShiftDay.objects.filter(post=post, date__gte=since)
        .prefetch_related("spans")
        .order_by("date")
    )


def dispatched_by(post: Post) -> list[str]:
    """Divisions of which a post is the dispatcher."""
    return list(Dispatcher.objects.filter(post=post).values_list("division", flat=True))
