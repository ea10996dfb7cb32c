"""What places declare: permissions, ledger kinds, and the drafts that its actions take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from haihe.base.registry import LedgerKind, Permission
from haihe.base.text import Text

PERMISSIONS = (
    Permission(
        "places.divisions.load",
        {"zh": "载入行政区划", "en": "Load divisions"},
        held_by="system",
    ),
    Permission(
        "places.boundaries.load",
        {"zh": "载入区划边界", "en": "Load boundaries"},
        held_by="system",
    ),
    Permission("places.grids.plan", {"zh": "绘制网格", "en": "Draw grids"}),
    Permission("places.grids.load", {"zh": "载入网格", "en": "Load grids"}, held_by="system"),
    Permission("places.grids.publish", {"zh": "发布网格", "en": "Publish grids"}),
)

_NONE = "Holds no personal data: codes and counts of grids."
LEDGER_KINDS = (
    LedgerKind(
        "places.divisions.loaded",
        {"zh": "行政区划已载入", "en": "Divisions loaded"},
        erased="Holds no personal data: counts and codes of divisions.",
    ),
    LedgerKind(
        "places.boundaries.loaded",
        {"zh": "区划边界已载入", "en": "Boundaries loaded"},
        erased="Holds no personal data: codes and versions of boundaries.",
    ),
    LedgerKind("places.grids.drafted", {"zh": "网格已起草", "en": "Grids drafted"}, _NONE),
    LedgerKind("places.grids.dropped", {"zh": "网格草稿已删除", "en": "Draft dropped"}, _NONE),
    LedgerKind("places.grids.loaded", {"zh": "网格已载入", "en": "Grids loaded"}, _NONE),
    LedgerKind("places.grids.published", {"zh": "网格已发布", "en": "Grids published"}, _NONE),
)


@dataclass(frozen=True)
class DivisionDraft:
    """One division to load. ``level`` counts from 0 (the city); only the city has no parent."""

    code: str
    name: Text
    level: int
    parent: str | None


@dataclass(frozen=True)
class BoundaryDraft:
    """One boundary to load: a division's code and a GeoJSON polygon or multipolygon."""

    division: str
    geometry: Mapping[str, Any]


@dataclass(frozen=True)
class GridDraft:
    """One grid to draw: its code and a GeoJSON polygon or multipolygon, or its WKB.

    Without a ``community`` it is the one that the code names.
    """

    code: str
    geometry: Mapping[str, Any] | bytes
    community: str = ""
    kind: str = "all_round"
    name: Text = field(default_factory=dict)
