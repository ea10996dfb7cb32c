"""`haihe cascade`: read another catalogue once, send ours up, write it out as DCAT-AP."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from haihe.base.actor import Actor
from haihe.base.errors import BadInput
from haihe.base.registry import registry
from haihe.base.settings import settings
from haihe.edges.dcat import FORMATS
from haihe.project.database import running_database
from haihe.project.errors import SystemOff

app = typer.Typer(no_args_is_help=True)
_out = Console(highlight=False, soft_wrap=True)
Code = Annotated[str, typer.Argument(help="Code of the other catalogue.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
BY = Actor(
    "administrator",
    "command.cascade",
    permissions=frozenset({"cascade.harvest", "cascade.send"}),
)
"""Whoever may run commands on this machine acts as its system administrator."""


class NoFile(BadInput):
    """The file can't be written, or its ending is no format's."""

    code = "cascade.export.file"
    message = "The catalogue can't be written there."
    hint = "Name a file that ends in .ttl, .jsonld or .rdf, in a folder that you may write to."


class NoAddress(BadInput):
    """Nobody says what the catalogue is called."""

    code = "cascade.export.address"
    message = "It isn't said under which address others reach this Haihe."
    hint = "Set HAIHE_ADDRESS, or give --address."


@app.command("list")
def list_sources() -> None:
    """List the other catalogues: when each was read, how many entries, faults and gone ones."""
    queries = _part("queries.entries")
    with running_database():
        for each in queries.lines():
            last = f"{each.source.done_at:%Y-%m-%d %H:%M} UTC" if each.source.done_at else "never"
            counts = f"{each.entries} entries, {each.faulty} with faults, {each.gone} gone"
            state = each.source.reason or ("" if each.source.is_active else "stopped")
            _out.print(
                f"{each.source.pk:<20}{each.source.kind:<7}{last:<22}{counts}  {state}",
                markup=False,
            )


@app.command()
def harvest(code: Code, as_json: AsJson = False) -> None:
    """Read another catalogue now, to its end; exit 1 where it could not be."""
    actions, queries = _part("actions"), _part("queries.entries")
    with running_database():
        found = actions.harvest(by=BY, source=queries.source(code))
    names = ("state", "pages", "entries", "own", "new", "changed", "gone", "reason")
    told = {name: getattr(found, name) for name in names} if found else {"state": "busy"}
    if as_json:
        _out.print(json.dumps(told))
    else:
        for name, value in told.items():
            _out.print(f"{name:<10}{value}".rstrip(), markup=False)
    if told["state"] != "done":
        raise typer.Exit(1)


@app.command()
def send(code: Code) -> None:
    """Send our catalogue to a higher level now, if anything in it has changed."""
    actions, queries = _part("actions"), _part("queries.entries")
    with running_database():
        count = actions.send_catalogue(by=BY, source=queries.source(code))
    if count is None:
        _out.print("Another process is at this catalogue; try again soon.")
        raise typer.Exit(1)
    _out.print(f"Sent {count} entries." if count else "Nothing has changed since it was last sent.")


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="File to write: .ttl, .jsonld or .rdf.")],
    shared: Annotated[
        bool, typer.Option("--shared", help="All that is published, not the open part alone.")
    ] = False,
    address: Annotated[
        str, typer.Option(help="Where others reach this Haihe; HAIHE_ADDRESS by default.")
    ] = "",
) -> None:
    """Write the catalogue into one file as DCAT-AP, page by page."""
    whole = _part("queries.whole")
    form = file.suffix.removeprefix(".")
    if form not in FORMATS:
        raise NoFile
    where = (address or settings().address).rstrip("/")
    if not where:
        raise NoAddress
    with running_database():
        try:
            with file.open("wb") as to:
                count = whole.write_whole(to, form=form, address=where, is_open=not shared)
        except OSError as fault:
            raise NoFile(f"{file} can't be written: {fault.strerror}.") from None
    _out.print(f"Wrote {count} entries, {file.stat().st_size / 2**20:.1f} MiB.")


def _part(name: str) -> Any:
    """A part of the system, which a city may have switched off."""
    if "cascade" not in registry.systems:
        raise SystemOff
    return import_module(f"haihe.systems.cascade.{name}")
