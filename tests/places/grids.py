"""Builders of the grids' tests: a small street of four square grids, and who may draw them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from haihe.base.actor import Actor
from haihe.kernel.places import actions
from haihe.kernel.places.declare import BoundaryDraft, DivisionDraft, GridDraft
from haihe.kernel.places.models import GridPlan
from tests.places.test_geometry import square

BY = Actor(
    "officer",
    "1",
    permissions=frozenset(
        {
            "places.divisions.load",
            "places.boundaries.load",
            "places.grids.load",
            "places.grids.plan",
            "places.grids.publish",
        }
    ),
)
WEST, SOUTH, SIDE = 150.0, 30.0, 0.01
LONG_AGO = date(2020, 1, 1)


def box(column: int, row: int) -> Mapping[str, Any]:
    """One of the squares that cover the street."""
    return square(WEST + column * SIDE, SOUTH + row * SIDE, SIDE)


def make_street() -> None:
    """City C, street S with the communities S1 (west) and S2 (east), two squares wide and high."""
    names = [("C", 0, None), ("S", 1, "C"), ("T", 1, "C"), ("S1", 2, "S"), ("S2", 2, "S")]
    actions.load_divisions(
        by=BY,
        divisions=[DivisionDraft(c, {"zh": c, "en": c}, level, up) for c, level, up in names],
    )
    actions.load_boundaries(
        by=BY,
        boundaries=[BoundaryDraft("S", square(WEST, SOUTH, 2 * SIDE))],
        datum="WGS-84",
        source="drawn",
        valid_from=LONG_AGO,
    )


def four() -> list[GridDraft]:
    """The street's four squares, two a community."""
    return [
        GridDraft("S1G01", box(0, 0)),
        GridDraft("S1G02", box(0, 1)),
        GridDraft("S2G01", box(1, 0)),
        GridDraft("S2G02", box(1, 1)),
    ]


def draft(*grids: GridDraft, **more: Any) -> GridPlan:
    """The street's draft: the four squares, or those given."""
    terms = {"datum": "WGS-84", "source": "drawn", **more}
    return actions.draft_grids(by=BY, division="S", grids=grids or four(), **terms)


def publish(*grids: GridDraft, valid_from: date = LONG_AGO) -> GridPlan:
    """Draft and publish."""
    draft(*grids)
    return actions.publish_grids(by=BY, division="S", valid_from=valid_from)
