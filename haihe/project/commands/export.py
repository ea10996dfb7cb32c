"""`haihe export`: delivered files, from the receiver's key to rows that are proven.

Whoever receives makes a key and opens files with `pip install haihe` alone: no Django, no database.
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.console import Console

from haihe.base.actor import Actor
from haihe.base.errors import BadInput
from haihe.engine.age import new_identity, read_identity
from haihe.engine.moving.opening import open_export
from haihe.project.database import running_database
from haihe.project.start import start_django

app = typer.Typer(no_args_is_help=True)
_out = Console(highlight=False, soft_wrap=True)
BY = Actor(
    "administrator",
    "command",
    permissions=frozenset(
        {"exchange.delivery.make", "exchange.link.run", "exchange.link.any"},
    ),
)


class KeyFileTaken(BadInput):
    """The file for a new key is there already."""

    code = "export.key.taken"
    message = "That file exists already; no key is ever overwritten."
    hint = "Name another file."


class NoKeyFile(BadInput):
    """The file with the private key can't be read."""

    code = "export.key.unreadable"
    message = "The file with the private key can't be read."
    hint = "Name the file that haihe export keygen or age-keygen wrote."


@app.command()
def keygen(
    file: Annotated[Path, typer.Argument(help="File for the private key; must not exist.")],
) -> None:
    """Make a pair of keys; the public half is printed, the private stays in the file. No Django."""
    identity = new_identity()
    text = f"# public key: {identity.recipient.text}\n{identity.text}\n"
    try:
        number = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise KeyFileTaken from None
    with os.fdopen(number, "w") as key:
        key.write(text)
    _out.print(identity.recipient.text, markup=False)


@app.command("open")
def open_(
    folder: Annotated[Path, typer.Argument(help="Folder of the files and manifest.json.")],
    key: Annotated[Path, typer.Option(help="File with the private key.")],
    out: Annotated[Path, typer.Option(help="Folder to write; must not exist.")],
    manifest: Annotated[
        str, typer.Option(help="The manifest's SHA-256 as the ledger entry has it.")
    ] = "",
    after: Annotated[
        str,
        typer.Option(
            help="Of a set of changes: the folder of the set before, or its manifest's SHA-256."
        ),
    ] = "",
) -> None:
    """Decrypt delivered files and prove every byte and row by the manifest. No Django."""
    try:
        identity = read_identity(key.read_text())
    except (OSError, UnicodeDecodeError):
        raise NoKeyFile from None
    found = open_export(folder, identity=identity, into=out, manifest_sha256=manifest, after=after)
    told = found.manifest
    _out.print(
        f"{told['rows']:,} rows of {told['resource']['code']} in {len(found.files)} files,"
        f" proven by their content hash {told['content_hash']}.",
        markup=False,
    )
    _tell_place(told)
    _out.print(f"Purpose: {told['purpose']['code']}. Keep for {told['data_life_days']} days.")
    if not manifest:
        _out.print(f"Compare with the ledger: manifest {found.manifest_sha256}", markup=False)


def _tell_place(told: dict[str, Any]) -> None:
    """Say what a set of changes asks of its receiver."""
    chain = told.get("chain", {"holds": "all"})
    if chain["holds"] == "all":
        return
    _out.print(
        f"Set {chain['number']}: delete the {told['gone']['rows']:,} keys of the files gone-*, then"
        f" put these rows in by key ({', '.join(told['gone']['keys'])}). You then hold"
        f" {told['held_after']['rows']:,} rows.",
        markup=False,
    )


@app.command()
def ask(
    grant: Annotated[UUID, typer.Argument(help="Number of a grant of the mode file.")],
    file_format: Annotated[str, typer.Option("--format", help="parquet or csv.")] = "parquet",
    encoding: Annotated[str, typer.Option(help="Of CSV: utf-8 or gb18030.")] = "utf-8",
    size: Annotated[int, typer.Option(help="MiB a file, at most about.", min=1)] = 256,
    schedule: Annotated[str, typer.Option(help="`every 1d`, or cron's five fields.")] = "",
    changes: Annotated[
        bool, typer.Option("--changes", help="After a whole set, only what changed since.")
    ] = False,
) -> None:
    """Set up the delivery of a grant as files. Run it with haihe link run."""
    actions = _exchange("actions")
    with running_database():
        link = actions.make_file_delivery(
            by=BY,
            grant=grant,
            file_format=file_format,
            encoding=encoding,
            size_mib=size,
            mode="changes" if changes else "full",
            schedule=schedule,
        )
    _out.print(f"Set up as {link.code}. Run it: haihe link run {link.code}", markup=False)


@app.command()
def whole(
    link: Annotated[str, typer.Argument(help="Code of a delivery as files.")],
) -> None:
    """Have the next set of a delivery of changes be whole: its receiver has lost one."""
    actions = _exchange("actions")
    with running_database():
        actions.ask_whole(by=BY, link=link)
    _out.print(f"The next set is whole. Make it: haihe link run {link}", markup=False)


@app.command("list")
def list_exports() -> None:
    """List the deliveries as files, newest first, each with its manifest's SHA-256."""
    queries = _exchange("queries")
    with running_database():
        for export in queries.exports()[:100]:
            batch = export.batch
            state = "removed" if export.removed_at else f"until {export.expires_at:%Y-%m-%d %H:%M}"
            manifest = bytes(export.manifest_sha256).hex()
            _out.print(
                f"{batch.pk} {batch.link_id}: set {export.number}, {batch.rows_written:,} rows,"
                f" {state}, {manifest}",
                markup=False,
            )


def _exchange(part: str) -> Any:
    """A part of exchange; only now is Django loaded."""
    start_django()
    return importlib.import_module(f"haihe.kernel.exchange.{part}")
