"""Filing the weekly report, and opening one that was filed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.files import actions as files
from haihe.kernel.ledger import actions as ledger
from haihe.systems.figures import queries
from haihe.systems.figures.models import WeeklyReport


def file_weekly(*, by: Actor, week: date, division: str = "", language: str) -> WeeklyReport:
    """Make the report of the week from that Monday on and keep it for those who may read it.

    Errors: ``figures.outside``, ``places.division.unknown``, ``files.no_font``,
    ``files.disk_full``.
    """
    by.must("figures.weekly.file")
    if by.kind == "officer":
        queries.must_lie_in(queries.scope_of(by), division)
    content = queries.weekly_pdf(week, division, language=language)
    keeper = replace(by, permissions=by.permissions | {"files.store"})
    name = "-".join(
        each for each in ("weekly", queries.week_name(week), division, language) if each
    )
    with transaction.atomic():
        file = files.keep_made(by=keeper, content=content, name=f"{name}.pdf")
        row = WeeklyReport.objects.create(
            week=week, division_id=division or None, language=language, file=file
        )
        body = {
            "week": queries.week_name(week),
            "division": division,
            "language": language,
            "sha256": bytes(file.sha256).hex(),
        }
        ledger.record(by=by, kind="figures.weekly.filed", body=body)
    return row


def open_weekly(*, by: Actor, key: UUID) -> tuple[WeeklyReport, BinaryIO]:
    """A filed report and its content; opening it stands in the ledger.

    Errors: ``figures.weekly.unknown``, ``figures.outside``; those of ``files.open_file``.
    """
    by.must("figures.read")
    row = queries.filed(key)
    queries.must_lie_in(queries.scope_of(by), row.division_id or "")
    reader = replace(by, permissions=by.permissions | {"files.open"})
    return row, files.open_file(by=reader, file=row.file, reason="figures.weekly")
