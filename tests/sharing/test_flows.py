"""What moved in every mode: each figure is the sum of its parts, by the city's day."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.kernel.exchange.actions import run_link
from haihe.kernel.exchange.models import Batch, Link
from haihe.kernel.services.models import Count
from haihe.project.command import assemble
from haihe.systems.sharing import queries
from tests.exchange.builders import (
    PROVIDER,
    RECEIVER,
    TABLE,
    as_files,
    delivery,
    gathering,
    grant,
    publish,
    rows,
)
from tests.pages.cities import client_of, officer
from tests.servers import Database

GIVERS, GETTERS = ("civil", "tax"), ("housing", "trade")
flow = st.builds(
    queries.Flow,
    day=st.dates(date(2026, 1, 1), date(2026, 4, 30)),
    giver=st.sampled_from(GIVERS),
    receiver=st.sampled_from(GETTERS),
    mode=st.sampled_from(queries.MODES),
    count=st.integers(1, 10**12),
)


@given(st.lists(flow))
def test_every_figure_is_the_sum_of_its_parts(found: list[queries.Flow]) -> None:
    total = queries.totals(found).counts
    assert sum(total) == sum(each.count for each in found)
    since, until = date(2026, 1, 1), date(2026, 4, 30)
    for last in (until, date(2026, 1, 31)):
        within = [each for each in found if each.day <= last]
        days = queries.flows_by_day(within, since, last)
        assert _added(days) == queries.totals(within).counts
    for side in (queries.GIVING, queries.RECEIVING):
        assert _added(queries.flows_by_department(found, side)) == total
    given_by = [queries.totals(e for e in found if e.giver == code).counts for code in GIVERS]
    assert tuple(map(sum, zip(*given_by, strict=True))) == total


def _added(lines: list[queries.FlowLine]) -> tuple[int, ...]:
    counts = [line.counts for line in lines] or [(0,) * len(queries.MODES)]
    return tuple(map(sum, zip(*counts, strict=True)))


@pytest.mark.django_db
def test_all_modes_are_counted_from_what_ran_and_agree_with_the_overview(
    department: Database, receiver: Database
) -> None:
    department.run(TABLE, rows(1, 7))
    gathered = gathering(publish(department.address))
    run_link(by=PROVIDER, link=gathered)
    held = grant(gathered.resource)
    run_link(by=RECEIVER, link=delivery(held, receiver.address))
    files, _ = as_files(grant(gathered.resource, mode="file"))
    run_link(by=RECEIVER, link=files)
    day = queries.today()
    Count.objects.create(day=day, service="gone", department="housing", calls=5, refused=2)

    found = queries.flows(day, day)

    assert [(each.giver, each.receiver, each.mode, each.count) for each in found] == [
        ("", "housing", "interface", 5),
        ("civil", "", "gathered", 7),
        ("civil", "housing", "file", 7),
        ("civil", "housing", "table", 7),
    ]
    figures = queries.figures()
    total = queries.totals(found).counts
    assert (figures.gathered_today, figures.exchanged_today, figures.calls_today) == (
        total[0],
        total[1] + total[2],
        total[3],
    )
    assert figures.exchanged == total[1] + total[2]
    told = CliRunner().invoke(assemble(["counts"]), ["counts"], catch_exceptions=False)
    assert [each for each in told.output.splitlines()[-2].split() if each.isdecimal()] == [
        str(count) for count in total
    ]


@pytest.fixture
def link(db: None) -> Link:
    """A gathering link, without a database behind it."""
    return gathering(publish("postgresql://reader@db.invalid/civil"))


def _ended(link: Link, at: datetime, count: int, state: str = "done") -> None:
    Batch.objects.create(link=link, state=state, ended_at=at, rows_written=count)


def test_a_batch_counts_on_the_citys_day_on_which_it_ended(link: Link) -> None:
    zone = ZoneInfo(settings.CITY["time_zone"])
    midnight = datetime(2026, 11, 2, tzinfo=zone)
    _ended(link, midnight - timedelta(microseconds=1), 1)
    _ended(link, midnight, 10)
    _ended(link, midnight + timedelta(hours=23, minutes=59), 100)
    _ended(link, midnight + timedelta(days=1), 1000)
    _ended(link, midnight + timedelta(hours=1), 10_000, state="failed")
    day = date(2026, 11, 2)
    assert queries.totals(queries.flows(day, day)).counts == (110, 0, 0, 0)
    lines = queries.flows_by_day(
        queries.flows(date(2026, 11, 1), date(2026, 11, 4)), date(2026, 11, 1), date(2026, 11, 4)
    )
    assert [(line.of, line.counts[0]) for line in lines] == [
        ("2026-11-01", 1),
        ("2026-11-02", 110),
        ("2026-11-03", 1000),
        ("2026-11-04", 0),
    ]


def test_a_period_that_can_not_be_counted_is_refused(db: None) -> None:
    for since, until in (
        (date(2026, 2, 1), date(2026, 1, 31)),
        (date(2020, 1, 1), date(2026, 1, 1)),
    ):
        with pytest.raises(HaiheError) as raised:
            queries.flows(since, until)
        assert raised.value.code == "sharing.period.bad"


def test_the_page_and_its_sheet_show_what_was_counted(link: Link) -> None:
    _ended(link, now(), 1_234_567)
    reader = client_of(officer("civil", "Ann", permissions=()))
    for side in ("giving", "receiving"):
        page = reader.get(f"/sharing/moved/?side={side}")
        assert page.status_code == 200
        assert "1,234,567" in page.content.decode()
    sheet = reader.get("/sharing/moved.csv?side=giving&department=civil")
    lines = list(csv.reader(StringIO(sheet.content.decode("utf-8-sig"))))
    assert [line[-1] for line in lines[1:]] == ["1234567"]
    assert reader.get("/sharing/moved.csv?department=housing").content.count(b"\n") == 1
    assert reader.get("/sharing/moved.xlsx").content.startswith(b"PK")
    assert reader.get("/sharing/moved/?first=2026-02-02&last=2026-02-01").status_code == 422
