"""`haihe officer`: an officer who does ordinary work joins, at the machine's own console.

For setting a city up. Later the system administrator lets officers join and the security
administrator gives posts their permissions, each on pages of their own.
"""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from haihe.base.errors import NotFound
from haihe.base.text import in_language
from haihe.kernel.org import actions, queries
from haihe.kernel.org.models import Department, Post
from haihe.project.commands.admin import read_password
from haihe.project.database import running_database

app = typer.Typer(no_args_is_help=True)
_out = Console(highlight=False, soft_wrap=True)


class NoPost(NotFound):
    """The department has no post of that title."""

    code = "officer.no_post"


@app.callback()
def _officer() -> None:
    """Officers who do ordinary work."""


@app.command()
def join(
    username: Annotated[str, typer.Argument(help="Sign-in name of the new account.")],
    department: Annotated[str, typer.Option(help="Code of the officer's department.")],
    post: Annotated[str, typer.Option(help="Title of a post of that department.")],
    name: Annotated[str, typer.Option(help="The officer's name.")],
) -> None:
    """Make an account and put it into a post; the password is asked for twice.

    Errors: ``officer.no_post`` lists the department's posts; those of org's actions.
    """
    with running_database():
        owner = queries.department(department)
        found = _post(owner, post)
        by = queries.founder()
        account = actions.make_account(by=by, username=username, password=read_password())
        actions.join(by=by, account=account, department=owner, name=name, post=found)
    _out.print(f"{username} is an officer of {department}: {post}.", markup=False)


def _post(department: Department, title: str) -> Post:
    posts = list(Post.objects.filter(department=department))
    for each in posts:
        if title in each.title.values():
            return each
    titles = ", ".join(in_language(each.title, "en") for each in posts)
    raise NoPost(
        f"{department.code} has no post {title!r}.",
        hint=f"It has: {titles}. Others come from the pack's posts.yaml.",
    )
