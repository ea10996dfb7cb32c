"""Checks a whole pack in one run: every reference resolves, every code has its shape, or a fault.

Each rule is one function over the pack; `check_pack` runs them all and counts what there is.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from haihe.project.pack.check_catalogue import CATALOGUE_RULES
from haihe.project.pack.check_corrections import CORRECTION_RULES
from haihe.project.pack.check_grids import GRID_RULES
from haihe.project.pack.check_items import ITEM_RULES
from haihe.project.pack.check_org import ORG_RULES
from haihe.project.pack.check_places import PLACE_RULES
from haihe.project.pack.check_platforms import PLATFORM_RULES
from haihe.project.pack.check_types import TYPE_RULES
from haihe.project.pack.check_upward import UPWARD_RULES
from haihe.project.pack.check_workers import WORKER_RULES
from haihe.project.pack.find import pack_folder
from haihe.project.pack.read import Pack, read_pack


def check_pack(city: str | Path) -> Pack:
    """Read and check a pack by name or path; its ``faults`` hold all that is wrong.

    Errors: ``city.unknown`` if there is no such pack.
    """
    pack = read_pack(pack_folder(str(city)))
    for rule in (
        *PLACE_RULES,
        *GRID_RULES,
        *ORG_RULES,
        *ITEM_RULES,
        *TYPE_RULES,
        *PLATFORM_RULES,
        *UPWARD_RULES,
        *WORKER_RULES,
        *CATALOGUE_RULES,
        *CORRECTION_RULES,
    ):
        rule(pack)
    return pack


def counts(pack: Pack) -> dict[str, int]:
    """How much of each thing the pack holds, for people to read."""
    levels = Counter(each.level for each in pack.divisions)
    kinds = Counter(each.kind for each in pack.departments)
    found: dict[str, Any] = {
        _level_name(pack, level): number for level, number in sorted(levels.items())
    }
    found |= {
        "Boundaries": len(pack.boundaries.get("features", ())),
        "Grids": len(pack.grids.get("features", ())),
        "Departments": kinds["department"],
        "District governments": kinds["district"],
        "Public-service institutions": kinds["institution"],
        "Calendar years": len(pack.calendar.years) if pack.calendar else 0,
        "Source systems": len(pack.systems),
        "Resources": len(pack.resources),
        "Columns": sum(len(each.columns) for _, each in pack.resources),
        "Services": sum(len(each.services) for _, each in pack.resources),
        "Purposes": len(pack.purposes),
        "Negative entries": len(pack.negative),
        "Posts": len(pack.posts),
        "Categories of reports": sum(each.kind == "category" for each in pack.items),
        "Items": sum(each.kind in {"event", "component"} for each in pack.items),
        "Case types": len(pack.case_types),
        "Districts' platforms": len(pack.platforms),
        "Ministries": len(pack.upward.ministries) if pack.upward else 0,
        "National systems": len(pack.upward.systems) if pack.upward else 0,
        "Upward links": len(pack.upward.links) if pack.upward else 0,
    }
    return found


def _level_name(pack: Pack, level: int) -> str:
    if level == 0:
        return "Level 0 (city)"
    levels = pack.city.get("levels")
    if isinstance(levels, list) and level <= len(levels) and isinstance(levels[level - 1], dict):
        name = levels[level - 1].get("name", {})
        return f"Level {level} ({name.get('en', '?') if isinstance(name, dict) else '?'})"
    return f"Level {level}"
