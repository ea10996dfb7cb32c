"""Who works which grid, and when: posts of a department, weeks, single days, stand-ins, gaps."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from haihe.base.clock import now
from haihe.base.errors import BadInput
from haihe.kernel.org import actions
from haihe.kernel.org import queries as org
from haihe.kernel.org.models import Absence, Post
from haihe.kernel.org.shift_declare import week
from haihe.kernel.places.queries import today
from haihe.systems.grid.declare import SHIFTS
from haihe.systems.grid.forms.shifts import AbsenceForm, DayForm, WeekForm
from haihe.systems.grid.queries import shifts as queries
from haihe.ui.doors import officer_page
from haihe.ui.failures import said

STAND_INS, DISPATCHERS = "org.stand_in.name", "org.dispatcher.set"


@require_GET
@officer_page(SHIFTS)
def shifts(request: HttpRequest) -> HttpResponse:
    """The posts of the planner's department, and what nobody covers today."""
    department = org.department(request.actor.department)
    day = today()
    lines = queries.post_lines(department, day)
    context = {
        "department": department,
        "day": day,
        "rows": lines,
        "gaps": queries.gaps(department, lines),
        "absences": [each for line in lines for each in line.absences],
        "absence_form": AbsenceForm(department=department.pk, initial={"first": day, "last": day}),
    }
    return render(request, "grid/shifts.html", context)


@require_GET
@officer_page(SHIFTS)
def post(request: HttpRequest, key: int) -> HttpResponse:
    """One post: its grids, its week, the days that differ."""
    found = _own(request, key)
    grids = queries.grids_of_post(found)
    initial = {"grids": " ".join(grids), "week": queries.week_text(found)}
    context = {
        "post": found,
        "holders": list(org.holders(found)),
        "week_form": WeekForm(initial=initial),
        "day_form": DayForm(initial={"day": today()}),
        "days": queries.days_of(found, today()),
        "dispatched": queries.dispatched_by(found),
    }
    return render(request, "grid/post.html", context)


@require_POST
@officer_page(SHIFTS)
def plan_week(request: HttpRequest, key: int) -> HttpResponse:
    """Set a post's grids and week."""
    found = _own(request, key)
    form = WeekForm(request.POST)
    with said(request, gettext("The post works so from now on.")):
        if not form.is_valid():
            raise BadInput
        chosen = form.cleaned_data
        spans = week(chosen["week"])
        actions.cover_grids(by=request.actor, post=found, grids=chosen["grids"].split())
        actions.plan_week(by=request.actor, post=found, spans=spans)
    return redirect("grid:post", key=key)


@require_POST
@officer_page(SHIFTS)
def plan_day(request: HttpRequest, key: int) -> HttpResponse:
    """Set a single day, or take it back."""
    found = _own(request, key)
    form = DayForm(request.POST)
    with said(request, gettext("The day is set.")):
        if not form.is_valid():
            raise BadInput
        day = form.cleaned_data["day"]
        text = form.cleaned_data["hours"].strip()
        spans = [(s.begins, s.ends) for s in week(f"1 {text}")] if text else []
        hours = None if "back" in request.POST else spans
        actions.plan_day(by=request.actor, post=found, day=day, hours=hours)
    return redirect("grid:post", key=key)


@require_POST
@officer_page(STAND_INS)
def away(request: HttpRequest) -> HttpResponse:
    """Somebody is away; another stands in, or nobody."""
    form = AbsenceForm(request.POST, department=request.actor.department)
    with said(request, gettext("Noted. The stand-in has the tasks of that time.")):
        if not form.is_valid():
            raise BadInput
        chosen = form.cleaned_data
        actions.name_stand_in(
            by=request.actor,
            officer=chosen["officer"],
            stand_in=chosen["stand_in"],
            begins=max(_midnight(chosen["first"]), now()),
            ends=_midnight(chosen["last"] + timedelta(days=1)),
        )
    return redirect("grid:shifts")


@require_POST
@officer_page(STAND_INS)
def back(request: HttpRequest, key: int) -> HttpResponse:
    """Somebody is back early."""
    absence = get_object_or_404(Absence.objects.select_related("officer"), pk=key)
    with said(request, gettext("Back; the stand-in stands in no longer.")):
        actions.end_absence(by=request.actor, absence=absence)
    return redirect("grid:shifts")


@require_POST
@officer_page(DISPATCHERS)
def dispatcher(request: HttpRequest, key: int) -> HttpResponse:
    """Make a post the dispatcher of a division."""
    found = _own(request, key)
    with said(request, gettext("What nobody on duty takes now comes to this post.")):
        division = request.POST.get("division", "").strip()
        actions.set_dispatcher(by=request.actor, division=division, post=found)
    return redirect("grid:post", key=key)


def _own(request: HttpRequest, key: int) -> Post:
    found = Post.objects.select_related("department").filter(pk=key).first()
    if found is None or found.department_id != request.actor.department:
        raise Http404
    return found


def _midnight(day: datetime) -> datetime:
    return datetime.combine(day, time(), tzinfo=settings.CITY_CALENDAR.zone)
