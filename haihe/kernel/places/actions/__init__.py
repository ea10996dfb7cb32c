"""The verbs of places, by what they act on."""

from haihe.kernel.places.actions.divisions import load_boundaries, load_divisions
from haihe.kernel.places.actions.grids import draft_grids, drop_draft, publish_grids
from haihe.kernel.places.actions.grids_in_bulk import load_grids

__all__ = [
    "draft_grids",
    "drop_draft",
    "load_boundaries",
    "load_divisions",
    "load_grids",
    "publish_grids",
]
