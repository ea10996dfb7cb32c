"""`haihe admin`: the first administrators, and what must work when no administrator can sign in.

Whoever runs these holds the machine; each stands in the ledger as done at the console.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

from haihe.base.errors import BadInput
from haihe.kernel.org import actions, queries
from haihe.kernel.org.declare import KINDS
from haihe.kernel.org.errors import NoAccount, NoOfficer
from haihe.kernel.org.models import Account
from haihe.project.database import running_database
from haihe.ui.sign_in.factors import remove_factors

app = typer.Typer(no_args_is_help=True)
_out = Console(highlight=False, soft_wrap=True)


@app.command()
def first(
    kind: Annotated[str, typer.Argument(help="system, security or audit: three different people.")],
    username: Annotated[str, typer.Argument(help="Sign-in name of the new account.")],
    department: Annotated[str, typer.Option(help="Code of the officer's department.")],
    name: Annotated[str, typer.Option(help="The officer's name.")],
) -> None:
    """Make the first administrator of a kind; refused once there is one.

    The password is asked for twice, or read from standard input where that is no terminal. At the
    first sign-in an authenticator is joined to the account.
    """
    with running_database():
        actions.found_administrator(
            by=queries.founder(),
            kind=kind,
            username=username,
            password=read_password(),
            name=name,
            department=queries.department(department),
        )
        _out.print(f"{username} is the first {kind} administrator.", markup=False)
        _say_missing()


@app.command()
def missing() -> None:
    """Say which of the three administrators is still to be made."""
    with running_database():
        _say_missing()


@app.command()
def lock(username: Annotated[str, typer.Argument(help="Sign-in name of the account.")]) -> None:
    """Lock an account: its sessions end at once."""
    with running_database():
        actions.lock(by=queries.founder(), account=_account(username))
    _out.print(f"{username} is locked.", markup=False)


@app.command()
def unlock(username: Annotated[str, typer.Argument(help="Sign-in name of the account.")]) -> None:
    """Lift an account's lock."""
    with running_database():
        actions.unlock(by=queries.founder(), account=_account(username))
    _out.print(f"{username} may sign in again.", markup=False)


@app.command()
def reset(username: Annotated[str, typer.Argument(help="Sign-in name of the account.")]) -> None:
    """Set a new password and remove every second factor: another is joined at the next sign-in."""
    with running_database():
        account = _account(username)
        remove_factors(by=queries.founder(), account=account, password=read_password())
    _out.print(f"{username} signs in with the new password.", markup=False)


@app.command()
def leave(username: Annotated[str, typer.Argument(help="Sign-in name of the officer.")]) -> None:
    """Let an officer leave: postings, account and sessions end at once."""
    with running_database():
        officer = queries.officer_of(_account(username))
        if officer is None:
            raise NoOfficer
        actions.leave(by=queries.founder(), officer=officer)
    _out.print(f"{username} has left.", markup=False)


def _account(username: str) -> Account:
    found = queries.account_named(username)
    if found is None:
        raise NoAccount
    return found


def _say_missing() -> None:
    left = [kind for kind in KINDS if not queries.has_administrator(kind)]
    _out.print(f"Still to be made: {', '.join(left)}." if left else "All three are there.")


def read_password() -> str:
    """A password from the terminal, asked twice, or one line of standard input."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    given = sys.stdin.readline().rstrip("\n")
    if not given:
        raise BadInput("No password was given.", hint="Type it, or send it on standard input.")
    return given
