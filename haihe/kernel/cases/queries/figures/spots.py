"""Hot spots: where most is reported, by square cells of one size."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from haihe.kernel.cases.queries.figures.span import Span, ask, narrow

CELL_M = 150
_DEGREE_M = 111_320.0


@dataclass(frozen=True)
class HotSpot:
    """A cell with its counts. The point is its middle, in WGS-84; ``y`` and ``x`` name it.

    ``place`` is the code of the division in which most of its reports lie; ``by_heading`` counts
    by the citizen's category, most first.
    """

    y: int
    x: int
    filed: int
    open: int
    place: str | None
    by_heading: dict[str, int]
    longitude: float
    latitude: float


def hot_spots(span: Span, *, cell: int = CELL_M, most: int = 20, least: int = 2) -> list[HotSpot]:
    """The cells of ``cell`` metres with most reports; none with fewer than ``least``.

    Whoever shows them to the public gives a ``least`` that tells of no single household.
    """
    thin = narrow()
    rows = ask(
        span, "below", "located", "spots", cell=cell, narrow=thin, most=most, least=least
    )  # fmt: skip
    return [_spot(row, cell, thin) for row in rows]


def _spot(row: dict[str, Any], cell: int, thin: float) -> HotSpot:
    headings = json.loads(row.pop("by_heading")).items()
    return HotSpot(
        **row,
        by_heading=dict(sorted(headings, key=lambda each: (-each[1], each[0]))),
        longitude=(row["x"] + 0.5) * cell / (_DEGREE_M * thin),
        latitude=(row["y"] + 0.5) * cell / _DEGREE_M,
    )


def cases_at(
    span: Span, *, y: int, x: int, cell: int = CELL_M, most: int = 50, after: int = 0
) -> list[UUID]:
    """Ids of the reports in a cell, the newest first."""
    rows = ask(
        span, "below", "located", "cases_spot",
        y=y, x=x, cell=cell, narrow=narrow(), most=most, after=after,
    )  # fmt: skip
    return [row["id"] for row in rows]
