"""By department and day: what moved in every mode, over a period that is chosen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from haihe.base.errors import HaiheError
from haihe.edges.sheets import write_csv, write_xlsx
from haihe.edges.sheets.writing import Values
from haihe.kernel.org.models import Department
from haihe.systems.sharing import queries
from haihe.systems.sharing.flow_filter import FlowFilter
from haihe.systems.sharing.sheets import FLOWS
from haihe.ui.charts import BarChart, Series
from haihe.ui.doors import officer_page
from haihe.ui.templatetags.house import say
from haihe.ui.words import name_of

DAYS = 30
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PERIODS = (7, 30, 90, 365)


@require_GET
@officer_page()
def flows(request: HttpRequest) -> HttpResponse:
    """Rows gathered and delivered as tables and files, and calls: by department, by day."""
    form = FlowFilter(request.GET or None, today=queries.today(), days=DAYS)
    since, until, side, department = form.asked()
    found: list[queries.Flow] = []
    try:
        found = queries.flows(since, until, step=queries.step_of(since, until))
    except HaiheError as fault:
        form.refuse(fault)
    if department:
        found = queries.of_department(found, department)
    total = queries.totals(found).counts
    chosen = {"department": department, "side": side}
    context = {
        "form": form,
        "side": side,
        "total": [(*how, count) for how, count in zip(_shown(), total, strict=True)],
        "lines": _lines(queries.flows_by_department(found, side), side),
        "charts": _charts(queries.flows_by_day(found, since, until)) if found else [],
        "query": urlencode({"first": since, "last": until, **chosen}),
        "periods": _periods(since, until, chosen),
    }
    return render(request, "sharing/flows.html", context, status=422 if form.errors else 200)


@require_GET
@officer_page()
def flows_sheet(request: HttpRequest, form: str) -> HttpResponse:
    """The same as a workbook or as CSV: a line for each day, giver, receiver and mode."""
    asked = FlowFilter(request.GET or None, today=queries.today(), days=DAYS)
    since, until, _, department = asked.asked()
    found = queries.flows(since, until)
    if department:
        found = queries.of_department(found, department)
    language = (get_language() or "en").split("-", maxsplit=1)[0]
    if form == "xlsx":
        content, kind = write_xlsx([(FLOWS, _rows(found))], language=language), XLSX
    else:
        content, kind = write_csv(FLOWS, _rows(found), language=language), "text/csv"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{_file_name(since, until)}.{form}"'
    return answer


def _file_name(since: date, until: date) -> str:
    return f"moved-{since:%Y%m%d}-{until:%Y%m%d}"


def _rows(found: Iterable[queries.Flow]) -> Iterable[Values]:
    names = {each.code: say(each.name) for each in Department.objects.all()}
    for each in found:
        yield {
            "day": each.day,
            "giver": each.giver,
            "giver_name": names.get(each.giver, ""),
            "receiver": each.receiver,
            "receiver_name": names.get(each.receiver, ""),
            "mode": name_of("flow", each.mode),
            "count": each.count,
        }


def _shown() -> list[tuple[str, str, str]]:
    """Of each mode its name, icon and colour."""
    looks = (("database", "teal"), ("table", "blue"), ("file-text", "violet"), ("api", "cyan"))
    named = (name_of("flow", mode) for mode in queries.MODES)
    return [(name, *look) for name, look in zip(named, looks, strict=True)]


def _lines(lines: list[queries.FlowLine], side: str) -> list[tuple[str, list[tuple[str, int]]]]:
    """Each department's name, and its counts under the names of the modes."""
    nobody = gettext("Services that are no more")
    if side == queries.RECEIVING:
        nobody = gettext("The city's lake")
    names = {each.code: say(each.name) for each in Department.objects.all()}
    modes = [name for name, _, _ in _shown()]
    return [
        (names.get(line.of, line.of) or nobody, list(zip(modes, line.counts, strict=True)))
        for line in lines
    ]


def _periods(since: date, until: date, chosen: dict[str, str]) -> list[dict[str, Any]]:
    """The periods that can be had at a push: days up to today."""
    today = queries.today()
    begins = {days: today - timedelta(days=days - 1) for days in PERIODS}
    return [
        {
            "days": days,
            "is_current": (since, until) == (first, today),
            "query": urlencode({"first": first, "last": today, **chosen}),
        }
        for days, first in begins.items()
    ]


def _charts(days: list[queries.FlowLine]) -> list[BarChart]:
    """Rows stacked by mode, and calls apart: they have another unit."""
    labels = [line.of if len(line.of) < 8 else line.of[5:] for line in days]
    series = [
        Series(name_of("flow", mode), [line.counts[place] for line in days])
        for place, mode in enumerate(queries.MODES)
    ]
    return [
        BarChart(
            "rows", gettext("Rows by mode"), gettext("Day"), labels, series[:-1], is_stacked=True
        ),
        BarChart("calls", gettext("Calls answered"), gettext("Day"), labels, series[-1:]),
    ]
