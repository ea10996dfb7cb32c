"""`haihe up`: the whole platform under one supervisor."""

from __future__ import annotations

import os
import time
from typing import Annotated

import typer

from haihe.base.settings import settings
from haihe.project.processes.house import House, address

_began = time.monotonic()


def up(
    demo: Annotated[
        bool, typer.Option("--demo", help="A made-up city with demo accounts. Never real people.")
    ] = False,
) -> None:
    """Start database, pages, services, worker and sequencer; Ctrl-C stops all of it."""
    if demo:
        os.environ["HAIHE_DEMO"] = "yes"
        settings.cache_clear()
    chosen = settings()
    House(chosen, tell=_tell).run(when_ready=lambda: _tell(f"Haihe runs: {address(chosen)}"))


def _tell(text: str) -> None:
    print(f"{time.monotonic() - _began:6.1f} s  {text}", flush=True)
