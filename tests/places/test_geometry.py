"""Datums convert and come back; each point has one shape at most; bad shapes are refused."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haihe.engine import geometry
from haihe.project.pack import CITIES
from tests import needs

PAIRS = [(a, b) for a in geometry.DATUMS for b in geometry.DATUMS]
in_china = st.tuples(st.floats(74, 134), st.floats(4, 53))
anywhere = st.tuples(st.floats(-180, 180), st.floats(-85, 85))


def squares(*corners: tuple[float, float], size: float = 1.0) -> dict[str, bytes]:
    """Squares named A, B … by their south-western corners."""
    return {
        chr(65 + i): geometry.outline(square(x, y, size)).wkb for i, (x, y) in enumerate(corners)
    }


def square(x: float, y: float, size: float = 1.0) -> dict[str, object]:
    ring = [[x, y], [x + size, y], [x + size, y + size], [x, y + size], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


@given(point=in_china)
@settings(max_examples=300, deadline=None)
def test_a_datum_and_back_is_the_same_point(point: tuple[float, float]) -> None:
    for source, target in PAIRS:
        there = geometry.convert(*point, source=source, target=target)
        back = geometry.convert(*there, source=target, target=source)
        assert math.isclose(float(back[0]), point[0], abs_tol=1e-6)
        assert math.isclose(float(back[1]), point[1], abs_tol=1e-6)


@given(point=anywhere)
@settings(max_examples=200, deadline=None)
def test_outside_china_nothing_is_shifted(point: tuple[float, float]) -> None:
    x, y = point
    if 72 <= x <= 138 and 0 <= y <= 56:
        return
    shifted = geometry.convert(x, y, source="WGS-84", target="GCJ-02")
    assert (float(shifted[0]), float(shifted[1])) == point


def test_the_shift_is_the_published_one() -> None:
    """Beijing's Tiananmen, as the open implementations (eviltransform, gcoord) give it."""
    x, y = geometry.convert(116.397389, 39.908722, source="WGS-84", target="GCJ-02")
    assert (round(float(x), 4), round(float(y), 4)) == (116.4036, 39.9101)


def test_an_unknown_datum_is_refused() -> None:
    with pytest.raises(geometry.UnknownDatum):
        geometry.convert(1.0, 1.0, source="WGS-84", target="BD-09")
    with pytest.raises(geometry.UnknownDatum):
        geometry.Index({}, datum="")


def test_a_point_on_a_shared_border_goes_to_the_least_code() -> None:
    index = geometry.Index(squares((0, 0), (1, 0), (0, 1), (1, 1)), datum="WGS-84")
    assert index.at(1.0, 0.5, datum="WGS-84") == "A"
    assert index.at(1.0, 1.5, datum="WGS-84") == "C"
    assert index.at(1.0, 1.0, datum="WGS-84") == "A"


def test_a_point_in_a_sliver_goes_to_the_nearest_shape_and_a_far_one_to_none() -> None:
    index = geometry.Index(squares((0, 0), (1.001, 0)), datum="WGS-84")
    assert index.at(1.0001, 0.5, datum="WGS-84") == "A"
    assert index.at(1.0009, 0.5, datum="WGS-84") == "B"
    assert index.at(5.0, 0.5, datum="WGS-84") is None


def test_no_point_is_found_where_there_are_no_shapes_or_no_numbers() -> None:
    assert geometry.Index({}, datum="WGS-84").at(1.0, 1.0, datum="WGS-84") is None
    index = geometry.Index(squares((0, 0)), datum="WGS-84")
    assert index.at(float("nan"), 0.5, datum="WGS-84") is None
    assert list(index.at_many(np.array([np.nan]), np.array([0.5]), datum="WGS-84")) == [-1]


@given(points=st.lists(st.tuples(st.floats(-1, 4), st.floats(-1, 4)), min_size=1, max_size=40))
@settings(max_examples=100, deadline=None)
def test_one_point_and_many_points_give_the_same_answers(
    points: list[tuple[float, float]],
) -> None:
    index = geometry.Index(squares((0, 0), (1, 0), (0.9, 0.9), (2.1, 2)), datum="WGS-84")
    x, y = np.array(points).T
    many = [index.codes[i] if i >= 0 else None for i in index.at_many(x, y, datum="WGS-84")]
    assert many == [index.at(a, b, datum="WGS-84") for a, b in points]


@pytest.fixture(scope="module")
def districts() -> geometry.Index:
    path = CITIES / "tianjin" / "boundaries.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    shapes = {f["properties"]["code"]: geometry.outline(f["geometry"]).wkb for f in features}
    return geometry.Index(shapes, datum="GCJ-02")


@given(point=st.tuples(st.floats(116.7, 118.1), st.floats(38.5, 40.3)))
@settings(max_examples=300, deadline=None)
def test_each_point_lies_in_one_district_at_most(
    districts: geometry.Index, point: tuple[float, float]
) -> None:
    """Whatever overlaps the source has, one code is answered, in every datum the same."""
    found = districts.at(*point, datum="GCJ-02")
    assert found is None or found in districts.codes
    world = geometry.convert(*point, source="GCJ-02", target="WGS-84")
    moved = districts.at(float(world[0]), float(world[1]), datum="WGS-84")
    near = {
        districts.at(point[0] + dx, point[1] + dy, datum="GCJ-02")
        for dx in (-1e-6, 0, 1e-6)
        for dy in (-1e-6, 0, 1e-6)
    }
    assert moved in near


def test_a_wrong_datum_names_another_district_for_points_near_a_border(
    districts: geometry.Index,
) -> None:
    x, y = np.meshgrid(np.linspace(117.0, 117.5, 60), np.linspace(38.9, 39.3, 60))
    right = districts.at_many(x.ravel(), y.ravel(), datum="WGS-84")
    wrong = districts.at_many(x.ravel(), y.ravel(), datum="GCJ-02")
    assert 0 < np.mean(right != wrong) < 0.2


@needs.data("tianjin")
def test_the_index_agrees_with_shapes_of_another_source(districts: geometry.Index) -> None:
    """Another public file of the same districts: at least nine points in ten agree."""
    path = needs.settings().test_data / "tianjin" / "districts_datav.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    other = geometry.Index(
        {str(f["properties"]["adcode"]): geometry.outline(f["geometry"]).wkb for f in features},
        datum="GCJ-02",
    )
    generator = np.random.default_rng(7)
    x, y = generator.uniform(116.7, 118.1, 4000), generator.uniform(38.5, 40.3, 4000)
    ours = [districts.codes[i] if i >= 0 else "" for i in districts.at_many(x, y, datum="GCJ-02")]
    theirs = [other.codes[i] if i >= 0 else "" for i in other.at_many(x, y, datum="GCJ-02")]
    inside = [(a, b) for a, b in zip(ours, theirs, strict=True) if a and b]
    assert len(inside) > 1000
    assert np.mean([a == b for a, b in inside]) > 0.9


def test_a_shape_that_crosses_itself_is_mended() -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    index = geometry.Index({"A": geometry.outline(bow).wkb}, datum="WGS-84")
    assert not geometry.is_clean(bow)
    assert index.at(0.2, 1.0, datum="WGS-84") == "A"
    assert index.at(1.0, 0.2, datum="WGS-84") is None


@pytest.mark.parametrize(
    "shape",
    [
        {},
        {"type": "Point", "coordinates": [1, 1]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": "here"},
        {"type": "Polygon", "coordinates": [[[0, 0], [300, 0], [300, 9], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [0, 0], [0, 0], [0, 0]]]},
        {"type": "Nothing"},
    ],
)
def test_what_is_no_polygon_of_the_earth_is_refused(shape: dict[str, object]) -> None:
    with pytest.raises(geometry.BadShape):
        geometry.outline(shape)


def test_shapes_for_a_page_are_smaller_and_hold_their_properties(
    districts: geometry.Index,
) -> None:
    path = CITIES / "tianjin" / "boundaries.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    shapes = [
        (geometry.outline(f["geometry"]).wkb, {"code": f["properties"]["code"]}) for f in features
    ]
    fine = geometry.feature_collection(shapes, tolerance_degrees=0)
    rough = geometry.feature_collection(shapes, tolerance_degrees=0.002)
    assert len(rough) < len(fine) * 0.8
    codes = [f["properties"]["code"] for f in json.loads(rough)["features"]]
    assert codes == [f["properties"]["code"] for f in features]
