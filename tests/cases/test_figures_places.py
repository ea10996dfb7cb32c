"""Figures by place: across datums, at the third time, by the index over time."""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import UUID

import numpy as np
from django.db import connection

from haihe.base.clock import now
from haihe.base.registry import registry
from haihe.engine import geometry
from haihe.kernel.cases import actions
from haihe.kernel.cases.queries import figures
from haihe.kernel.cases.queries.figures import Span
from haihe.kernel.cases.report import REPORT
from tests.cases.builders import CITIZEN, ITEMS, LOADER, SUPERVISOR, Corner, at, local


def test_a_recurrence_is_found_across_datums_within_five_metres(here: Corner) -> None:
    registry.add_case_types(REPORT)
    actions.load_items(by=LOADER, items=ITEMS)
    draw = random.Random(5)  # noqa: S311 - made-up data
    points = [(draw.uniform(74, 134), draw.uniform(18, 53)) for _ in range(300)]
    x, y = (np.array(each) for each in zip(*points, strict=True))
    lon, lat = geometry.convert(x, y, source="WGS-84", target="GCJ-02")
    july = Span(local("2026-07-01 00:00"), local("2026-07-02 00:00"))
    with at("2026-07-01 10:00"):
        before = [
            _open((east, north, "GCJ-02"))
            for east, north in zip(lon.tolist(), lat.tolist(), strict=True)
        ]
    assert not figures.recurrences(july, times=2)
    with at("2026-07-01 11:00"):
        after = [_open((*point, "WGS-84")) for point in points]
    found = figures.recurrences(july, metres=5, times=2, most=500)
    assert {each.last: each.earlier for each in found} == {
        last: [first] for first, last in zip(before, after, strict=True)
    }


def _open(point: tuple[float, float, str]) -> UUID:
    return actions.open_case(
        by=CITIZEN, type="cases.report", department="street", category="public", point=point
    ).pk


def test_what_comes_after_the_third_time_is_told_once_and_merged_ones_never(here: Corner) -> None:
    registry.add_case_types(REPORT)
    actions.load_items(by=LOADER, items=ITEMS)
    point = (150.5, 30.5, "WGS-84")
    keys = []
    for day in (1, 5, 9, 13):
        with at(f"2026-07-{day:02} 10:00"):
            keys.append(_open(point))
    july = Span(local("2026-07-01 00:00"), local("2026-08-01 00:00"))
    [found] = figures.recurrences(july)
    assert (found.times, found.last, found.earlier) == (4, keys[3], keys[:3])
    with at("2026-07-14 10:00"):
        actions.take_step(by=SUPERVISOR, case=keys[3], action="merge", kept=keys[2])
    [found] = figures.recurrences(july)
    assert (found.times, found.last) == (3, keys[2])
    later = Span(local("2026-07-10 00:00"), local("2026-08-01 00:00"))
    assert not figures.recurrences(later)


def test_a_period_is_read_by_the_index_over_the_moment_of_filing(here: Corner) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(
            "explain select id from cases_case where opened_at >= %s and opened_at < %s",
            [now() - timedelta(days=7), now()],
        )
        assert "case_by_opening" in str(cursor.fetchall())
