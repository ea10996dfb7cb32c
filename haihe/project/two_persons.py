"""What takes two persons at the console: both show their passwords, and neither acts alone."""

from __future__ import annotations

import sys
from datetime import timedelta

import typer

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import BadInput, NotPermitted
from haihe.kernel.org import queries
from haihe.ui.sign_in.backend import Backend

NOTICED = timedelta(days=3)
"""Whose password was reset has found out after so long, for the old one no longer fits."""


class NotRecognised(NotPermitted):
    """A name and a password at the console do not belong together."""

    code = "console.not_recognised"
    message = "This name and this password don't belong to an account that may sign in."
    hint = "Type them again; after five wrong tries a name is locked for a quarter of an hour."


class PasswordFresh(NotPermitted):
    """A password that somebody else set lately proves nobody."""

    code = "console.password_fresh"
    message = "Somebody else set this account's password less than three days ago."
    hint = "Let another administrator show theirs, or wait: whoever set it could act alone as two."


def two_persons(first: str, second: str) -> tuple[Actor, Actor]:
    """Both as actors, once each has shown their password; see the action for what they may.

    Passwords are asked for one after the other, or read from standard input, a line each.
    Errors: ``console.not_recognised``, ``console.password_fresh``.
    """
    return _shown(first), _shown(second)


def secret_line(prompt: str) -> str:
    """A line that no screen and no list of processes shows: typed unseen, or standard input's."""
    if sys.stdin.isatty():
        return str(typer.prompt(prompt, hide_input=True))
    given = sys.stdin.readline().rstrip("\n")
    if not given:
        raise BadInput(f"{prompt}: nothing was given.", hint="Send it on standard input, a line.")
    return given


def _shown(username: str) -> Actor:
    account = Backend().authenticate(
        None, username=username, password=secret_line(f"Password of {username}")
    )
    if account is None:
        raise NotRecognised
    if queries.is_set_by_another(account, since=now() - NOTICED):
        raise PasswordFresh
    return queries.actor_of(account)
