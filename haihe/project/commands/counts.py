"""`haihe counts`: rows gathered and delivered, and calls: by department or day."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from importlib import import_module
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from haihe.base.registry import registry
from haihe.project.database import running_database
from haihe.project.errors import SystemOff

_out = Console(highlight=False, soft_wrap=True)


class By(StrEnum):
    """What the lines are."""

    GIVING = "giving"
    RECEIVING = "receiving"
    DAY = "day"


def counts(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day; 29 days ago if none.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day; today if none.")
    ] = None,
    by: Annotated[By, typer.Option(help="giving or receiving department, or day.")] = By.GIVING,
    department: Annotated[str, typer.Option(help="Only what this department gave or got.")] = "",
) -> None:
    """Count what moved in every mode over days of the city, from what really ran."""
    if "sharing" not in registry.systems:
        raise SystemOff
    queries = import_module("haihe.systems.sharing.queries")  # only where the city has it
    last = until.date() if until else queries.today()
    first = since.date() if since else last - timedelta(days=29)
    with running_database():
        found = queries.flows(first, last, step=queries.step_of(first, last))
    if department:
        found = queries.of_department(found, department)
    lines = (
        queries.flows_by_day(found, first, last)
        if by is By.DAY
        else queries.flows_by_department(found, by)
    )
    total = queries.totals(found).counts
    table = Table(
        Column(by, footer="together"),
        *(
            Column(mode, justify="right", footer=f"{count:,}")
            for mode, count in zip(queries.MODES, total, strict=True)
        ),
        show_footer=True,
    )
    for line in lines:
        table.add_row(line.of or "—", *(f"{count:,}" for count in line.counts))
    _out.print(table)
