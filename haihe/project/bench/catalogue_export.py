"""The part of `haihe bench catalogue` that writes the whole catalogue out as DCAT-AP.

Page by page as the addresses serve it, in each format, from the same rows that the search reads.
"""

from __future__ import annotations

import importlib
import time
import tracemalloc
from typing import Any

FORMATS = ("ttl", "jsonld", "rdf")
ADDRESS = "https://data.bench.example"
_MEASURED_PAGES = 4


def export_figures() -> dict[str, Any]:
    """Seconds, MB and rows a second of one export in each format; the greatest page's time and
    memory.
    """
    edge = importlib.import_module("haihe.edges.dcat")
    written = importlib.import_module("haihe.systems.cascade.queries.written")
    reader = written.Audience(ADDRESS, is_open=False)
    figures: dict[str, Any] = {}
    for form in FORMATS:
        rows, size, slowest = 0, 0, 0.0
        begun = last = time.perf_counter()
        for page in written.pages(reader, where=f"{ADDRESS}/dcat/shared.{form}"):
            size += len(edge.write_page(page, form=form))
            rows += len(page.datasets)
            now = time.perf_counter()
            slowest, last = max(slowest, now - last), now
        taken = time.perf_counter() - begun
        figures |= {
            f"export_{form}_s": taken,
            f"export_{form}_mb": size / 1e6,
            f"export_{form}_rows_per_s": rows / taken,
            f"export_{form}_slowest_page_ms": slowest * 1000,
        }
    return figures | {"export_rows": rows, "export_peak_mib": _peak(reader)}


def _peak(reader: Any) -> float:
    """The most memory that Python holds while a few pages are written, in MiB."""
    edge = importlib.import_module("haihe.edges.dcat")
    written = importlib.import_module("haihe.systems.cascade.queries.written")
    tracemalloc.start()
    pages = written.pages(reader, where=ADDRESS)
    for _, page in zip(range(_MEASURED_PAGES), pages, strict=False):
        edge.write_page(page)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20
