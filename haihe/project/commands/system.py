"""`haihe system`: the list of systems at hand, to pause and resume one."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from haihe.base.actor import Actor
from haihe.base.text import in_language
from haihe.kernel.catalogue import actions, queries
from haihe.project.database import running_database

app = typer.Typer(no_args_is_help=True)
Code = Annotated[str, typer.Argument(help="Code of the source system.")]
OPERATOR = Actor(
    "administrator", "command.system", permissions=frozenset({"catalogue.system.pause_any"})
)
"""Whoever may run commands on this machine acts as its system administrator."""


@app.command("list")
def list_systems() -> None:
    """List the source systems: whose they are, how many connections they allow, whether paused."""
    out = Console(highlight=False, soft_wrap=True)
    with running_database():
        for each in queries.systems():
            paused = f"paused since {each.paused_at:%Y-%m-%d %H:%M} UTC" if each.paused_at else ""
            name = in_language(each.department.name, "en")
            numbers = f"{each.connection_cap} connections, {each.timeout_s} s"
            out.print(f"{each.code:<32}{each.kind:<12}{numbers:<24}{name}  {paused}", markup=False)


@app.command()
def pause(
    code: Code, reason: Annotated[str, typer.Option(help="Why; entered in the ledger.")] = ""
) -> None:
    """Stop every connection to a system, also of batches that run now."""
    with running_database():
        actions.pause_system(by=OPERATOR, system=code, reason=reason)
    print(f"{code} is paused. Resume it with: haihe system resume {code}")


@app.command()
def resume(code: Code) -> None:
    """Let links connect to the system again."""
    with running_database():
        actions.resume_system(by=OPERATOR, system=code)
    print(f"{code} is resumed.")
