"""`haihe up`: the whole platform under one supervisor."""

from __future__ import annotations

import json
import os
import time
from typing import Annotated

import typer

from haihe.base.settings import Settings, settings
from haihe.engine.postgres.address import shown_address
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
    House(chosen, tell=_tell).run(when_ready=lambda: _announce(chosen))


def _tell(text: str) -> None:
    print(f"{time.monotonic() - _began:6.1f} s  {text}", flush=True)


def _announce(chosen: Settings) -> None:
    _tell(f"Haihe runs: {address(chosen)}   (Ctrl-C stops it)")
    print(f"\n  Pages     {address(chosen)}")
    print(f"  Services  http://{chosen.host}:{chosen.services_port}")
    print(f"  Database  {shown_address(chosen)}")
    print(f"  Data      {chosen.data}")
    if chosen.demo:
        _announce_accounts(chosen)
    else:
        print("  First administrators: haihe admin --help")
    print(flush=True)


def _announce_accounts(chosen: Settings) -> None:
    path = chosen.data / "demo.accounts"
    accounts = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    print("\n  Demo accounts (the pages' first address shows each officer's one-time code of now):")
    for each in accounts:
        who = each["what"].get("en") or next(iter(each["what"].values()), "")
        print(f"  {each['username']:<16} {each['password']:<22} {each['role']:<8} {who}")
