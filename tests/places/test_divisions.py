"""Divisions and boundaries are loaded once, versioned, and asked for by datum."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from haihe.base.actor import CLOCK, Actor
from haihe.base.errors import NotPermitted
from haihe.engine.geometry import BadShape, UnknownDatum
from haihe.kernel.ledger.models import Entry
from haihe.kernel.places import actions, queries
from haihe.kernel.places.declare import BoundaryDraft, DivisionDraft
from haihe.kernel.places.errors import MovedDivision, NoDivision, NoParent
from haihe.kernel.places.models import Boundary, Division
from haihe.kernel.places.queries import today
from tests.places.test_geometry import square

pytestmark = pytest.mark.django_db

BY = Actor(
    "administrator", "1", permissions=frozenset({"places.divisions.load", "places.boundaries.load"})
)


def draft(code: str, level: int, parent: str | None, name: str = "") -> DivisionDraft:
    return DivisionDraft(code, {"zh": name or code, "en": name or code}, level, parent)


CITY = [draft("C", 0, None), draft("D1", 1, "C"), draft("D2", 1, "C"), draft("D1W1", 2, "D1")]


def load_boundaries(*drafts: BoundaryDraft, datum: str = "WGS-84", **more: Any) -> int:
    terms = {"source": "drawn", "valid_from": date(2020, 1, 1), **more}
    return actions.load_boundaries(by=BY, boundaries=drafts, datum=datum, **terms)


@pytest.fixture
def city() -> None:
    actions.load_divisions(by=BY, divisions=CITY)
    load_boundaries(BoundaryDraft("D1", square(0, 0)), BoundaryDraft("D2", square(1, 0)))


def test_loading_again_changes_nothing_and_writes_no_entry(city: None) -> None:
    before = Entry.objects.count()
    assert actions.load_divisions(by=BY, divisions=CITY) == 0
    assert load_boundaries(BoundaryDraft("D1", square(0, 0))) == 0
    assert Entry.objects.count() == before
    assert Boundary.objects.count() == 2


def test_a_renamed_division_keeps_its_code_and_stands_in_the_ledger(city: None) -> None:
    assert actions.load_divisions(by=BY, divisions=[draft("D1", 1, "C", "Newname")]) == 1
    assert queries.division("D1").name["en"] == "Newname"
    kinds = Entry.objects.filter(kind="places.divisions.loaded")
    assert {tuple(entry.body["changed"]) for entry in kinds} == {(), ("D1",)}


def test_the_tree_holds_parts_inside_their_wholes(city: None) -> None:
    (top,) = queries.tree(depth=2)
    assert [part.code for part in top.parts] == ["D1", "D2"]
    assert [part.code for part in top.parts[0].parts] == ["D1W1"]
    assert queries.tree(depth=1)[0].parts[0].parts == []
    assert [each.code for each in queries.divisions(1)] == ["D1", "D2"]
    assert [each.code for each in queries.divisions(parent="D1")] == ["D1W1"]


def test_a_division_without_its_parent_is_refused_whole() -> None:
    with pytest.raises(NoParent):
        actions.load_divisions(by=BY, divisions=[draft("C", 0, None), draft("W", 2, "C")])
    with pytest.raises(NoParent):
        actions.load_divisions(by=BY, divisions=[draft("C", 0, None), draft("D", 1, "nowhere")])
    assert Division.objects.count() == 0


def test_a_division_never_moves_to_another_level(city: None) -> None:
    with pytest.raises(MovedDivision):
        actions.load_divisions(by=BY, divisions=[draft("D2", 2, "D1")])


def test_a_point_lies_in_one_district_by_its_datum(city: None) -> None:
    assert queries.division_at(0.5, 0.5, datum="WGS-84", level=1) == "D1"
    assert queries.division_at(1.0, 0.5, datum="CGCS2000", level=1) == "D1"
    assert queries.division_at(9.0, 0.5, datum="WGS-84", level=1) is None
    assert queries.division_at(0.5, 0.5, datum="WGS-84", level=2) is None
    with pytest.raises(UnknownDatum):
        queries.division_at(0.5, 0.5, datum="", level=1)


def test_a_changed_boundary_is_a_new_version_and_holds_points_at_once(city: None) -> None:
    assert queries.division_at(0.5, 1.5, datum="WGS-84", level=1) is None
    assert load_boundaries(BoundaryDraft("D1", square(0, 0, 2))) == 1
    assert queries.division_at(0.5, 1.5, datum="WGS-84", level=1) == "D1"
    versions = [version for version, _, _ in queries.boundary_versions("D1")]
    assert versions == [2, 1]


def test_a_boundary_of_tomorrow_does_not_hold_today(city: None) -> None:
    tomorrow = today() + timedelta(days=1)
    load_boundaries(BoundaryDraft("D1", square(5, 5)), valid_from=tomorrow)
    assert queries.division_at(0.5, 0.5, datum="WGS-84", level=1) == "D1"
    assert queries.division_at(5.5, 5.5, datum="WGS-84", level=1) is None


def test_boundaries_of_two_datums_meet_in_one_index(city: None) -> None:
    """A shape that is loaded in another datum holds the same place on earth."""
    actions.load_divisions(by=BY, divisions=[draft("D3", 1, "C")])
    load_boundaries(BoundaryDraft("D3", square(117, 39, 0.5)), datum="GCJ-02")
    assert queries.division_at(117.25, 39.25, datum="GCJ-02", level=1) == "D3"
    assert queries.division_at(117.497, 39.25, datum="WGS-84", level=1) is None
    assert queries.division_at(117.497, 39.25, datum="GCJ-02", level=1) == "D3"


def test_a_bad_shape_or_an_unknown_division_leaves_everything_as_it_was(city: None) -> None:
    with pytest.raises(BadShape):
        load_boundaries(BoundaryDraft("D1", square(0, 0, 2)), BoundaryDraft("D2", {}))
    with pytest.raises(NoDivision):
        load_boundaries(BoundaryDraft("D1", square(0, 0, 2)), BoundaryDraft("X", square(0, 0)))
    with pytest.raises(UnknownDatum):
        load_boundaries(BoundaryDraft("D1", square(0, 0, 2)), datum="BD-09")
    assert Boundary.objects.count() == 2


def test_nobody_loads_without_the_permission() -> None:
    with pytest.raises(NotPermitted):
        actions.load_divisions(by=CLOCK, divisions=CITY)
    with pytest.raises(NotPermitted):
        actions.load_boundaries(
            by=CLOCK, boundaries=[], datum="WGS-84", source="", valid_from=date(2020, 1, 1)
        )


def test_the_map_has_names_in_the_reader_s_language(city: None) -> None:
    actions.load_divisions(
        by=BY, divisions=[DivisionDraft("D1", {"zh": "旧区", "en": "Old"}, 1, "C")]
    )
    found = json.loads(queries.boundaries_geojson(1, language="en"))
    assert [f["properties"]["code"] for f in found["features"]] == ["D1", "D2"]
    names = [f["properties"]["name"] for f in found["features"]]
    assert names == ["Old", "D2"]
