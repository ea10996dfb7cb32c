"""Moves and reconciles the tables of a link that stands in a file; no Django, no city."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from haihe.base.clock import now
from haihe.base.errors import BadInput, HaiheError
from haihe.base.ids import new_id
from haihe.engine import moving, reconciling
from haihe.engine.alone.link_file import End, LinkFile, TableLink
from haihe.engine.lake.attached import LakeAddress
from haihe.engine.lake.duck import text_literal
from haihe.engine.moving import ColumnRule, LakeTarget, Move, Outcome, PostgresTarget
from haihe.engine.reconciling import LakeSide, MariaSide, PostgresSide, Reconciliation, Side
from haihe.engine.sources import Source, open_source
from haihe.engine.sources.lake import Lake
from haihe.engine.sources.mariadb import MariaDB
from haihe.engine.sources.postgresql import PostgreSQL


class NotHere(BadInput):
    """This kind of database can't do what was asked."""

    code = "exchange.link_file.kind"
    message = "Rows are moved into PostgreSQL and the lake only."
    hint = "Give the target a postgresql:// or lake:// address."


class WindowClosed(HaiheError):
    """The link's reading window is closed now."""

    code = "exchange.link_file.window"
    message = "The link may not read at this hour."
    hint = "Run it inside its window, or change `window` in its file."
    status = 409


class NoQuarantine(BadInput):
    """There are bad rows and no place for them, so nothing was moved."""

    code = "exchange.link_file.no_quarantine"
    hint = 'Name a folder for them, such as quarantine = "bad-rows", and move again.'


@dataclass(frozen=True)
class Moved:
    """One table's figures."""

    table: TableLink
    outcome: Outcome


@dataclass(frozen=True)
class Reconciled:
    """What a table's two sides hold."""

    table: TableLink
    found: Reconciliation


def move(link: LinkFile, *, then: Callable[[Moved], None] | None = None) -> list[Moved]:
    """Move every table of a link once; ``then`` is told of each as soon as it is committed.

    Errors: ``exchange.link_file.*``, those of ``engine.moving`` and ``engine.sources``.
    """
    is_stopped = _window(link)
    moved = []
    for table in link.tables:
        with tempfile.TemporaryDirectory(prefix="haihe-move-") as folder:
            outcome = _moved(link, table, Path(folder), is_stopped)
        moved.append(Moved(table, outcome))
        if then:
            then(moved[-1])
    return moved


def reconcile(
    link: LinkFile, *, then: Callable[[Reconciled], None] | None = None, pause_s: float = 1.0
) -> list[Reconciled]:
    """Compare every table of a link on both sides; ``then`` is told of each when it is done.

    Errors: ``exchange.link_file.*``, ``exchange.reconciliation.*``, those of ``engine.sources``.
    """
    is_stopped = _window(link)
    done = []
    for table in link.tables:
        found = reconciling.reconcile(
            _side(link.source, table.source),
            _side(link.target, table.target),
            columns=table.columns,
            keys=table.keys,
            pause_s=pause_s,
            is_stopped=is_stopped,
        )
        done.append(Reconciled(table, found))
        if then:
            then(done[-1])
    return done


def _window(link: LinkFile) -> Callable[[], bool] | None:
    """What says that the window has closed; ``exchange.link_file.window`` if it is now."""
    window = link.window
    if window is None:
        return None
    if not window.is_open(now().astimezone()):
        raise WindowClosed
    return lambda: not window.is_open(now().astimezone())


def _moved(
    link: LinkFile, table: TableLink, folder: Path, is_stopped: Callable[[], bool] | None
) -> Outcome:
    source, batch = _source(link.source), str(new_id())
    shapes = source.columns(table.source)
    keys = table.keys or tuple(shape.name for shape in shapes if shape.is_key)
    names = [shape.name for shape in shapes]
    wanted = tuple(dict.fromkeys((*keys, *(table.columns or names))))
    known = {shape.name: shape for shape in shapes}
    rules = tuple(
        ColumnRule(
            name,
            known[name].kind if name in known else "text",
            known[name].length if name in known else None,
            name in known and known[name].is_required,
            name in keys,
        )
        for name in wanted
    )

    def keep(staged: duckdb.DuckDBPyConnection, outcome: Outcome) -> None:
        if outcome.rows_quarantined:
            _quarantine(link, staged, batch=batch, rows=outcome.rows_quarantined)

    return moving.run(
        Move(
            link=f"{link.name}/{table.source}",
            batch=batch,
            source=source,
            source_table=table.source,
            columns=rules,
            target=_target(link.target, table.target),
            staging=folder,
            watermark=table.watermark,
            overlap_s=table.overlap_s if table.watermark else 0,
        ),
        before_commit=keep,
        is_stopped=is_stopped,
    )


def _quarantine(
    link: LinkFile, staged: duckdb.DuckDBPyConnection, *, batch: str, rows: int
) -> None:
    """Write the bad rows, whole, with reason and column, to a file of this batch's name."""
    if link.quarantine is None:
        raise NoQuarantine(f"{rows} rows are bad and have nowhere to go; nothing was moved.")
    link.quarantine.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = text_literal(str(link.quarantine / f"{batch}.parquet"))
    staged.execute(
        "copy (select reason, at_column, staged.* from staged join faults on o = staged.rowid)"
        f" to {path} (format parquet)"
    )


def _source(end: End) -> Source:
    if end.kind == "lake":
        return Lake(LakeAddress(end.address, end.files))
    return open_source(end.address, connection_cap=end.connections, timeout_s=end.timeout_s)


def _target(end: End, table: str) -> LakeTarget | PostgresTarget:
    if end.kind == "lake":
        return LakeTarget(LakeAddress(end.address, end.files), table)
    if end.kind == "postgresql":
        return PostgresTarget(end.address, table)
    raise NotHere


def _side(end: End, table: str) -> Side:
    """One side of a reconciliation, its session named by a fresh tag."""
    source, tag = _source(end), f"haihe {new_id()}"
    if isinstance(source, PostgreSQL):
        return PostgresSide(source, table, tag=tag)
    if isinstance(source, MariaDB):
        return MariaSide(source, table, tag=tag)
    if isinstance(source, Lake):
        return LakeSide(source, table, tag=tag)
    raise NotHere(
        "Files are not reconciled.", hint="Move them first; then compare the two databases."
    )
