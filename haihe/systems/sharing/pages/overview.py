"""The overview: what the city exchanges, counted now."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from haihe.base.clock import now
from haihe.kernel.exchange import queries as exchange
from haihe.systems.sharing import queries
from haihe.ui.charts import Choropleth, LineChart, Series
from haihe.ui.doors import officer_page
from haihe.ui.templatetags.house import say

DAYS = 30


@require_GET
@officer_page()
def overview(request: HttpRequest) -> HttpResponse:
    """Figures, map, lines, the latest batches, and who gives and uses most."""
    lines = queries.departments(DAYS, most=6)
    context = {
        "figures": queries.figures(),
        "chart": _line(),
        "map": _map(),
        "batches": exchange.batches()[:6],
        "departments": lines,
        "most": {
            word: max((getattr(each, word) for each in lines), default=0) or 1
            for word in ("given", "got", "calls")
        },
        "days": DAYS,
        "counted_at": now(),
    }
    return render(request, "sharing/overview.html", context)


def _line() -> LineChart:
    days = queries.last_days(DAYS)
    return LineChart(
        key="days",
        title=gettext("Calls and rows by day"),
        head=gettext("Day"),
        labels=[day.day.strftime("%m-%d") for day in days],
        series=[
            Series(gettext("Calls"), [day.calls for day in days]),
            Series(gettext("Rows written"), [day.rows for day in days]),
        ],
    )


def _map() -> Choropleth:
    language = get_language() or "en"
    counted = queries.city_map()
    title = say(counted.resource.title) if counted.resource else gettext("Persons")
    return Choropleth(
        key="districts",
        title=gettext("%(resource)s, by district") % {"resource": title},
        head=gettext("District"),
        unit=gettext("persons"),
        shapes=queries.shapes(language),
        values={queries.named(each, language): each.subjects for each in counted.districts},
    )
