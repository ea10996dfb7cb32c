"""Benchmarks, each a module with `run`: figures, peers, limits and ratios of one run.

A benchmark whose part is not built yet has no module here, and `haihe bench` says so.
"""

from __future__ import annotations

import os
import platform
from typing import Any

NAMES = (
    "exchange",
    "services",
    "catalogue",
    "cases",
    "places",
    "analyses",
    "health",
    "cold_chain",
    "policies",
    "pages",
)


def machine() -> dict[str, Any]:
    """Cores, memory, load, processor and Python of this machine."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(pages * size / 2**30, 1),
        "load_1m": round(os.getloadavg()[0], 1),
        "processor": platform.machine(),
        "python": platform.python_version(),
    }
