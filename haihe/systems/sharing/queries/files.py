"""Delivered files as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from haihe.base.clock import now
from haihe.kernel.catalogue.models import Grant
from haihe.kernel.exchange import queries as exchange
from haihe.kernel.exchange.models import Export, ExportFile

MOST = 30


@dataclass(frozen=True)
class ExportLine:
    """One delivery as files. ``state`` is ``available`` or ``removed``; sizes in bytes."""

    batch: UUID
    made_at: datetime | None
    until: datetime
    rows: int
    size: int
    state: str
    manifest_sha256: str
    manifest_size: int
    key: str
    files: list[ExportFile]
    number: int
    is_whole: bool
    gone: int


def export_lines(grant: Grant) -> list[ExportLine]:
    """The newest deliveries of a grant as files, newest first."""
    return lines_of(exchange.exports(grant=grant.pk)[:MOST])


def lines_of(exports: Iterable[Export]) -> list[ExportLine]:
    """Deliveries as lines, in their order."""
    return [_line(each) for each in exports]


def _line(export: Export) -> ExportLine:
    found = sorted(export.files.all(), key=lambda each: each.name)
    is_over = export.removed_at is not None or export.expires_at <= now()
    return ExportLine(
        batch=export.pk,
        made_at=export.batch.ended_at,
        until=export.expires_at,
        rows=export.batch.rows_written,
        size=sum(each.size for each in found),
        state="removed" if is_over else "available",
        manifest_sha256=bytes(export.manifest_sha256).hex(),
        manifest_size=len(export.manifest.encode()),
        key=export.key.public,
        files=found,
        number=export.number,
        is_whole=export.is_whole,
        gone=export.rows_gone,
    )
