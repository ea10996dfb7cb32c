"""Two Haihes, a city's and a district's, exchange cases over a bad line: none lost or doubled."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from haihe.edges.open311 import basic
from tests.districts.pair import CITY, OLDBRIDGE, Pair, Side, pair

LON, LAT = 150.055813, 30.152941
pytestmark = pytest.mark.timeout(900)


WAYS = {"json, followed": ("json", False), "xml, handed over": ("xml", True)}


@pytest.fixture(scope="module", params=WAYS)
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    """The two; the district's own cases are followed by the city, or handed to it."""
    form, is_handed_over = WAYS[request.param]
    folder = tmp_path_factory.mktemp(f"two_{form}")
    with pair(folder, form=form, is_handed_over=is_handed_over) as found:
        yield found


def rounds(of: Pair, count: int = 1) -> int:
    """Rounds of both sides with each other; how much moved in them."""
    moved = 0
    for _ in range(count):
        for side, other in ((of.city, OLDBRIDGE), (of.district, CITY)):
            found = side.do("exchange", platform=other)
            moved += sum(found[each] for each in ("sent", "told", "heard", "opened", "moved"))
    return moved


def quiet(of: Pair) -> None:
    """Rounds over a good line until nothing moves any more; fails if that never comes."""
    of.city.wire.faults = of.district.wire.faults = 0
    for _ in range(8):
        if not rounds(of):
            return
    raise AssertionError((of.city.do("standing"), of.district.do("standing")))


def found(side: Side) -> dict[str, dict[str, Any]]:
    """The cases of one side by number."""
    return {each["id"]: each for each in side.do("standing")}


def twin(side: Side, number: str) -> dict[str, Any]:
    """The case there that is the counterpart of one here."""
    [one] = [
        each
        for each in side.do("standing")
        if any(mirror["number"] == number for mirror in each["mirrors"])
    ]
    return one


def test_a_report_filed_with_the_city_is_handled_by_the_district_and_the_city_follows(
    both: Pair,
) -> None:
    number = both.city.do("file", lon=LON, lat=LAT, note="Lamp out", photo=True)
    rounds(both)
    there = twin(both.district, number)
    assert there["title"] == "Lamp out"
    assert there["source"] == CITY
    assert both.district.do("photos", id=there["id"]) == 1
    for action in ("verify", "register", "dispatch", "finish"):
        assert both.district.do("take", id=there["id"], action=action) == action
    quiet(both)
    assert found(both.city)[number]["status"] == "IN_PROGRESS"
    assert "finish" in both.city.do("said", id=number)
    for action in ("confirm", "close"):
        assert both.district.do("take", id=there["id"], action=action) == action
    quiet(both)
    assert found(both.city)[number]["state"] == "answered"
    assert both.city.do("take", id=number, action="rate") == "rate"
    assert both.city.do("take", id=number, action="reopen") == "reopen"
    quiet(both)
    assert found(both.district)[there["id"]]["state"] == "opening"
    assert found(both.district)[there["id"]]["reopenings"] == 1
    assert found(both.city)[number]["state"] == "opening"


def test_a_district_s_own_report_stands_in_the_city_too_and_one_side_handles_it(
    both: Pair,
) -> None:
    number = both.district.do("file", lon=LON, lat=LAT + 0.001, note="Bin full")
    rounds(both, 2)
    here = twin(both.city, number)
    assert here["title"] == "Bin full"
    sides = [(both.district, number), (both.city, here["id"])]
    if both.is_handed_over:
        sides.reverse()
    (handler, of), (follower, other) = sides
    assert handler.do("take", id=of, action="refute") == "refute"
    quiet(both)
    assert found(follower)[other]["state"] == "rejected"
    assert "refute" in follower.do("said", id=other)


@pytest.mark.parametrize("seed", range(2))
def test_over_a_line_that_loses_answers_and_doubles_requests_no_case_is_lost_split_or_looped(
    both: Pair, seed: int
) -> None:
    drawn = random.Random(seed)  # noqa: S311 - repeatable on purpose
    before = len(found(both.city)), len(found(both.district))
    filed = 0
    steps = 0
    for _ in range(40):
        both.city.wire.faults = both.district.wire.faults = drawn.choice((0, 30, 60))
        side, other = drawn.choice(((both.city, OLDBRIDGE), (both.district, CITY)))
        what = drawn.randrange(10)
        if what < 2:
            side.do("file", lon=LON, lat=LAT + 0.0001 * filed, note=f"Report {seed} {filed}")
            filed += 1
        elif what < 6:
            number = drawn.choice(sorted(found(side)) or [""])
            steps += bool(number and side.do("step", id=number, choice=drawn.randrange(100)))
        else:
            side.do("exchange", platform=other)
    quiet(both)
    assert filed > 3
    assert steps > 5
    assert sum(both.city.wire.carried.values()) > both.city.wire.carried["whole"]
    assert len(found(both.city)) == before[0] + filed
    assert len(found(both.district)) == before[1] + filed
    events = both.city.do("events"), both.district.do("events")
    for case in both.city.do("standing"):
        there = twin(both.district, case["id"])
        assert [mirror["number"] for mirror in case["mirrors"]] == [there["id"]]
        assert basic(case["status"]) == basic(there["status"]), (case, there)
    assert rounds(both, 2) == 0
    assert (both.city.do("events"), both.district.do("events")) == events
    assert both.city.do("waiting") == both.district.do("waiting") == 0
