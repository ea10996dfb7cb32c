"""`haihe seed`: a made-up city of any size in department databases of its own."""

from __future__ import annotations

import json
import os
import secrets
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from haihe.base.settings import settings
from haihe.project.pack.check import check_pack
from haihe.project.pack.faults import FaultyPack
from haihe.project.seed import faults, run
from haihe.project.seed.databases import Target
from haihe.project.seed.making import MadeUpCity
from haihe.project.seed.places import own_target, running_departments


def seed(
    scale: Annotated[int, typer.Option(help="Number of people.")] = 20_000,
    into: Annotated[
        list[str] | None,
        typer.Option(help="Superuser address of a PostgreSQL (and of a MariaDB) of your own."),
    ] = None,
    city: Annotated[str, typer.Option(help="As HAIHE_CITY, by default.")] = "",
    folder: Annotated[
        Path | None, typer.Option(help="Where addresses and files go; default in HAIHE_DATA.")
    ] = None,
    late: Annotated[bool, typer.Option("--late", help="Add the rows that come late.")] = False,
) -> None:
    """Make the people, enterprises and records, with faults in a known number; never in Haihe's."""
    began = time.monotonic()
    pack = check_pack(city or settings().city)
    if pack.faults.found:
        raise FaultyPack(f"Faults in the pack: {len(pack.faults.found)}.")
    place = folder or settings().data / "departments"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with MadeUpCity(pack, people=scale) as made, _target(into, place) as target:
        report = run.seed(pack, city=made, target=target, late=late, done=_tell)
        write_addresses(place, target)
    _print(report, seconds=time.monotonic() - began)
    print(f"Read-only addresses: {place / 'addresses.json'}")


def _target(into: list[str] | None, place: Path) -> AbstractContextManager[Target]:
    if not into:
        return running_departments(place)
    return nullcontext(own_target(into, files=place / "files", secret=_secret(place)))


def _secret(place: Path) -> str:
    path = place / "seed.secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(24))
    return path.read_text()


def write_addresses(place: Path, target: Target) -> None:
    """Write the bureau's address of each system, readable by the owner alone."""
    path = place / "addresses.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    fresh = path.with_name(f".addresses.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(known | target.addresses, indent=1), encoding="utf-8")
    fresh.replace(path)


def _tell(system: str) -> None:
    print(f"  {system}", flush=True)


def _print(report: run.Report, *, seconds: float) -> None:
    heads = [kind.replace("_", "\n") for kind in faults.KINDS]
    table = Table("Resource", "Rows", *heads)
    for code, rows in report.rows.items():
        planted = report.faults.get(code, {})
        table.add_row(code, f"{rows:,}", *(str(planted.get(kind, 0)) for kind in faults.KINDS))
    total = [str(report.planted(kind)) for kind in faults.KINDS]
    table.add_row("all", f"{sum(report.rows.values()):,}", *total)
    out = Console(highlight=False, width=120)
    out.print(table)
    for system in report.left_out:
        out.print(f"Left out, for there is no MariaDB here: {system}")
    out.print(f"{seconds:.1f} s")
