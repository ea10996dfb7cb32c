"""Builders: a move from a source's table to a target, with what it needs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from haihe.engine.lake import open_lake
from haihe.engine.lake.attached import LakeAddress
from haihe.engine.moving import ColumnRule, Move, Outcome, run
from haihe.engine.moving.targets import Target
from haihe.engine.sources import open_source

PERSON = "luhn.person"


def rules(address: str, table: str, **changes: dict[str, Any]) -> tuple[ColumnRule, ...]:
    """The rules that a source's own schema gives, with changes by column."""
    shapes = open_source(address).columns(table)
    found = [ColumnRule(c.name, c.kind, c.length, c.is_required, c.is_key) for c in shapes]
    return tuple(replace(rule, **changes.get(rule.name, {})) for rule in found)


def moved(
    address: str,
    table: str,
    target: Target,
    folder: Path,
    *,
    columns: tuple[ColumnRule, ...] | None = None,
    **changes: Any,
) -> Outcome:
    """Move a table once, with a batch of its own."""
    return run(move(address, table, target, folder, columns=columns, **changes))


def move(
    address: str,
    table: str,
    target: Target,
    folder: Path,
    *,
    columns: tuple[ColumnRule, ...] | None = None,
    **changes: Any,
) -> Move:
    """What ``moved`` runs."""
    given: dict[str, Any] = {"link": "link", "batch": uuid4().hex, "staging": folder / "staging"}
    return Move(
        source=open_source(address),
        source_table=table,
        columns=columns or rules(address, table),
        target=target,
        **{**given, **changes},
    )


def in_lake(lake: LakeAddress, query: str) -> list[tuple[Any, ...]]:
    """The rows of a query over the lake."""
    with open_lake(lake) as connection:
        return connection.execute(query).fetchall()


def pushed_at() -> str:
    """The program of a receiver that takes what is posted; it is run, never imported."""
    return str(Path(__file__).with_name("pushed.py"))
