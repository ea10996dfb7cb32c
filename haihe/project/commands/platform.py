"""`haihe platform`: exchange cases with districts' platforms; import what runs on an old one."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from haihe.base.actor import Actor
from haihe.base.errors import BadInput
from haihe.base.registry import registry
from haihe.base.text import in_language
from haihe.project.database import running_database
from haihe.project.errors import SystemOff

app = typer.Typer(no_args_is_help=True)
_out = Console(highlight=False, soft_wrap=True)
Code = Annotated[str, typer.Argument(help="Code of the platform in the pack.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
BY = Actor(
    "administrator",
    "command.platform",
    permissions=frozenset({"districts.exchange", "cases.import"}),
)
"""Whoever may run commands on this machine acts as its system administrator."""


class NoFile(BadInput):
    """The file of cases can't be opened."""

    code = "districts.import.no_file"
    hint = "Name a file that is there and that you may read."


@app.command("list")
def list_platforms() -> None:
    """List the platforms: when each last answered, what is shared, waits and was refused."""
    standing = _part("queries.standing")
    with running_database():
        for each in standing.lines():
            last = f"{each.row.done_at:%Y-%m-%d %H:%M} UTC" if each.row else "never"
            last = last if each.is_reached else "it calls us"
            counts = f"{each.shared} shared, {each.waiting} waiting, {each.refused} refused"
            name = in_language(each.platform.title, "en")
            _out.print(f"{each.platform.code:<24}{last:<24}{counts}  {name}", markup=False)


@app.command()
def exchange(code: Code, as_json: AsJson = False) -> None:
    """Have one round with a platform now: send what waits, hear what it says."""
    actions, declared = _part("actions"), _part("queries.platforms")
    with running_database():
        found = asdict(actions.exchange(by=BY, platform=declared.platform(code)))
    if as_json:
        _out.print(json.dumps(found))
        return
    for name, count in found.items():
        _out.print(f"{name:<10}{count or 0}" if name != "reason" else f"{count}".strip())


@app.command("import")
def import_cases(
    code: Code,
    file: Annotated[Path, typer.Argument(help="CSV with a head line, or a JSON object a line.")],
    kept: Annotated[bool, typer.Option(help="The platform goes on handling them.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import the running cases of an old platform with their history; again, only what is new."""
    actions, declared, files = _part("actions"), _part("queries.platforms"), _part("rows")
    try:
        content = file.read_bytes()
    except OSError as fault:
        raise NoFile(f"{file} can't be read: {fault.strerror}.") from None
    with running_database():
        found = actions.import_cases(
            by=BY, platform=declared.platform(code), rows=files.read_rows(content), is_kept=kept
        )
    if as_json:
        _out.print(json.dumps(asdict(found), ensure_ascii=False))
    else:
        _out.print(f"Imported: {found.imported}; known before: {found.known}.")
        for line, number, reason in found.refused:
            _out.print(f"Refused, line {line}, {number or 'no number'}: {reason}", markup=False)
    if found.refused:
        raise typer.Exit(1)


def _part(name: str) -> Any:
    """A part of the system, which a city may have switched off."""
    if "districts" not in registry.systems:
        raise SystemOff
    return import_module(f"haihe.systems.districts.{name}")
