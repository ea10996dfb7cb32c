"""How many processes serve the pages on this machine, where nobody says."""

from __future__ import annotations

import os

from haihe.base.settings import Settings

MIB_EACH = 512
"""Memory of one process of pages at work: 200 MiB at rest, the rest for files that are sent up."""
MOST = 16
"""Each holds eight connections to the database."""


def pages_processes(settings: Settings) -> int:
    """As the setting says; else by the cores that we may use and the memory that is built in."""
    if settings.pages_processes:
        return settings.pages_processes
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return fitting(cores=len(os.sched_getaffinity(0)), memory_mib=memory // 2**20)


def fitting(*, cores: int, memory_mib: int) -> int:
    """One for every two cores, for database and jobs need the others; within a quarter of memory.

    >>> fitting(cores=2, memory_mib=24_000), fitting(cores=16, memory_mib=64_000)
    (1, 8)
    >>> fitting(cores=16, memory_mib=4_000), fitting(cores=1, memory_mib=500)
    (1, 1)
    """
    return max(1, min(cores // 2, memory_mib // 4 // MIB_EACH, MOST))
