"""Cells divided by any line and joined again: nothing is lost, nothing covered twice."""

from __future__ import annotations

import math
from functools import cache

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st

from haihe.engine import coverage, dividing, voronoi
from haihe.engine.dividing import BadLine, NotBeside

CORNERS = [(117.0, 39.0), (117.02, 39.0), (117.02, 39.015), (117.0, 39.015)]
OUTLINE = shapely.to_wkb(shapely.Polygon(CORNERS))


@cache
def cells() -> dict[str, bytes]:
    """Twelve cells that cover the outline."""
    made = voronoi.cells(OUTLINE, voronoi.spread(OUTLINE, count=12, seed="7"))
    return {f"c{n:02}": cell for n, cell in enumerate(made)}


def area(wkb: bytes) -> float:
    return float(shapely.area(shapely.from_wkb(wkb)))


@given(
    which=st.integers(0, 11),
    angle=st.floats(0, math.pi),
    share=st.floats(-0.3, 0.3),
    bend=st.floats(-0.2, 0.2),
)
def test_a_line_across_a_cell_leaves_the_street_seamless_and_as_large(
    which: int, angle: float, share: float, bend: float
) -> None:
    plan = cells()
    code = sorted(plan)[which]
    shape = shapely.from_wkb(plan[code])
    centre, reach = shape.centroid, math.sqrt(shape.area) * 4
    along, across = (math.cos(angle), math.sin(angle)), (-math.sin(angle), math.cos(angle))
    offset = share * math.sqrt(shape.area)
    middle = (centre.x + across[0] * offset, centre.y + across[1] * offset)
    line = [
        (middle[0] - along[0] * reach, middle[1] - along[1] * reach),
        (middle[0] + across[0] * bend * reach / 8, middle[1] + across[1] * bend * reach / 8),
        (middle[0] + along[0] * reach, middle[1] + along[1] * reach),
    ]
    try:
        larger, smaller = dividing.divided(plan[code], line)
    except BadLine:
        assume(False)
        return
    assert area(larger) >= area(smaller) * (1 - 1e-3)
    assert area(larger) + area(smaller) == pytest.approx(shape.area, rel=1e-9)
    changed = {**plan, code: larger, "new": smaller}
    assert coverage.faults(changed, outline=OUTLINE) == []
    assert set(coverage.noded(changed)) == set(changed)
    again = dividing.joined(larger, smaller)
    assert area(again) == pytest.approx(shape.area, rel=1e-9)


@pytest.mark.parametrize(
    "line",
    [
        [],
        [(117.005, 39.005)],
        [(118.0, 39.0), (118.0, 40.0)],
        [(117.005, 39.005), (117.006, 39.006)],
        [(117.0 + 1e-7, 38.0), (117.0 + 1e-7, 40.0)],
        [(float("nan"), 39.0), (117.0, 40.0)],
        [(116.9, 39.004), (117.1, 39.004), (117.1, 39.008), (116.9, 39.008)],
    ],
)
def test_a_line_that_makes_no_two_parts_is_refused(line: list[tuple[float, float]]) -> None:
    with pytest.raises(BadLine):
        dividing.divided(OUTLINE, line)


@pytest.mark.parametrize(("is_upright", "share"), [(True, 0.25), (False, 0.25), (True, 0.5)])
def test_a_straight_line_stands_at_its_share(is_upright: bool, share: float) -> None:
    line = dividing.straight(OUTLINE, is_upright=is_upright, share=share)
    larger, smaller = dividing.divided(OUTLINE, line)
    assert area(smaller) / (area(larger) + area(smaller)) == pytest.approx(share, abs=1e-6)


def test_a_cell_in_two_pieces_is_cut_in_one_of_them() -> None:
    island = shapely.box(117.03, 39.0, 117.04, 39.01)
    cell = shapely.to_wkb(shapely.MultiPolygon([shapely.from_wkb(OUTLINE), island]))
    larger, smaller = dividing.divided(cell, [(117.005, 38.9), (117.005, 39.1)])
    assert shapely.from_wkb(smaller).geom_type == "Polygon"
    assert shapely.from_wkb(larger).geom_type == "MultiPolygon"
    assert area(larger) + area(smaller) == pytest.approx(area(cell))


def test_cells_whose_edges_meet_within_a_centimetre_are_joined() -> None:
    one, other = shapely.box(117, 39, 117.01, 39.01), shapely.box(117.01 + 4e-8, 39, 117.02, 39.01)
    made = dividing.joined(shapely.to_wkb(one), shapely.to_wkb(other))
    assert area(made) == pytest.approx(2e-4, rel=1e-4)


def test_cells_that_share_no_edge_are_not_joined() -> None:
    one = shapely.to_wkb(shapely.box(0, 0, 1, 1))
    for other in (shapely.box(2, 0, 3, 1), shapely.box(1, 1, 2, 2)):
        with pytest.raises(NotBeside):
            dividing.joined(one, shapely.to_wkb(other))
