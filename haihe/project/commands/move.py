"""`haihe move link.toml`: move the tables of a link that stands in a file. No Django."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from haihe.engine import alone

_out = Console(highlight=False, soft_wrap=True)


def move(file: Annotated[Path, typer.Argument(help="The link's file, link.toml.")]) -> None:
    """Move every table of a link once; both sides' content hashes are compared before commit."""
    alone.move(alone.read_link(file), then=_say)


def _say(moved: alone.Moved) -> None:
    done, table = moved.outcome, moved.table
    _out.print(
        f"{table.source} -> {table.target}: read {done.rows_read:,}, written"
        f" {done.rows_written:,}, quarantined {done.rows_quarantined:,}; hashes: source"
        f" {done.source_hash} = target {done.target_hash} + quarantine {done.quarantine_hash}",
        markup=False,
    )
