"""`haihe city`: check a pack, begin a new one, load one into the database."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from haihe.base.settings import settings
from haihe.project.database import running_database
from haihe.project.pack.check import check_pack, counts
from haihe.project.pack.new import write_pack
from haihe.project.start import start_django

app = typer.Typer(no_args_is_help=True)
City = Annotated[str, typer.Argument(help="A pack's name in haihe/cities, or a folder's path.")]


@app.command()
def check(city: City) -> None:
    """Read every file of a pack, report every fault, print what it holds; exit 1 on faults."""
    pack = check_pack(city)
    out = Console(highlight=False, soft_wrap=True)
    for fault in pack.faults.found:
        out.print(str(fault), markup=False)
    table = Table("What", "Count", title=str(pack.folder.name))
    for what, number in counts(pack).items():
        table.add_row(what, str(number))
    out.print(table)
    if pack.faults.found:
        out.print(f"{len(pack.faults.found)} faults.")
        raise typer.Exit(1)
    out.print("No faults.")


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="Folder to make.")],
    name: Annotated[str, typer.Option(help="The city's name.")] = "Newtown",
    code: Annotated[str, typer.Option(help="The city's code: 2 to 8 capitals.")] = "NT",
) -> None:
    """Write a minimal pack that passes the check."""
    write_pack(folder, name=name, code=code)
    print(f"Written. Next: haihe city check {folder}, then HAIHE_CITY={folder.resolve()}.")


@app.command()
def load(city: Annotated[str, typer.Argument(help="As HAIHE_CITY, by default.")] = "") -> None:
    """Load a pack into the database, all or nothing; loading again changes only what changed."""
    start_django()
    # Only now: its models need Django, which check and new do without.
    loading = importlib.import_module("haihe.project.pack.load")
    with running_database():
        pack = loading.load_city(city or settings().city, tell=print)
    print(f"Loaded {pack.folder.name}.")


@app.command()
def grids() -> None:
    """Make schematic grids for every street that has none; again: nothing. Load the pack first."""
    start_django()
    # Only now: its models need Django, which check and new do without.
    making = importlib.import_module("haihe.project.demo.grids")
    loading = importlib.import_module("haihe.project.pack.load")
    with running_database():
        count = making.make_grids(by=loading.loader(), tell=print)
    print(f"Made {count} grids." if count else "Every street has its grids.")
