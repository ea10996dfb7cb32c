"""The `haihe` command: each module of `commands` adds its own words."""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from haihe.base.errors import HaiheError
from haihe.base.logs import start_logs
from haihe.base.settings import settings

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Haihe, a city's data platform.")


@app.callback()
def _before() -> None:
    start_logs(settings().log_level)


def main() -> None:
    """Run the command; a `HaiheError` is one sentence on standard error and exit code 1."""
    try:
        app()
    except HaiheError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(
            f"{error}\n[{error.code}]", markup=False
        )
        sys.exit(1)
