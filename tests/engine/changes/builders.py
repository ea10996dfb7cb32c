"""Builders: a table with its change log, and a follower of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

from haihe.engine.changes import log_name, open_log
from haihe.engine.moving import ColumnRule, Move, Outcome, run, stage
from haihe.engine.moving.targets import Target
from haihe.engine.sources import open_source
from tests.servers import Database

LINK = "link"
NAME = log_name(LINK)


def logged(department: Database, link: str = LINK) -> None:
    """What the provider's script does for the table ``t``."""
    name = log_name(link)
    department.run(
        f"create publication {name} for table t",
        f"select pg_create_logical_replication_slot('{name}', 'pgoutput')",
    )


def rules(address: str, table: str = "t") -> tuple[ColumnRule, ...]:
    """The rules that a source's own schema gives."""
    return tuple(
        ColumnRule(c.name, c.kind, c.length, c.is_required, c.is_key)
        for c in open_source(address).columns(table)
    )


def followed(
    address: str,
    target: Target,
    folder: Path,
    *,
    columns: tuple[ColumnRule, ...] | None = None,
    is_anew: bool = False,
    link: str = LINK,
    **changes: Any,
) -> Outcome:
    """Follow the table's log once, into a target."""
    return run(
        Move(
            link=link,
            batch=uuid4().hex,
            source=open_source(address),
            source_table="t",
            columns=columns or rules(address),
            target=target,
            staging=folder / "staging",
            log=open_log(address, link=link, is_anew=is_anew),
            **changes,
        )
    )


def content(target: Target, columns: tuple[ColumnRule, ...], folder: Path) -> tuple[int, int]:
    """Rows and content hash of a target's table, by its own engine."""
    with stage.staging(folder / "reading") as connection, target.opened(connection):
        return target.hash_back(connection, columns, all_rows=True)


def content_of_source(
    address: str, target: Target, folder: Path, *, columns: tuple[ColumnRule, ...]
) -> tuple[int, int]:
    """Rows and content hash of the source's table by its own engine, as a full move reads them."""
    outcome = run(
        Move(
            link="whole",
            batch=uuid4().hex,
            source=open_source(address),
            source_table="t",
            columns=columns,
            target=target,
            staging=folder / "staging",
        )
    )
    return outcome.rows_read, outcome.source_hash
