"""The verbs of places, by what they act on."""

from haihe.kernel.places.actions.changing import divide_grid, divide_straight, join_grids
from haihe.kernel.places.actions.divisions import load_boundaries, load_divisions
from haihe.kernel.places.actions.grids import draft_grids, drop_draft, publish_grids
from haihe.kernel.places.actions.grids_in_bulk import load_grids

__all__ = [
    "divide_grid",
    "divide_straight",
    "draft_grids",
    "drop_draft",
    "join_grids",
    "load_boundaries",
    "load_divisions",
    "load_grids",
    "publish_grids",
]
