"""Grids are drafted, checked, published in numbered versions; a point lies in exactly one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest
from pytest_django import DjangoAssertNumQueries

from haihe.base.actor import CLOCK
from haihe.base.errors import HaiheError, NotPermitted
from haihe.base.grid_codes import SCHEMES, BadGridCode, UnknownScheme, scheme_named
from haihe.engine.geometry import BadShape, UnknownDatum
from haihe.kernel.ledger.models import Entry
from haihe.kernel.places import actions, queries
from haihe.kernel.places.declare import GridDraft
from haihe.kernel.places.errors import (
    FaultyGrids,
    GridCodeTwice,
    NoDivision,
    NoDraft,
    NoGrids,
    NotPlanned,
    TooEarly,
    UnknownKind,
)
from haihe.kernel.places.models import Grid, GridPlan
from haihe.kernel.places.queries import today
from tests.places.grids import (
    BY,
    LONG_AGO,
    SIDE,
    SOUTH,
    WEST,
    box,
    draft,
    four,
    make_street,
    publish,
)
from tests.places.test_geometry import square

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def street() -> None:
    make_street()


def at(column: float, row: float, **more: object) -> str | None:
    """The code at a place, counted in squares from the south-western corner."""
    found = queries.grid_of(WEST + column * SIDE, SOUTH + row * SIDE, datum="WGS-84", **more)
    return None if found is None else found.code


def kinds() -> list[str]:
    entries = Entry.objects.filter(kind__startswith="places.grids").order_by("pk")
    return list(entries.values_list("kind", flat=True))


def test_a_draft_holds_no_point_until_it_is_published() -> None:
    draft()
    assert at(0.5, 0.5) is None
    plan = actions.publish_grids(by=BY, division="S", valid_from=LONG_AGO)
    assert (plan.version, plan.state) == (1, "published")
    assert [at(0.5, 0.5), at(0.5, 1.5), at(1.5, 0.5), at(1.5, 1.5)] == [
        each.code for each in four()
    ]
    assert kinds() == ["places.grids.drafted", "places.grids.published"]


def test_a_grid_tells_its_community_street_and_version() -> None:
    publish()
    found = queries.grid_of(WEST + 1.5 * SIDE, SOUTH + 0.5 * SIDE, datum="WGS-84")
    assert found is not None
    assert (found.community, found.division, found.version) == ("S2", "S", 1)
    assert queries.grid("S2G01") == found
    assert queries.grid("S2G09") is None


def test_an_edge_and_a_corner_belong_to_the_least_code() -> None:
    publish()
    assert at(1.0, 0.5) == "S1G01"
    assert at(1.0, 1.0) == "S1G01"
    assert at(1.5, 1.0) == "S2G01"
    assert at(2.0, 2.0) == "S2G02"


def test_many_points_and_one_point_are_answered_alike() -> None:
    publish()
    x = np.array([0.5, 1.0, 1.5, 9.0]) * SIDE + WEST
    y = np.array([0.5, 1.0, 1.5, 0.5]) * SIDE + SOUTH
    assert queries.grids_of(x, y, datum="WGS-84") == ["S1G01", "S1G01", "S2G02", None]


def test_a_new_version_begins_on_its_day_and_the_old_one_stays() -> None:
    publish()
    day = today()
    whole = GridDraft("S1G01", square(WEST, SOUTH, 2 * SIDE))
    plan = publish(whole, valid_from=day + timedelta(days=1))
    assert plan.version == 2
    assert at(1.5, 1.5) == "S2G02"
    assert at(1.5, 1.5, at=day + timedelta(days=1)) == "S1G01"
    assert at(1.5, 1.5, at=day) == "S2G02"
    assert at(1.5, 1.5, at=LONG_AGO - timedelta(days=1)) is None
    assert [each.version for each in queries.plans_of("S")] == [2, 1]
    assert Grid.objects.filter(plan__version=1).count() == 4


def test_a_published_version_is_in_force_in_this_process_at_once() -> None:
    publish()
    assert at(1.5, 0.5) == "S2G01"
    publish(GridDraft("S1G01", square(WEST, SOUTH, 2 * SIDE)), valid_from=today())
    assert at(1.5, 0.5) == "S1G01"


def test_a_point_costs_one_query_while_nothing_changes(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    publish()
    at(0.5, 0.5)
    with django_assert_num_queries(1):
        at(0.5, 1.5)


def test_the_past_does_not_change() -> None:
    publish()
    draft()
    yesterday = today() - timedelta(days=1)
    with pytest.raises(TooEarly):
        actions.publish_grids(by=BY, division="S", valid_from=yesterday)
    publish(valid_from=today() + timedelta(days=9))
    draft()
    with pytest.raises(TooEarly):
        actions.publish_grids(by=BY, division="S", valid_from=today())


@pytest.mark.parametrize(
    ("grids", "flaws"),
    [
        (lambda: four()[:3], {"gap": ("S1G02", "S2G01")}),
        (
            lambda: [*four(), GridDraft("S2G03", square(WEST + SIDE / 2, SOUTH, SIDE / 4))],
            {"lap": ("S1G01", "S2G03")},
        ),
        (lambda: [*four(), GridDraft("S2G03", box(2, 0))], {"beyond": ("S2G03",)}),
        (lambda: four()[1:], {"gap": ("S1G02", "S2G01")}),
    ],
)
def test_each_fault_is_named_with_its_place_and_stops_the_publishing(
    grids: Callable[[], list[GridDraft]], flaws: dict[str, tuple[str, ...]]
) -> None:
    plan = draft(*grids())
    found = queries.grid_faults(plan)
    for flaw, codes in flaws.items():
        (one,) = [each for each in found if each.flaw == flaw]
        assert set(codes) <= set(one.grids)
        assert one.area_m2 > 1000
        assert queries.grid_of(one.longitude, one.latitude, datum="WGS-84") is None
    with pytest.raises(FaultyGrids) as refused:
        actions.publish_grids(by=BY, division="S", valid_from=LONG_AGO)
    assert f"{found[0].longitude:.6f}" in refused.value.message
    assert GridPlan.objects.get().state == "draft"


def test_what_drawing_can_not_do_exactly_is_no_fault() -> None:
    """Two decimetres of gap and of lap between neighbours."""
    step = 2e-6
    moved = [
        GridDraft("S1G01", square(WEST, SOUTH, SIDE - step)),
        *four()[1:],
    ]
    plan = draft(*moved)
    assert queries.grid_faults(plan) == []
    publish(*moved)
    assert at(0.9999, 0.5) == "S1G01"


@pytest.mark.parametrize(
    ("grids", "error"),
    [
        ([], NoGrids),
        ([GridDraft("S1G01", box(0, 0)), GridDraft("S1G01", box(1, 0))], GridCodeTwice),
        ([GridDraft("S1", box(0, 0))], BadGridCode),
        ([GridDraft("S1G00", box(0, 0))], BadGridCode),
        ([GridDraft("X1G01", box(0, 0))], BadGridCode),
        ([GridDraft("S1G01", box(0, 0), community="S2")], BadGridCode),
        ([GridDraft("S1G01", box(0, 0), kind="round")], UnknownKind),
        ([GridDraft("S1G01", {"type": "Point", "coordinates": [1, 1]})], BadShape),
        ([GridDraft("S1G01", {})], BadShape),
    ],
)
def test_a_draft_that_is_none_is_refused_and_the_earlier_one_stays(
    grids: list[GridDraft], error: type[HaiheError]
) -> None:
    draft()
    with pytest.raises(error):
        actions.draft_grids(by=BY, division="S", grids=grids, datum="WGS-84", source="drawn")
    assert Grid.objects.count() == 4


def test_grids_are_drawn_for_streets_alone() -> None:
    for division, error in (("C", NotPlanned), ("S1", NotPlanned), ("nowhere", NoDivision)):
        with pytest.raises(error):
            actions.draft_grids(
                by=BY, division=division, grids=four(), datum="WGS-84", source="drawn"
            )
    with pytest.raises(UnknownDatum):
        draft(datum="BD-09")


def test_a_draft_is_dropped_and_what_is_published_is_not() -> None:
    publish()
    with pytest.raises(NoDraft):
        actions.drop_draft(by=BY, division="S")
    with pytest.raises(NoDraft):
        actions.publish_grids(by=BY, division="S", valid_from=today())
    draft()
    actions.drop_draft(by=BY, division="S")
    assert [plan.version for plan in GridPlan.objects.all()] == [1]


def test_a_later_draft_takes_the_place_of_an_earlier() -> None:
    draft()
    draft(GridDraft("S1G01", square(WEST, SOUTH, 2 * SIDE)))
    assert GridPlan.objects.count() == 1
    assert Grid.objects.count() == 1


def test_loading_again_changes_nothing_and_writes_no_entry() -> None:
    terms = {"datum": "WGS-84", "source": "drawn", "valid_from": LONG_AGO}
    assert actions.load_grids(by=BY, streets={"S": four()}, **terms) == 1
    entries = Entry.objects.count()
    assert actions.load_grids(by=BY, streets={"S": four()}, **terms) == 0
    assert (Entry.objects.count(), GridPlan.objects.count()) == (entries, 1)
    whole = [GridDraft("S1G01", square(WEST, SOUTH, 2 * SIDE))]
    assert actions.load_grids(by=BY, streets={"S": whole}, **terms) == 1
    plan = queries.current_plan("S")
    assert plan is not None
    assert (plan.version, plan.valid_from) == (2, today())


def test_a_load_with_one_faulty_street_loads_nothing() -> None:
    with pytest.raises(FaultyGrids, match=r"^S: "):
        actions.load_grids(
            by=BY,
            streets={"S": four()[:3]},
            datum="WGS-84",
            source="drawn",
            valid_from=date(2020, 1, 1),
        )
    with pytest.raises(NoDivision):
        actions.load_grids(
            by=BY, streets={"S1": four()}, datum="WGS-84", source="x", valid_from=LONG_AGO
        )
    assert not GridPlan.objects.exists()


def test_nobody_draws_publishes_or_loads_without_the_permission() -> None:
    draft()
    with pytest.raises(NotPermitted):
        actions.draft_grids(by=CLOCK, division="S", grids=four(), datum="WGS-84", source="x")
    with pytest.raises(NotPermitted):
        actions.drop_draft(by=CLOCK, division="S")
    with pytest.raises(NotPermitted):
        actions.publish_grids(by=CLOCK, division="S", valid_from=LONG_AGO)
    with pytest.raises(NotPermitted):
        actions.load_grids(by=CLOCK, streets={}, datum="WGS-84", source="", valid_from=LONG_AGO)


def test_the_list_of_streets_says_what_each_has() -> None:
    draft()
    lines = {each.code: each for each in queries.plan_lines()}
    assert (lines["S"].version, lines["S"].has_draft, lines["T"].has_draft) == (None, True, False)
    publish()
    (line,) = queries.plan_lines(words="S")
    assert (line.version, line.grids, line.has_draft) == (1, 4, False)


def test_a_code_of_the_national_scheme_has_fifteen_digits() -> None:
    scheme = scheme_named("cn.grid15")
    assert scheme.code("120101001002", 7) == "120101001002007"
    assert scheme.community_of("120101001002007") == "120101001002"
    for wrong in ("12010100100200", "1201010010020070", "120101001002000", "12010100100200A", ""):
        assert not scheme.is_valid(wrong)
    with pytest.raises(BadGridCode):
        scheme.code("120101001002", 1000)
    with pytest.raises(UnknownScheme):
        scheme_named("none")
    assert all(each.community_of(each.code("1" * 12, 3)) == "1" * 12 for each in SCHEMES.values())
