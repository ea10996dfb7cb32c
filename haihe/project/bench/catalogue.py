"""`haihe bench catalogue`: as many entries as the reference city, published, searched, imported.

Everything is its own: a durable server in a temporary folder, filled by a process of its own
through the kernel's actions. The peer is PostgreSQL's own search by trigrams over the same words in
one text; the limit is a scan that looks for the words in every text.
"""

from __future__ import annotations

from typing import Any

from haihe.project.bench.own import own_server, variables, worked

ENTRIES, QUICK_ENTRIES = 40_600, 2_000
IN_SHEETS, QUICK_IN_SHEETS = 40_600, 500
NOTES = (
    "A search is one page of 25 with its resources, the total, and all five facets.",
    "The peer answers page and total alone, and finds no pinyin.",
    "The export is every page of DCAT-AP as it is served, each entry with eight columns.",
    "Where words have one or two signs, trigrams can't help the peer.",
    "A workbook is read; read and checked, with one fault in it; read, checked and written.",
)


def run(*, quick: bool = False, scale: float = 1.0, peers: bool = False) -> dict[str, Any]:
    """Figures, peers, limits and ratios. ``scale`` multiplies the entries; the peer always runs."""
    entries = max(100, int((QUICK_ENTRIES if quick else ENTRIES) * scale))
    in_sheets = max(100, int((QUICK_IN_SHEETS if quick else IN_SHEETS) * scale))
    with own_server() as (server, folder):
        figures, found_by_peer, limits = worked(
            "catalogue_work", entries, in_sheets, environment=variables(server.url(), folder)
        )
    return {
        "figures": figures,
        "peers": found_by_peer,
        "limits": limits,
        "ratios": {
            "search_vs_trigrams": found_by_peer["trigram_p95_ms"] / figures["search_p95_ms"],
            "search_vs_scan": limits["scan_p95_ms"] / figures["search_p95_ms"],
        },
        "notes": list(NOTES),
    }
