"""`haihe report`: what the city's figures say, as a document."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from rich.console import Console

from haihe.base.registry import registry
from haihe.kernel.places import queries as places
from haihe.project.database import running_database
from haihe.project.errors import NotWritable, SystemOff, UnknownLanguage

app = typer.Typer(no_args_is_help=True)
_out = Console(highlight=False, soft_wrap=True)


@app.callback()
def _group() -> None:
    """Reports over the city's figures."""


@app.command()
def weekly(
    week: Annotated[str, typer.Option(help="As 2026-W47; the last that is over by default.")] = "",
    division: Annotated[str, typer.Option(help="Code of a division; the whole city if none.")] = "",
    language: Annotated[str, typer.Option(help="zh-hans or en; the city's first if none.")] = "",
    out: Annotated[Path | None, typer.Option(help="File to write; named by week if none.")] = None,
) -> None:
    """Write the week's report on reports and their handling as PDF. It is not filed."""
    if "figures" not in registry.systems:
        raise SystemOff
    if language and language not in dict(settings.LANGUAGES):
        raise UnknownLanguage(f"There are no reports in {language}.")
    queries = import_module("haihe.systems.figures.queries")  # only where the city has it
    with running_database():
        monday = queries.monday_of(week)
        if division:
            places.division(division)
        content = queries.weekly_pdf(
            monday, division, language=language or settings.LANGUAGE_CODE
        )  # fmt: skip
    name = "-".join(each for each in ("weekly", queries.week_name(monday), division) if each)
    path = out or Path(f"{name}.pdf")
    try:
        path.write_bytes(content)
    except OSError as fault:
        raise NotWritable(f"{path} can't be written: {fault.strerror}.") from None
    _out.print(f"Written: {path}")
