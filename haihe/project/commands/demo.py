"""`haihe demo`: fills the made-up city and tells who can sign in. `haihe up --demo` calls it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

from haihe.base.settings import settings
from haihe.project import demo as city
from haihe.project.database import running_database
from haihe.project.errors import WrongMode


def demo() -> None:
    """Fill this installation with its made-up city, or go on where that was cut off."""
    if not settings().demo:
        raise WrongMode("This is no demo.", hint="Set HAIHE_DEMO=yes; never with real people.")
    with running_database():
        accounts = city.fill(lambda text: print(f"          {text}", flush=True))
    _write(settings().data / "demo.accounts", [asdict(account) for account in accounts])


def _write(path: Path, accounts: list[dict[str, object]]) -> None:
    """Whole or not at all, readable by the owner alone."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(accounts, ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(path)
