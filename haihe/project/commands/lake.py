"""`haihe lake`: former states of a resource, care for the files, erasing for good."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from haihe.base import identifiers
from haihe.base.actor import Actor
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.exchange import actions, queries
from haihe.kernel.people import queries as people
from haihe.project.database import running_database
from haihe.project.two_persons import secret_line, two_persons

app = typer.Typer(no_args_is_help=True)
_out = Console(highlight=False, soft_wrap=True)
Resource = Annotated[str, typer.Argument(help="Code of the resource.")]
OPERATOR = Actor("administrator", "command.lake", permissions=frozenset({"exchange.lake.care"}))
"""Whoever may run commands on this machine acts as its system administrator."""


@app.command()
def states(resource: Resource) -> None:
    """List the kept states of a resource, newest first: counts alone, no row."""
    with running_database():
        found = queries.kept_states(catalogue.resource(resource))
    for line in found:
        state = line.state
        brought = f"batch {line.batch.pk}" if line.batch else ""
        counted = f"{state.rows:>14,} rows  +{state.came:,} -{state.went:,}"
        moment = f"{state.at:%Y-%m-%d %H:%M:%S} UTC"
        _out.print(f"version {state.snapshot:<8}{moment}{counted}  {brought}", markup=False)


@app.command()
def care() -> None:
    """Write small files together and end history past its term now, not at night."""
    with running_database():
        done = actions.care_for_lake(by=OPERATOR)
    _out.print(
        f"{done.tables} tables: {done.files_before} files, now {done.files_after}."
        f" {done.snapshots} former states ended, {done.files_removed} files removed.",
        markup=False,
    )


@app.command()
def erase(
    resource: Resource,
    by: Annotated[str, typer.Option(help="Sign-in name of an audit administrator.")],
    approved_by: Annotated[str, typer.Option(help="Sign-in name of another one.")],
    basis: Annotated[str, typer.Option(help="Law and article, or the order.")],
    scheme: Annotated[
        str, typer.Option(help="Erase one subject's rows: the number's scheme; else the data set.")
    ] = "",
) -> None:
    """Erase a data set, or one subject's rows of it, from every state that the lake keeps.

    Both passwords and, with --scheme, the number are asked for unseen, or read from standard
    input, a line each. A receipt stands in the ledger.
    """
    with running_database():
        first, second = two_persons(by, approved_by)
        subject = None
        if scheme:
            identifiers.scheme(scheme)
            subject = people.subject_of(secret_line("Number of the person or business"), scheme)
        done = actions.erase_from_lake(
            by=first, approved_by=second, resource=resource, basis=basis, subject=subject
        )
    _out.print(
        f"Erased: {done.lake.rows_now} rows, {done.lake.rows_stored} with former states, in"
        f" {done.lake.files} files; {done.served} served and {done.quarantined} in quarantine."
        f" A second reading found none. Receipt: entry {done.entry}.",
        markup=False,
    )
