"""`haihe bench cases`: opening in bulk, walking to the end, and an inbox among many cases.

Everything is its own: a durable server in a temporary folder, filled by a process of its own. The
cases present are rows in realistic states without a history; what is measured is made by the
actions. The limit is COPY of as many bare rows into a table without index or key. Reports with
photos come over HTTP to pages of their own (``case_reports``).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg

from haihe.engine.postgres.server import Server
from haihe.project.bench import case_reports
from haihe.project.bench.own import own_server, variables, worked

PRESENT, QUICK_PRESENT = 16_000_000, 30_000
OPENED, QUICK_OPENED = 300_000, 5_000
WALKED, QUICK_WALKED = 1_000, 20
_SHOWN = ("fsync", "synchronous_commit", "full_page_writes")


def run(*, quick: bool = False, scale: float = 1.0, peers: bool = False) -> dict[str, Any]:
    """Figures, limits and ratios. ``scale`` multiplies the cases present and opened."""
    present = int((QUICK_PRESENT if quick else PRESENT) * scale)
    opened = max(1, int((QUICK_OPENED if quick else OPENED) * min(scale, 1.0)))
    walked = min(opened, QUICK_WALKED if quick else WALKED)
    with own_server() as (server, folder):
        found = _measure(server, folder, sizes=(present, opened, walked))
        found["figures"] |= _durability(server)
        figures, limits = case_reports.measure(server, folder, quick=quick)
        found["figures"] |= figures
        found["limits"] |= limits
        found["notes"] = list(case_reports.NOTES)
        return found


def _measure(server: Server, folder: Path, *, sizes: tuple[int, int, int]) -> dict[str, Any]:
    figures, limits = worked(
        "case_work", *sizes, server.pid, environment=variables(server.url(), folder)
    )
    return {
        "figures": figures,
        "peers": {},
        "limits": limits,
        "ratios": {"opened_vs_bare_copy": figures["opened_per_s"] / limits["bare_rows_per_s"]},
    }


def _durability(server: Server) -> dict[str, str]:
    with psycopg.connect(server.url()) as connection:
        shown = [connection.execute(f"show {name}").fetchone() for name in _SHOWN]  # type: ignore[call-overload]
    return {name: str(row[0]) for name, row in zip(_SHOWN, shown, strict=True) if row}
