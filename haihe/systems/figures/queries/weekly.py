"""What a weekly report says, as plain texts in one language; and which ones were filed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from haihe.base.clock import now
from haihe.kernel.cases.queries import figures
from haihe.kernel.cases.queries.figures import LEAST, Span, UnitFigures
from haihe.systems.figures.declare import SHOWN_AGAIN, SHOWN_OVERDUE, SHOWN_SPOTS
from haihe.systems.figures.errors import UnknownWeekly
from haihe.systems.figures.models import WeeklyReport
from haihe.systems.figures.queries import tables, words
from haihe.systems.figures.queries.scope import DEPARTMENT, Asked, levels_below, midnight
from haihe.systems.figures.queries.tables import UnitLine
from haihe.ui.maps import approval_number
from haihe.ui.templatetags.house import say

WEEK = timedelta(days=7)
_SHOWN_DAYS = 28


def weeklies(scope: str) -> QuerySet[WeeklyReport]:
    """The weekly reports that an officer of a scope may read, the newest first."""
    found = WeeklyReport.objects.select_related("division", "file")
    if scope:
        found = found.filter(Q(division=scope) | Q(division__parent=scope))
    return found.order_by("-week", "division", "-made_at")


def filed(key: UUID) -> WeeklyReport:
    """One weekly report; ``figures.weekly.unknown``."""
    row = WeeklyReport.objects.select_related("division", "file").filter(pk=key).first()
    if row is None:
        raise UnknownWeekly
    return row


def has_weekly(week: date, division: str, language: str) -> bool:
    """Whether the report of a week and division was filed in a language."""
    rows = WeeklyReport.objects.filter(week=week, division=division or None, language=language)
    return rows.exists()


def weekly_values(week: date, division: str) -> dict[str, Any]:
    """The report of the week from that Monday on, in the language that is active.

    All texts but the chart's counts. Numbers are as they stand now, those of the week before too.
    """
    this, before = _span(week, division), _span(week - WEEK, division)
    return {
        "title": gettext("Weekly report on reports and their handling"),
        "about": _about(week, division),
        "head": _headline(figures.whole(this), figures.whole(before)),
        "head_words": [gettext("Figure"), gettext("This week"), gettext("Week before"),
                       gettext("Difference")],
        "head_title": gettext("In short"),
        "chart": _chart(week, division),
        "tables": [*_rankings(week, division), _categories(this, before), _spots(this),
                   _again(this)],
        "overdue": _overdue(this),
        "definitions": _definitions(),
        "words": {"page": gettext("Page"), "none": gettext("None.")},
    }  # fmt: skip


def _span(week: date, division: str) -> Span:
    return Span(midnight(week), midnight(week + WEEK), division)


def _about(week: date, division: str) -> list[str]:
    name = words.division_names([division]).get(division, "") if division else ""
    moment = timezone.localtime(now(), settings.CITY_CALENDAR.zone)
    return [
        name or str(say(settings.CITY["name"])),
        gettext("Week %(week)s: reports filed from %(first)s to %(last)s")
        % {
            "week": f"{week:%G-W%V}",
            "first": week.isoformat(),
            "last": (week + WEEK - timedelta(days=1)).isoformat(),
        },
        gettext("As counted at %(moment)s") % {"moment": f"{moment:%Y-%m-%d %H:%M}"},
    ]


_COUNTS = ("filed", "answered_in_time", "solved", "overdue", "sent_back", "reopened", "rated")


def _headline(this: UnitFigures, before: UnitFigures) -> list[list[str]]:
    """Each figure with that of the week before and the change, in counts or percentage points."""
    rows = []
    for name in _COUNTS:
        now_, then = getattr(this, name), getattr(before, name)
        rows.append(
            [str(words.MEASURES[name]), f"{now_:,}", f"{then:,}", words.change(now_ - then)]
        )
    now_rates, then_rates = UnitLine(None, "", this).rates, UnitLine(None, "", before).rates
    for name, title in words.RATES.items():
        rate, then = now_rates[name], then_rates[name]
        change = "—" if rate is None or then is None else words.points(rate - then)
        rows.append([str(title), words.percent(rate), words.percent(then), change])
    median, then_median = this.median_hours, before.median_hours
    known = median is not None and then_median is not None
    rows.append(
        [
            gettext("Median hours to the answer"), words.hours(median), words.hours(then_median),
            f"{median - then_median:+,.1f}" if known else "—",
        ]
    )  # fmt: skip
    return rows


def _chart(week: date, division: str) -> dict[str, Any]:
    """Reports a day over four weeks; the report's own week are the last seven."""
    first = week + WEEK - timedelta(days=_SHOWN_DAYS)
    found = figures.trend(Span(midnight(first), midnight(week + WEEK), division))
    totals = found.totals
    total, most = sum(totals[-7:]), max(totals)
    return {
        "title": gettext("Reports a day, last four weeks"),
        "labels": [f"{day:%m-%d}" for day in found.days],
        "values": totals,
        "week": 7,
        "alt": gettext("Bars of reports a day: %(total)s in the week, %(most)s on the fullest day.")
        % {"total": total, "most": most},
        "key": [gettext("the weeks before"), gettext("this week")],
    }


def _rankings(week: date, division: str) -> list[dict[str, Any]]:
    first, last = week, week + WEEK - timedelta(days=1)
    found = [
        _ranking(Asked(first, last, division, str(level)), str(say(name)))
        for level, name in levels_below(division)[:1]
    ]
    departments = gettext("Departments, by their tasks")
    return [*found, _ranking(Asked(first, last, division, DEPARTMENT), departments)]


def _ranking(asked: Asked, title: str) -> dict[str, Any]:
    heads = [
        "", gettext("Unit"), words.MEASURES["filed"], words.MEASURES["solved"],
        words.MEASURES["overdue"], words.MEASURES["sent_back"], words.MEASURES["reopened"],
        *words.RATES.values(), words.MEASURES["rated"], gettext("Median hours"),
    ]  # fmt: skip
    rows = [
        [
            str(line.rank or ""), line.name,
            *(f"{getattr(line.unit, n):,}" for n in ("filed", "solved", "overdue", "sent_back",
                                                     "reopened")),
            *(words.percent(rate) for rate in line.rates.values()),
            f"{line.unit.rated:,}", line.hours,
        ]
        for line in tables.ranking(asked)
    ]  # fmt: skip
    return _table(gettext("Ranking: %(units)s") % {"units": title}, heads, rows, wide=1)


def _categories(this: Span, before: Span) -> dict[str, Any]:
    counts, then = (
        {code: sum(each) for code, each in figures.trend(span).counts.items()}
        for span in (this, before)
    )
    names = words.item_names({*counts, *then})
    codes = sorted({*counts, *then}, key=lambda code: (-counts.get(code, 0), code))
    rows = [
        [
            names.get(code, code), f"{counts.get(code, 0):,}", f"{then.get(code, 0):,}",
            words.change(counts.get(code, 0) - then.get(code, 0)),
        ]
        for code in codes
    ]  # fmt: skip
    heads = [
        gettext("Category"),
        gettext("This week"),
        gettext("Week before"),
        gettext("Difference"),
    ]
    return _table(gettext("By category"), heads, rows)


def _spots(this: Span) -> dict[str, Any]:
    rows = [
        [str(line.rank), line.place, line.headings, f"{line.spot.filed:,}", f"{line.spot.open:,}"]
        for line in tables.spot_lines(this, most=SHOWN_SPOTS)
    ]
    heads = ["", gettext("Place"), gettext("Categories"), gettext("Reports"), gettext("Open")]
    title = gettext("Hot spots: squares of %(metres)s m") % {"metres": figures.CELL_M}
    return _table(title, heads, rows, wide=2, left=3)


def _again(this: Span) -> dict[str, Any]:
    rows = [
        [
            line.place, line.item, str(line.found.times), f"{_day(line.found.first_at)}",
            f"{_day(line.found.last_at)}", str(line.found.solved_before),
        ]
        for line in tables.again_lines(this, most=SHOWN_AGAIN)
    ]  # fmt: skip
    heads = [
        gettext("Place"), gettext("Item"), gettext("Times"), gettext("First"), gettext("Last"),
        gettext("Solved before"),
    ]  # fmt: skip
    title = gettext("Again at the same place: within %(metres)s m and %(days)s days") % {
        "metres": figures.AGAIN_METRES,
        "days": figures.AGAIN_DAYS,
    }
    return _table(title, heads, rows, left=2, wide=1)


def _overdue(this: Span) -> dict[str, Any]:
    """Overdue reports by number alone: a title may name somebody."""
    total = figures.whole(this).overdue
    keys = figures.cases_behind(this, "overdue", most=SHOWN_OVERDUE)
    more = total - len(keys)
    said = ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more} if more > 0 else ""
    title = gettext("Overdue, by number: %(total)s") % {"total": f"{total:,}"}
    return {"title": title, "numbers": [str(key) for key in keys], "more": said}


def _definitions() -> list[str]:
    return [
        gettext("Response rate: of the reports that were answered (verified, refused or opened) or"
                " whose time for it ran out, those answered in time. Of departments: of the tasks"
                " that were done or sent back or whose time ran out, those in time."),
        gettext("Resolution rate: of the reports solved or open beyond a time limit, those solved."
                " Withdrawn and refused ones are in no rate."),
        gettext("Satisfaction rate: of all ratings, those of four and five."),
        gettext("No rate is shown where fewer than %(least)s cases or ratings stand behind it.")
        % {"least": LEAST},
        gettext("Numbers go on changing while reports of the week are being handled. Units are"
                " compared, never persons."),
        *([approval_number()] if approval_number() else []),
    ]  # fmt: skip


def _day(moment: Any) -> str:
    return f"{timezone.localtime(moment, settings.CITY_CALENDAR.zone):%m-%d}"


def _table(
    title: str, heads: Iterable[Any], rows: list[list[str]], *, wide: int = 0, left: int = 0
) -> dict[str, Any]:
    """A table; column ``wide`` takes the room that is left, the first ``left`` are set left."""
    return {
        "title": title,
        "heads": [str(each) for each in heads],
        "rows": rows,
        "wide": wide,
        "left": max(left, wide + 1),
    }
