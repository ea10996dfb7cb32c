"""Plans shifts: which grids a post works, its week, single days, and who dispatches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, time
from itertools import pairwise

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Dispatcher, GridPost, Post, Shift, ShiftDay, ShiftDaySpan
from haihe.kernel.org.shift_declare import Span
from haihe.kernel.org.shift_errors import BadSpan, NoGrid, OtherDepartment
from haihe.kernel.places import queries as places

Hours = Sequence[tuple[time, time]]
_DAY_S = 24 * 3600


def cover_grids(*, by: Actor, post: Post, grids: Collection[str]) -> int:
    """Make a post work just these grids; answers how many are new or gone.

    Errors: ``org.shift.other_department``, ``org.shift.no_grid``.
    """
    by.must("org.shift.plan")
    _must_own(by, post)
    with transaction.atomic():
        _hold(post)
        known = set(GridPost.objects.filter(post=post).values_list("grid", flat=True))
        new, gone = set(grids) - known, known - set(grids)
        missing = new - places.codes_in_force(new)
        if missing:
            raise NoGrid(f"There is no grid {min(missing)} now.")
        GridPost.objects.filter(post=post, grid__in=gone).delete()
        GridPost.objects.bulk_create(GridPost(post=post, grid=each) for each in sorted(new))
        if new or gone:
            body = {"post": post.pk, "new": sorted(new), "gone": sorted(gone)}
            ledger.record(by=by, kind="org.shift.grids", body=body)
    return len(new) + len(gone)


def plan_week(*, by: Actor, post: Post, spans: Sequence[Span]) -> bool:
    """Make these the spans of a post's week; answers whether anything changed.

    Days that the city's calendar changes follow the spans of day 8 or 9; a make-up day without
    spans of its own follows Monday's.
    Errors: ``org.shift.other_department``, ``org.shift.bad_span``.
    """
    by.must("org.shift.plan")
    _must_own(by, post)
    for day in {span.day for span in spans}:
        if not 1 <= day <= Shift.MADE_UP:
            raise BadSpan
        _must_fit([(span.begins, span.ends) for span in spans if span.day == day])
    with transaction.atomic():
        _hold(post)
        rows = Shift.objects.filter(post=post)
        if sorted(spans) == sorted(Span(row.day, row.begins, row.ends) for row in rows):
            return False
        rows.delete()
        Shift.objects.bulk_create(
            Shift(post=post, day=span.day, begins=span.begins, ends=span.ends) for span in spans
        )
        body = {"post": post.pk, "week": [_said(span) for span in sorted(spans)]}
        ledger.record(by=by, kind="org.shift.week", body=body)
    return True


def plan_day(*, by: Actor, post: Post, day: date, hours: Hours | None) -> None:
    """Make a post work these hours on a date, whatever its week says: none for a day off.

    ``None`` takes the exception back: the week counts again.
    Errors: ``org.shift.other_department``, ``org.shift.bad_span``.
    """
    by.must("org.shift.plan")
    _must_own(by, post)
    _must_fit(hours or ())
    with transaction.atomic():
        _hold(post)
        ShiftDay.objects.filter(post=post, date=day).delete()
        if hours is not None:
            made = ShiftDay.objects.create(post=post, date=day)
            ShiftDaySpan.objects.bulk_create(
                ShiftDaySpan(shift_day=made, begins=begins, ends=ends) for begins, ends in hours
            )
        told = None if hours is None else [f"{a:%H:%M}-{b:%H:%M}" for a, b in hours]
        body = {"post": post.pk, "day": day.isoformat(), "hours": told}
        ledger.record(by=by, kind="org.shift.day", body=body)


def set_dispatcher(*, by: Actor, division: str, post: Post) -> bool:
    """Make a post the dispatcher of a division; answers whether it was another before.

    Errors: ``org.shift.other_department``, ``places.division.unknown``.
    """
    by.must("org.dispatcher.set")
    _must_own(by, post)
    places.division(division)
    with transaction.atomic():
        _hold(post)
        if Dispatcher.objects.filter(division=division, post=post).exists():
            return False
        Dispatcher.objects.update_or_create(division_id=division, defaults={"post": post})
        body = {"division": division, "post": post.pk}
        ledger.record(by=by, kind="org.dispatcher.set", body=body)
    return True


def _must_own(by: Actor, post: Post) -> None:
    """Officers plan for their own department; whoever sets the house up, for all."""
    if by.kind == "officer" and by.department != post.department_id:
        raise OtherDepartment


def _hold(post: Post) -> None:
    """Let no other plan of the post run until this transaction ends."""
    Post.objects.select_for_update().get(pk=post.pk)


def _must_fit(hours: Hours) -> None:
    """Refuse spans of one day that overlap, also past midnight."""
    spans = sorted((_second(begins), _ending(begins, ends)) for begins, ends in hours)
    for (_, ends), (begins, _) in pairwise(spans):
        if begins < ends:
            raise BadSpan


def _ending(begins: time, ends: time) -> int:
    return _second(ends) + (_DAY_S if ends <= begins else 0)


def _second(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _said(span: Span) -> str:
    return f"{span.day} {span.begins:%H:%M}-{span.ends:%H:%M}"
