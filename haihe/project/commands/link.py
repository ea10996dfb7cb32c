"""`haihe link`: make and run links by hand, see how they went."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from haihe.base.actor import Actor
from haihe.kernel.exchange import actions, queries
from haihe.kernel.exchange.models import Batch
from haihe.project.database import running_database

app = typer.Typer(no_args_is_help=True)
_out = Console(highlight=False, soft_wrap=True)
BY = Actor(
    "administrator",
    "command",
    permissions=frozenset(
        {"exchange.link.make", "exchange.link.run", "exchange.link.pause", "exchange.link.any"}
    ),
)
Code = Annotated[str, typer.Argument(help="Code of the link.")]


@app.command("list")
def list_links() -> None:
    """List the links with their last run."""
    table = Table(
        *(
            Column(name, overflow="fold")
            for name in ("link", "resource", "mode", "schedule", "last run", "state")
        )
    )
    with running_database():
        for link in queries.links():
            last = queries.batches(link=link.code).first()
            state = "paused" if link.paused_at else last.state if last else "never run"
            started = f"{last.started_at:%Y-%m-%d %H:%M}" if last else ""
            row = (link.code, link.resource_id, link.mode, link.schedule, started, state)
            table.add_row(*row)
    _out.print(table)


@app.command()
def make(
    resource: Annotated[str, typer.Argument(help="Code of a published resource.")],
    code: Annotated[str, typer.Option(help="Code of the link; default: the resource's.")] = "",
    watermark: Annotated[str, typer.Option(help="Column that grows; none: full.")] = "",
    mode: Annotated[
        str, typer.Option(help="full, watermark or log; default: by --watermark.")
    ] = "",
    schedule: Annotated[str, typer.Option(help="`every 15m`, or cron's five fields.")] = "",
    overlap: Annotated[
        int | None,
        typer.Option(help="Seconds read again before the position; 300 by a timestamp.", min=0),
    ] = None,
) -> None:
    """Make a link that gathers a resource into the lake."""
    with running_database():
        link = actions.make_link(
            by=BY,
            code=code or resource,
            resource=resource,
            mode=mode or ("watermark" if watermark else "full"),
            watermark=watermark,
            schedule=schedule,
            overlap_s=overlap,
        )
        script = queries.log_script(link.code) if link.mode == "log" else ""
    if script:
        _out.print("The provider's administrator runs this first:\n", markup=False)
        _out.print(script, markup=False)
    _out.print(f"Made the link {link.code}. Run it: haihe link run {link.code}", markup=False)


@app.command()
def script(code: Code) -> None:
    """Print what the provider's administrator runs so that a link can follow the change log."""
    with running_database():
        text = queries.log_script(code)
    _out.print(text, markup=False)


@app.command()
def run(
    code: Code,
    anew: Annotated[
        bool, typer.Option("--anew", help="Of a change log: read the whole table again.")
    ] = False,
) -> None:
    """Run a link once, now; the figures of its batch."""
    with running_database():
        batch = actions.run_link(by=BY, link=code, is_anew=anew)
        reasons = queries.reasons_of(batch)
    _out.print(_told(batch), markup=False)
    if batch.lag_bytes is not None:
        told = f"deleted {batch.rows_deleted:,}; in the log still: {batch.lag_bytes:,} bytes"
        _out.print(told, markup=False)
    if batch.offered:
        _out.print(f"the source now also has: {', '.join(batch.offered)}", markup=False)
    for reason, column, rows in reasons:
        _out.print(f"  {rows:,} in quarantine: {reason} {column}", markup=False)


@app.command()
def pause(code: Code) -> None:
    """Pause a link: a running batch stops at once."""
    with running_database():
        actions.pause_link(by=BY, link=code)


@app.command()
def resume(code: Code) -> None:
    """Let a paused link run again."""
    with running_database():
        actions.resume_link(by=BY, link=code)


def _told(batch: Batch) -> str:
    return (
        f"read {batch.rows_read:,}, written {batch.rows_written:,},"
        f" quarantined {batch.rows_quarantined:,}; hashes: source {batch.source_hash}"
        f" = target {batch.target_hash} + quarantine {batch.quarantine_hash}"
    )
