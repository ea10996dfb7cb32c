"""`haihe serve pages|services`: one serving process, alone."""

from __future__ import annotations

import typer

from haihe.project.database import running_database
from haihe.project.processes.serving import serve_pages, serve_services

app = typer.Typer(no_args_is_help=True)


@app.command()
def pages() -> None:
    """Serve the pages on HAIHE_PAGES_PORT until told to stop."""
    with running_database():
        serve_pages()


@app.command()
def services() -> None:
    """Serve the governed calls on HAIHE_SERVICES_PORT until told to stop."""
    with running_database():
        serve_services()
