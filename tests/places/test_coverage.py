"""Made cells cover their outline just once; faults in cells are found; a raster never errs."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from haihe.engine import coverage, geometry, voronoi
from haihe.project.pack import CITIES
from tests.places.test_geometry import square

HOLED = {
    "type": "Polygon",
    "coordinates": [
        [[117, 39], [117.3, 39], [117.3, 39.2], [117.2, 39.05], [117, 39.2], [117, 39]],
        [[117.05, 39.03], [117.1, 39.03], [117.1, 39.06], [117.05, 39.03]],
    ],
}


def made(outline: bytes, count: int, seed: str = "seed") -> dict[str, bytes]:
    shapes = voronoi.cells(outline, voronoi.spread(outline, count=count, seed=seed))
    return {f"{place:05}": shape for place, shape in enumerate(shapes)}


@pytest.fixture(scope="module")
def district() -> bytes:
    path = CITIES / "tianjin" / "boundaries.geojson"
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return geometry.outline(features[0]["geometry"]).wkb


@pytest.fixture(scope="module")
def index(district: bytes) -> geometry.Index:
    return geometry.Index(made(district, 600), datum="GCJ-02")


@given(count=st.integers(1, 60), seed=st.text(max_size=5))
def test_made_cells_cover_any_outline_just_once(count: int, seed: str) -> None:
    """Concave, with a hole: no gap, no lap, nothing beyond, one cell a point."""
    outline = geometry.outline(HOLED).wkb
    cells = made(outline, count, seed)
    shapes = shapely.from_wkb(list(cells.values()))
    assert len(cells) == count
    assert not shapely.is_empty(shapes).any()
    assert coverage.faults(cells, outline=outline, tolerance_m=0.05) == []
    assert shapely.area(shapes).sum() == pytest.approx(shapely.from_wkb(outline).area, rel=1e-6)


def test_the_same_seed_makes_the_same_cells(district: bytes) -> None:
    assert made(district, 50) == made(district, 50)
    assert made(district, 50) != made(district, 50, "other")


def test_points_that_lie_together_are_gathered_in_the_sizes_that_were_asked() -> None:
    points = voronoi.spread(geometry.outline(HOLED).wkb, count=30, seed="x")
    groups = voronoi.gathered(points, [3, 9, 1, 17])
    assert np.bincount(groups).tolist() == [3, 9, 1, 17]
    spans = [np.ptp(points[groups == each], axis=0).max() for each in range(4)]
    assert min(spans) < np.ptp(points, axis=0).max() / 2


@given(x=st.floats(117.165, 117.235), y=st.floats(39.09, 39.145))
def test_every_random_point_lies_in_exactly_one_grid(
    index: geometry.Index, district: bytes, x: float, y: float
) -> None:
    """Or in none, outside the outline and farther from it than a sliver is wide."""
    found = index.at(x, y, datum="GCJ-02")
    holding = [
        code
        for code, shape in zip(index.codes, index._shapes, strict=True)
        if shapely.intersects_xy(shape, x, y)
    ]
    if holding:
        assert found == min(holding)
    elif found is None:
        outline = shapely.from_wkb(district)
        assert shapely.distance(outline, shapely.Point(x, y)) > geometry.GAP_DEGREES * 0.9


@given(data=st.data())
def test_every_corner_and_every_point_of_an_edge_lies_in_exactly_one_grid(
    index: geometry.Index, data: st.DataObject
) -> None:
    shape = index._shapes[data.draw(st.integers(0, len(index.codes) - 1))]
    corners = shapely.get_coordinates(shape)
    place = data.draw(st.integers(0, len(corners) - 2))
    share = data.draw(st.sampled_from([0.0, 0.5, 1 / 3]))
    x, y = corners[place] * (1 - share) + corners[place + 1] * share
    found = index.at(float(x), float(y), datum="GCJ-02")
    assert found in index.codes
    assert index.at_many(np.array([x]), np.array([y]), datum="GCJ-02")[0] == index.codes.index(
        found
    )


def test_the_raster_answers_as_exact_geometry_does(index: geometry.Index, district: bytes) -> None:
    """Points at random, on corners, on edges, beyond: from so many on the raster is asked."""
    west, south, east, north = shapely.from_wkb(district).bounds
    draw = np.random.default_rng(3)
    corners = shapely.get_coordinates(index._shapes)
    middles = (corners[1:] + corners[:-1]) / 2
    x = np.concatenate(
        [draw.uniform(west - 0.01, east + 0.01, 40_000), corners[:, 0], middles[:, 0]]
    )
    y = np.concatenate(
        [draw.uniform(south - 0.01, north + 0.01, 40_000), corners[:, 1], middles[:, 1]]
    )
    many = index.at_many(x, y, datum="GCJ-02")
    assert "_raster" in vars(index)
    assert (many == index._exact(x, y)).all()
    one = [index.at(a, b, datum="GCJ-02") for a, b in zip(x[:3000], y[:3000], strict=True)]
    assert one == [index.codes[place] if place >= 0 else None for place in many[:3000]]


def test_the_raster_holds_where_shapes_lap_and_have_several_parts() -> None:
    """And where some stand alone, or hold each other."""
    parts = shapely.union_all([shapely.box(0, 0, 1, 1), shapely.box(3, 3, 4, 4)])
    shapes = {
        "A": shapely.to_wkb(parts),
        "B": shapely.to_wkb(shapely.box(0.5, 0.5, 3.5, 3.5)),
        "C": shapely.to_wkb(shapely.box(0.2, 0.2, 0.3, 0.3)),
        "D": shapely.to_wkb(shapely.box(6, 6, 6.5, 7)),
    }
    index = geometry.Index(shapes, datum="WGS-84")
    x, y = np.random.default_rng(5).uniform(-0.5, 7.5, (2, 60_000))
    assert (index.at_many(x, y, datum="WGS-84") == index._exact(x, y)).all()


def test_noded_neighbours_share_every_corner() -> None:
    """The long edge of one gets the corner at which two others meet."""
    cells = {
        "A": geometry.outline(square(0, 0, 2)).wkb,
        "B": geometry.outline(square(2, 0, 1)).wkb,
        "C": geometry.outline(square(2, 1, 1)).wkb,
    }
    found = coverage.noded(cells)
    corners = {tuple(at) for at in shapely.get_coordinates(shapely.from_wkb(found["A"]))}
    assert (2.0, 1.0) in corners
    assert shapely.coverage_is_valid(shapely.from_wkb(list(found.values())))
    assert coverage.noded({}) == {}


def test_without_an_outline_only_what_the_cells_enclose_is_a_gap() -> None:
    ring = {
        f"{x}{y}": geometry.outline(square(117 + x / 100, 39 + y / 100, 0.01)).wkb
        for x in range(3)
        for y in range(3)
        if (x, y) != (1, 1)
    }
    (gap,) = coverage.faults(ring)
    assert (gap.flaw, gap.longitude, gap.latitude) == ("gap", 117.015, 39.015)
    assert coverage.faults({}) == []


@given(x=st.floats(74, 134), y=st.floats(4, 53))
def test_the_way_back_from_gcj_02_errs_by_less_than_a_centimetre(x: float, y: float) -> None:
    """And one point is converted as many are."""
    one = geometry.convert(x, y, source="WGS-84", target="GCJ-02")
    back = geometry.convert(*one, source="GCJ-02", target="WGS-84")
    assert back == pytest.approx((x, y), abs=1e-7)
    many = geometry.convert(np.array([x]), np.array([y]), source="WGS-84", target="GCJ-02")
    assert (many[0][0], many[1][0]) == pytest.approx(one, abs=1e-12)
    home = geometry.convert(*many, source="GCJ-02", target="WGS-84")
    assert (home[0][0], home[1][0]) == pytest.approx((x, y), abs=1e-7)


@pytest.mark.parametrize("point", [(float("nan"), 39.0), (500.0, 500.0)])
def test_a_point_that_is_none_stays_as_it_is(point: tuple[float, float]) -> None:
    for source, target in (("WGS-84", "GCJ-02"), ("GCJ-02", "WGS-84")):
        found = geometry.convert(*point, source=source, target=target)
        assert np.array_equal(found, point, equal_nan=True)
