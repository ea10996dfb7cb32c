"""What places declare: permissions, ledger kinds, and the drafts that its actions take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
)

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
