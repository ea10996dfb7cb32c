"""`haihe ledger`: verify the ledger, show its newest checkpoint, a promise, its state."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from haihe.base.settings import settings
from haihe.engine.merkle.promise import promise_text
from haihe.kernel.ledger import queries
from haihe.kernel.ledger.keys import log_key
from haihe.project.database import running_database

app = typer.Typer(no_args_is_help=True)
_out = Console(highlight=False, soft_wrap=True)


@app.command()
def checkpoint() -> None:
    """Print the newest published checkpoint, with its cosignatures."""
    _out.print(queries.checkpoint(), end="", markup=False)


@app.command()
def promise(entry: Annotated[UUID, typer.Argument(help="The entry's id.")]) -> None:
    """Print the log's signed promise that an entry stands, or will stand, in it."""
    with running_database():
        _out.print(promise_text(queries.promise_of(entry)).decode(), markup=False)


@app.command()
def status() -> None:
    """Print the log's size, what waits, and since when a witness is missing."""
    with running_database():
        state = queries.summary()
    _out.print(f"origin    {settings().ledger_name}", markup=False)
    _out.print(f"key       {log_key(settings()).verifier.text}", markup=False)
    _out.print(f"entries   {state.size} numbered, {state.waiting} waiting", markup=False)
    _out.print(f"signed    {state.signed_at or 'never'}", markup=False)
    _out.print(f"witness   {_witness(state)}", markup=False)


def _witness(state: queries.Summary) -> str:
    if state.is_cosigned:
        return f"co-signed at {state.cosigned_at}"
    if state.awaited_since is None:
        return "nothing to co-sign yet"
    if not settings().witness_url:
        return f"not co-signed since {state.awaited_since}: no HAIHE_WITNESS_URL is set"
    return f"not co-signed since {state.awaited_since}"
