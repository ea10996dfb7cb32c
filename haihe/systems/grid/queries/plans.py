"""What the pages of grids show: rows, faults in words, and what the map's script draws."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from haihe.base.settings import settings
from haihe.base.text import Text
from haihe.engine import coverage, geometry
from haihe.kernel.places import queries as places
from haihe.kernel.places.models import Grid, GridPlan
from haihe.kernel.places.queries import GridFault
from haihe.ui import maps


@dataclass(frozen=True)
class Row:
    """One grid of the table, its area in square metres and a point inside it."""

    code: str
    community: Text
    kind: str
    name: Text
    area_m2: int
    longitude: float
    latitude: float


@dataclass(frozen=True)
class FaultLine:
    """One fault in words; ``number`` is its place in the list and on the map."""

    number: int
    title: str
    grids: tuple[str, ...]
    longitude: float
    latitude: float
    area_m2: float


def districts() -> list[places.DivisionLine]:
    """The divisions above those whose grids are drawn."""
    return places.divisions(max(0, places.planned_level() - 1))


def shown_plan(code: str, version: str) -> GridPlan | None:
    """The plan to show: a version by its number, else the draft, the one in force, the newest."""
    if version.isdecimal():
        return places.plans_of(code).filter(version=int(version)).first()
    return places.draft_of(code) or places.current_plan(code) or places.plans_of(code).first()


def codes(plan: GridPlan) -> list[str]:
    """The codes of a plan's grids."""
    return list(places.grids_in(plan).values_list("code", flat=True))


def rows(plan: GridPlan) -> list[Row]:
    """A plan's grids for the table."""
    return [_row(each) for each in places.grids_in(plan)]


def _row(grid: Grid) -> Row:
    area, longitude, latitude = coverage.measured(bytes(grid.shape))
    return Row(
        grid.code, grid.community.name, _kind(grid.kind), grid.name, area, longitude, latitude
    )


def _kind(kind: str) -> str:
    return {"all_round": gettext("All-round"), "special": gettext("Special")}.get(kind, kind)


def fault_lines(faults: Sequence[GridFault]) -> list[FaultLine]:
    """Faults in words, in their order."""
    titles = {
        "gap": gettext("No grid covers this place"),
        "lap": gettext("Several grids cover this place"),
        "beyond": gettext("This place lies beyond the street's outline"),
    }
    return [
        FaultLine(n, titles[f.flaw], f.grids, f.longitude, f.latitude, f.area_m2)
        for n, f in enumerate(faults, start=1)
    ]


def map_datum(plan: GridPlan) -> str:
    """The datum in which the map shows a plan: that of the base map, else the plan's own."""
    return settings().map_datum if settings().map_tiles else plan.datum


def map_data(plan: GridPlan, faults: Sequence[GridFault], *, is_editable: bool) -> dict[str, Any]:
    """What the map's script reads. Neighbours share every corner, so that they move as one."""
    datum = map_datum(plan)
    grids = list(places.grids_in(plan))
    shapes = coverage.noded({each.code: _moved(each.shape, plan.datum, datum) for each in grids})
    return {
        "cells": {
            "type": "FeatureCollection",
            "features": [
                _feature(each, coverage.as_geometry(shapes[each.code]))
                for each in grids
                if each.code in shapes
            ],
        },
        "faults": {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"number": number},
                    "geometry": coverage.as_geometry(_moved(each.shape, plan.datum, datum)),
                }
                for number, each in enumerate(faults, start=1)
            ],
        },
        "editable": is_editable,
        "tiles": maps.layers(),
        "note": maps.source(),
        "words": _words(),
    }


def _words() -> dict[str, str]:
    return {
        "corner": gettext("Corner"),
        "of": gettext("of grid"),
        "arrows": gettext("arrow keys move it"),
        "changed": gettext("Corners moved, not saved yet:"),
        "chosen": gettext("Grid on the map:"),
        "across": gettext("Tap outside the grid, and again beyond it: the line divides the grid."),
        "line": gettext("Corners of the line:"),
        "larger": gettext("Larger"),
        "smaller": gettext("Smaller"),
    }


def _moved(shape: bytes, source: str, target: str) -> bytes:
    return geometry.in_datum(bytes(shape), source=source, target=target)


def _feature(grid: Grid, shape: Any) -> dict[str, Any]:
    properties = {"code": grid.code, "community": grid.community_id, "kind": grid.kind}
    return {
        "type": "Feature",
        "properties": {**properties, "name": grid.name},
        "geometry": shape,
    }


def file_of(plan: GridPlan) -> str:
    """A plan as the GeoJSON file that can be changed and uploaded again, in the plan's datum."""
    head = {
        "datum": plan.datum,
        "source": plan.source,
        "is_schematic": plan.is_schematic,
        "valid_from": plan.valid_from.isoformat() if plan.valid_from else None,
    }
    features = [
        _feature(each, coverage.as_geometry(bytes(each.shape))) for each in places.grids_in(plan)
    ]
    collection = {"type": "FeatureCollection", "haihe": head, "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
