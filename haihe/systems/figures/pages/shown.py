"""Rankings, trend, hot spots and recurrences; the cases behind a number; tables as files."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from haihe.base.clock import now
from haihe.kernel.cases.queries import figures
from haihe.systems.figures import queries
from haihe.systems.figures.errors import NoSuchTable
from haihe.systems.figures.forms import Filter
from haihe.systems.figures.queries import Asked, tables, words
from haihe.systems.figures.queries.scope import DEPARTMENT
from haihe.ui.addresses import address_of
from haihe.ui.charts import BarChart, Series
from haihe.ui.doors import officer_page
from haihe.ui.files import csv_file
from haihe.ui.maps import Pin, is_schematic, map_of

PAGE = 50
_MOST_BARS = 20
_LINKED = ("filed", "answered_in_time", "solved", "overdue", "satisfied", "sent_back", "reopened")


@require_GET
@officer_page("figures.read")
def units(request: HttpRequest) -> HttpResponse:
    """The figures of the whole, and the units ranked by a rate."""
    asked, context = _asked(request, "units")
    lines = queries.ranking(asked)
    whole = queries.whole(asked.span)
    context |= {
        "whole": whole,
        "whole_cells": _cells(asked, None, whole.unit),
        "lines": [(line, _cells(asked, line.unit.part, line.unit)) for line in lines],
        "columns": [words.MEASURES[name] for name in _columns(asked)],
        "rates": words.RATES,
        "chart": _bars(lines[:_MOST_BARS]) if lines else None,
        "sort": asked.sort,
    }
    return render(request, "figures/units.html", context)


@require_GET
@officer_page("figures.read")
def trend(request: HttpRequest) -> HttpResponse:
    """Reports day by day or week by week, by category or class."""
    asked, context = _asked(request, "trend")
    found, names = queries.shown_trend(asked)
    labels = [day.strftime("%m-%d") for day in found.days]
    series = [Series(name, counts) for name, counts in queries.stacked(found, names)]
    title = gettext("Reports filed")
    chart = BarChart("trend", title, gettext("Day"), labels, series, is_stacked=True)
    context |= {
        "chart": chart if series else None,
        "totals": [(names.get(code, code), sum(each)) for code, each in found.counts.items()],
    }
    return render(request, "figures/trend.html", context)


@require_GET
@officer_page("figures.read")
def spots(request: HttpRequest) -> HttpResponse:
    """Where most is reported: on a map and as an equal list."""
    asked, context = _asked(request, "spots")
    lines = queries.spot_lines(asked.span)
    rows = [(line, _address(asked, y=line.spot.y, x=line.spot.x)) for line in lines]
    most = max((line.spot.filed for line in lines), default=1)
    pins = [
        Pin(
            line.spot.longitude, line.spot.latitude, "WGS-84",
            f"{line.rank}. {line.place}: {line.spot.filed}", "red", address,
            radius=round(8 + 18 * (line.spot.filed / most) ** 0.5),
        )
        for line, address in reversed(rows)
    ]  # fmt: skip
    context |= {
        "lines": rows,
        "map": map_of(pins),
        "is_schematic": is_schematic(),
        "cell": figures.CELL_M,
    }
    return render(request, "figures/spots.html", context)


@require_GET
@officer_page("figures.read")
def again(request: HttpRequest) -> HttpResponse:
    """Where the same was reported again: the third time, or more."""
    asked, context = _asked(request, "again")
    context |= {
        "lines": [
            (line, [address_of("cases.case", key) for key in line.keys])
            for line in queries.again_lines(asked.span)
        ],
        "metres": figures.AGAIN_METRES,
        "days": figures.AGAIN_DAYS,
        "times": figures.AGAIN_TIMES,
    }
    return render(request, "figures/again.html", context)


@require_GET
@officer_page("figures.read")
def cases(request: HttpRequest) -> HttpResponse:
    """The cases behind a number, the newest first; each opens for whoever has a part in it.

    Without a number asked for it leads to where the numbers stand.
    """
    if not request.GET:
        return redirect("figures:units")
    asked, context = _asked(request, "units")
    after = _whole(request, "after")
    keys, title = _behind(request, asked, after)
    lines = queries.case_lines(keys[:PAGE])
    context |= {
        "title": title,
        "lines": [(line, address_of("cases.case", line.case.pk)) for line in lines],
        "after": after + PAGE if len(keys) > PAGE else None,
        "before": max(0, after - PAGE) if after else None,
        "start": after + 1,
    }
    return render(request, "figures/cases.html", context)


@require_GET
@officer_page("figures.read")
def table(request: HttpRequest, name: str) -> HttpResponse:
    """The table of a page as a CSV file: counts of units and places, so nothing of a person."""
    if name not in queries.TABLES:
        raise NoSuchTable
    asked, _ = _asked(request, name)
    return csv_file(f"{name}.csv", queries.TABLES[name](asked))


def _asked(request: HttpRequest, page: str) -> tuple[Asked, dict[str, Any]]:
    """What is asked for, within what the officer may read, and what every page shows of it."""
    scope = queries.scope_of(request.actor)
    queries.must_lie_in(scope, request.GET.get("division") or scope)
    form = Filter(request.GET, scope=scope)
    form.is_valid()  # what is not valid is left out
    asked = queries.asked(form.cleaned_data, scope)
    shown = Filter(asked.query, scope=scope)
    query = urlencode(asked.query)
    context = {
        "form": shown,
        "page": page,
        "query": query,
        "counted_at": now(),
        "file": reverse("figures:table", args=[page]),
    }
    return asked, context


def _columns(asked: Asked) -> tuple[str, ...]:
    return ("filed", "led", *_LINKED[1:]) if asked.of == DEPARTMENT else _LINKED


def _cells(asked: Asked, part: str | None, unit: figures.UnitFigures) -> list[tuple[Any, int, str]]:
    """The counts of a unit (of the whole for no part): title, count, address of the cases."""
    found = []
    for measure in _LINKED if part is None else _columns(asked):
        named = {} if part is None else {"part": part}
        address = _address(asked, measure=measure, **named)
        found.append((words.MEASURES[measure], getattr(unit, measure), address))
    return found


def _address(asked: Asked, **more: object) -> str:
    return f"{reverse('figures:cases')}?{urlencode({**asked.query, **more})}"


def _bars(lines: list[tables.UnitLine]) -> BarChart:
    return BarChart(
        "rates",
        gettext("Rates in percent"),
        gettext("Unit"),
        [line.name for line in lines],
        [
            Series(str(title), [_tenth(line.rates[name]) for line in lines])
            for name, title in words.RATES.items()
        ],
        is_lying=True,
        most=100,
    )


def _tenth(permille: int | None) -> float | None:
    return None if permille is None else permille / 10


def _behind(request: HttpRequest, asked: Asked, after: int) -> tuple[list[Any], str]:
    """The keys of a page's cases and one more if there are more, and what they are."""
    given = request.GET
    which = {"most": PAGE + 1, "after": after}
    if "y" in given:
        y, x = _whole(request, "y", least=None), _whole(request, "x", least=None)
        return figures.cases_at(asked.span, y=y, x=x, **which), gettext("Reports of a hot spot")
    measure, part = given.get("measure", ""), given.get("part")
    title = str(words.MEASURES.get(measure, measure))
    if part is None:
        return figures.cases_behind(asked.span, measure, **which), title
    if asked.of == DEPARTMENT:
        name = words.department_names().get(part, part)
        found = figures.cases_behind(asked.span, measure, department=part, **which)
    else:
        name = words.division_names([part]).get(part, part)
        found = figures.cases_behind(
            asked.span, measure, division=part, level=asked.level, **which
        )  # fmt: skip
    return found, f"{name}: {title}"


def _whole(request: HttpRequest, name: str, *, least: int | None = 0) -> int:
    try:
        found = int(request.GET.get(name) or 0)
    except ValueError:
        found = 0
    found = max(-(10**9), min(found, 10**9))
    return found if least is None else max(found, least)
