"""`haihe source`: reach a department's database before anything is registered."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from haihe.engine.sources import open_source

app = typer.Typer(no_args_is_help=True)
_out = Console(highlight=False, soft_wrap=True)

Address = Annotated[
    str,
    typer.Argument(
        metavar="DSN",
        help="postgresql:// or mariadb://user:password@host:port/database, or file:///folder.",
    ),
]


@app.callback()
def _source() -> None:
    """Reach a department's database before anything is registered."""


@app.command()
def check(dsn: Address) -> None:
    """Say whether the source answers, as whom, with which rights, and what tables it holds."""
    source = open_source(dsn, timeout_s=30)
    reached = source.check()
    rights = "read only" if reached.is_read_only else "may also WRITE: ask for a read-only user"
    lines = [
        f"reached   {reached.product} {reached.version} in {reached.latency_ms:.0f} ms",
        f"database  {reached.database}",
        f"user      {reached.user or '-'}",
        f"rights    {rights}",
        f"channel   {'encrypted' if reached.is_encrypted else 'not encrypted'}",
    ]
    _out.print("\n".join(lines), markup=False)
    table = Table(
        *(Column(name, overflow="fold") for name in ("table", "rows (estimated)", "comment"))
    )
    for each in source.tables():
        rows = "" if each.rows_estimate is None else f"{each.rows_estimate:,}"
        table.add_row(each.name, rows, each.comment)
    _out.print(table)
