"""START HERE: what the system of grids is called and what it adds to the house. Data only."""

from __future__ import annotations

from haihe.base.registry import MenuEntry, System

PLAN = "places.grids.plan"
PUBLISH = "places.grids.publish"

GRID = System(
    name="grid",
    title={"zh": "网格", "en": "Grids"},
    menu=(
        MenuEntry({"zh": "网格", "en": "Grids"}, "grid:streets", "officer", "map", PLAN, rank=65),
    ),
)
