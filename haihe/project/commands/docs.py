"""`haihe docs`: write the reference from the code."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from haihe.project.reference import FOLDER, drifted, write

app = typer.Typer(no_args_is_help=True)


@app.callback()
def docs() -> None:
    """Pages that are written from the code."""


@app.command()
def reference(
    folder: Annotated[Path, typer.Option(help="Where the pages lie.")] = FOLDER,
    check: Annotated[bool, typer.Option(help="Write nothing; exit 1 if pages drifted.")] = False,
) -> None:
    """Write the reference pages that differ from the code."""
    names = drifted(folder) if check else write(folder)
    for name in names:
        print(f"{'Drifted' if check else 'Written'}: {folder / name}")
    if check and names:
        raise typer.Exit(1)
