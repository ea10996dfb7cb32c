"""Figures of reports: every number counted another way, from histories; none of a named worker."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from inspect import signature
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from haihe.kernel.cases import queries
from haihe.kernel.cases.errors import BadSpan, UnknownMeasure
from haihe.kernel.cases.internals.timing import city_calendar
from haihe.kernel.cases.models import Case
from haihe.kernel.cases.queries import figures
from haihe.kernel.cases.queries.figures import Span, UnitFigures
from tests.cases.builders import at, corner, local
from tests.cases.month import END, WARDS, month

pytestmark = pytest.mark.django_db
AUGUST = Span(local("2026-08-01 00:00"), local("2026-09-01 00:00"))
SQL = Path(figures.__file__).parent / "sql"


@dataclass
class Told:
    """A report as its history tells it: nothing is read from its row but place and opening."""

    key: UUID
    place: str
    state: str
    due: datetime | None
    answer: datetime | None
    opened: datetime
    ended: bool
    verified: datetime | None
    rating: int | None
    sent_back: bool
    reopened: bool
    tasks: list[dict[str, Any]]

    @property
    def solved(self) -> bool:
        return self.state in {"answered", "closed"}

    @property
    def counted(self) -> dict[str, bool]:
        moment = local(END)
        limit = city_calendar().add_time(self.opened, timedelta(minutes=240))
        in_time = self.verified is not None and self.verified < limit
        there = self.state != "withdrawn"
        late = self.due is not None and self.due < moment
        return {
            "filed": True,
            "to_answer": there and (self.verified is not None or limit < moment),
            "answered_in_time": there and in_time,
            "solved": self.solved,
            "overdue": not self.ended and not self.solved and late,
            "open": not self.ended and not self.solved,
            "refused": self.state == "rejected",
            "withdrawn": self.state == "withdrawn",
            "rated": self.rating is not None,
            "satisfied": (self.rating or 0) > 3,
            "sent_back": self.sent_back,
            "reopened": self.reopened,
        }


def told_of(key: UUID) -> Told:
    """What the history of a report adds up to."""
    case = Case.objects.get(pk=key)
    steps = [step.event for step in queries.history(key)]
    standing = queries.replay(key)
    left = next((e.at for e in steps if e.start == "verifying" and e.to != "verifying"), None)
    answers = [e.at for e in steps if e.to == "answered" and e.start != "answered"]
    row = standing["case"]
    return Told(
        key,
        case.place_id or "",
        row["state"],
        datetime.fromisoformat(row["due"]) if row["due"] else None,
        answers[-1] if answers else None,
        steps[0].at,
        row["ended_at"] is not None,
        left,
        row["rating"],
        row["send_backs"] > 0,
        row["reopenings"] > 0,
        list(standing["tasks"].values()),
    )


def counted(found: Iterable[Told]) -> Counter[str]:
    """How many have each property."""
    return Counter(name for each in found for name, is_so in each.counted.items() if is_so)


def numbers(of: UnitFigures) -> Counter[str]:
    """The counts of a unit, without those that are nothing."""
    shown = {each.name: getattr(of, each.name) for each in fields(of)}
    rest = {k: v for k, v in shown.items() if k not in {"part", "median_hours"}}
    return Counter({name: count for name, count in rest.items() if count})


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[Told]]:
    """A month of reports, each as its history tells it; made once, as no test here writes."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield [told_of(key) for key in month(corner())]
        transaction.set_rollback(True)


def test_the_whole_is_what_the_histories_add_up_to(told: list[Told]) -> None:
    with at(END):
        found = figures.whole(AUGUST)
    assert numbers(found) == counted(told)
    assert all(getattr(found, name) for name in counted(told))
    hours = [(each.answer - each.opened) for each in told if each.solved and each.answer]
    median = statistics.median(each.total_seconds() / 3600 for each in hours)
    assert len(hours) >= found.solved - found.filed // 10
    assert found.median_hours == pytest.approx(median, rel=0.1)


@pytest.mark.parametrize("level", [1, 2])
def test_divisions_are_counted_with_what_lies_below_them(told: list[Told], level: int) -> None:
    length = {1: 3, 2: 6}[level]
    with at(END):
        found = {each.part: each for each in figures.by_division(AUGUST, level=level)}
    assert set(found) == {"", *(ward[:length] for ward in WARDS)}
    for part, unit in found.items():
        here = [each for each in told if each.place[:length] == part]
        assert numbers(unit) == counted(here), part


def test_a_span_of_a_division_leaves_the_others_out(told: list[Told]) -> None:
    span = Span(AUGUST.since, AUGUST.until, "D01")
    with at(END):
        found = figures.by_division(span, level=2)
        whole = figures.whole(span)
    assert {each.part for each in found} == {"D01W01", "D01W02"}
    assert numbers(whole) == counted(each for each in told if each.place.startswith("D01"))


def test_departments_are_counted_by_their_tasks_each_report_once(told: list[Told]) -> None:
    with at(END):
        found = {each.part: each for each in figures.by_department(AUGUST)}
    assert set(found) == {"parks", "roads", "water"}
    for code, unit in found.items():
        mine = [
            (each, tasks)
            for each in told
            if (tasks := [t for t in each.tasks if t["department"] == code])
        ]
        assert numbers(unit) == _of_tasks(mine), code


def _of_tasks(mine: list[tuple[Told, list[dict[str, Any]]]]) -> Counter[str]:
    moment, found = local(END), Counter[str]()
    for each, tasks in mine:
        done = any(t["state"] == "done" for t in tasks)
        back = any(t["send_backs"] for t in tasks)
        late = any(t["due"] and datetime.fromisoformat(t["due"]) < moment for t in tasks)
        missed = any(t["is_late"] for t in tasks)
        led = any(t["role"] == "lead" and t["state"] == "done" for t in tasks)
        said = {
            "filed": True,
            "led": any(t["role"] == "lead" for t in tasks),
            "to_answer": done or back or late or missed,
            "answered_in_time": (done or back) and not late and not missed,
            "solved": done and each.solved,
            "overdue": any(t["state"] == "open" for t in tasks) and late,
            "open": any(t["state"] == "open" for t in tasks),
            "rated": led and each.rating is not None,
            "satisfied": led and (each.rating or 0) > 3,
            "sent_back": back,
            "reopened": each.reopened,
        }
        found.update(name for name, is_so in said.items() if is_so)
    return found


def test_behind_every_number_stand_as_many_cases(told: list[Told]) -> None:
    by_key = {each.key: each for each in told}
    with at(END):
        whole = figures.whole(AUGUST)
        for measure in set(figures.MEASURES) - {"led"}:
            keys = figures.cases_behind(AUGUST, measure, most=500)
            assert len(keys) == getattr(whole, measure), measure
            assert all(by_key[key].counted[measure] for key in keys), measure
        for unit in figures.by_department(AUGUST):
            for measure in figures.MEASURES:
                keys = figures.cases_behind(AUGUST, measure, department=unit.part, most=500)
                assert len(set(keys)) == getattr(unit, measure), (unit.part, measure)
        for unit in figures.by_division(AUGUST, level=2):
            keys = figures.cases_behind(AUGUST, "solved", division=unit.part, level=2, most=500)
            assert len(keys) == unit.solved
        first = figures.cases_behind(AUGUST, "filed", most=10)
        rest = figures.cases_behind(AUGUST, "filed", most=500, after=10)
    assert not set(first) & set(rest)
    assert len(first) + len(rest) == whole.filed


def test_rates_are_shares_of_numbers_that_are_shown_and_hidden_below_five() -> None:
    unit = UnitFigures(
        "x", to_answer=8, answered_in_time=7, solved=3, overdue=1, rated=4, satisfied=4
    )
    assert unit.response_rate == 875
    assert unit.resolution_rate is None
    assert unit.satisfaction_rate is None
    assert UnitFigures("x", rated=5, satisfied=4).satisfaction_rate == 800
    assert UnitFigures("x", solved=3, overdue=2).resolution_rate == 600


def test_figures_are_never_of_a_named_worker(told: list[Told]) -> None:
    for text in (each.read_text(encoding="utf-8") for each in SQL.glob("*.sql")):
        for column in ("officer", "post_id", "opened_by", "subject", "cases_event", "cases_remark"):
            assert column not in text
    asked = {n for f in (figures.by_department, figures.by_division, figures.cases_behind)
             for n in signature(f).parameters}  # fmt: skip
    assert asked == {"span", "level", "measure", "department", "division", "most", "after"}
    for measure in ("officer", "officer_id", "led"):
        with pytest.raises(UnknownMeasure):
            figures.cases_behind(AUGUST, measure)
    with pytest.raises(UnknownMeasure):
        figures.trend(AUGUST, heading="officer")


def test_a_span_is_a_year_at_most_and_not_empty() -> None:
    with pytest.raises(BadSpan):
        Span(AUGUST.since, AUGUST.since)
    with pytest.raises(BadSpan):
        Span(AUGUST.since, AUGUST.since + timedelta(days=367))


@pytest.mark.parametrize("step", ["day", "week"])
def test_the_trend_counts_each_report_on_its_day_of_the_city(told: list[Told], step: str) -> None:
    with at(END):
        found = figures.trend(AUGUST, step=step)
    zone, wanted = city_calendar().zone, Counter[Any]()
    for each in told:
        day = each.opened.astimezone(zone).date()
        wanted[day - timedelta(days=day.weekday()) if step == "week" else day] += 1
    assert {d: n for d, n in zip(found.days, found.totals, strict=True) if n} == wanted
    assert set(found.counts) == {"public"}
    assert len(found.days) == (31 if step == "day" else 6)


def test_the_trend_by_class_leaves_out_what_is_not_named_yet(told: list[Told]) -> None:
    found = figures.trend(AUGUST, heading="class")
    named = sum(1 for each in told if Case.objects.get(pk=each.key).category != "public")
    assert sum(found.counts["R1"]) == named
    assert sum(found.counts[""]) == len(told) - named


def test_hot_spots_hold_every_report_in_one_cell_with_its_cases(told: list[Told]) -> None:
    there = [each for each in told if each.state not in {"rejected", "withdrawn"}]
    with at(END):
        found = figures.hot_spots(AUGUST, least=1, most=100)
        assert sum(spot.filed for spot in found) == len(there)
        assert sum(spot.open for spot in found) == counted(there)["open"]
        for spot in found:
            keys = figures.cases_at(AUGUST, y=spot.y, x=spot.x, most=500)
            assert len(keys) == spot.filed == sum(spot.by_heading.values())
            for case in Case.objects.filter(pk__in=keys):
                assert _metres(case.lon, case.lat, spot.longitude, spot.latitude) < 150
        assert [s.filed for s in figures.hot_spots(AUGUST, least=8)] == [
            s.filed for s in found if s.filed >= 8
        ]
    assert found == sorted(found, key=lambda spot: (-spot.filed, spot.y, spot.x))


def test_recurrences_are_what_a_search_of_all_pairs_finds(told: list[Told]) -> None:
    with at(END):
        found = figures.recurrences(AUGUST, days=12, metres=30, most=500)
    rows = {
        row.pk: row
        for row in Case.objects.filter(duplicate_of=None).exclude(
            state__in=["rejected", "withdrawn"]
        )
    }
    earlier = {key: {o for o in rows if _is_again(rows[key], rows[o])} for key in rows}
    chains = {key: before for key, before in earlier.items() if len(before) >= 2}
    last = {key for key in chains if not any(key in before for before in chains.values())}
    assert {each.last: set(each.earlier) for each in found} == {key: chains[key] for key in last}
    assert last
    for each in found:
        assert each.times == len(each.earlier) + 1
        assert each.solved_before == sum(
            rows[key].state in {"answered", "closed"} for key in each.earlier
        )


def _is_again(a: Case, b: Case) -> bool:
    if not (b.opened_at, b.pk) < (a.opened_at, a.pk):
        return False
    if a.opened_at - b.opened_at > timedelta(days=12):
        return False
    if a.category != b.category and "public" not in {a.category, b.category}:
        return False
    return _metres(a.lon, a.lat, b.lon, b.lat) <= 30


def _metres(lon: Any, lat: Any, other_lon: Any, other_lat: Any) -> float:
    east = (other_lon - lon) * math.cos(math.radians(lat))
    return 111_320 * math.hypot(east, other_lat - lat)
