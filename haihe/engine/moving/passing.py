"""PostgreSQL to PostgreSQL where both have the same types: binary COPY blocks, passed through.

For whole tables without identifier checks, over several times faster than a staged move. The
source checks its rows itself, in the snapshot that is copied; if one is bad nothing is moved, and
the caller takes the staged move (``move.run``), which keeps bad rows apart.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass, field
from typing import Any

import psycopg

from haihe.engine.lake.duck import quoted, text_literal
from haihe.engine.lake.writers import writing
from haihe.engine.moving.errors import NotReconciled, TargetFailed
from haihe.engine.moving.move import Outcome
from haihe.engine.moving.rules import ColumnRule
from haihe.engine.sources.kinds import part_sql
from haihe.engine.sources.postgresql import (
    Declared,
    PostgreSQL,
    hashed_part,
    row_hash_postgresql,
    table_name,
    text_of,
)

_WRITTEN = {"decimal": "numeric"}
_BROKEN = r"[\uFFFD\u0080-\u009F]"


@dataclass(frozen=True)
class Passage:
    """A whole table's way from one PostgreSQL to another.

    With ``read_back`` both databases compute their content hash, the source's in the snapshot
    that is copied; without it the digest is that of the stream as it passed.
    """

    link: str
    batch: str
    source: PostgreSQL
    source_table: str
    columns: tuple[ColumnRule, ...]
    target: PostgreSQL
    target_table: str
    read_back: bool = True


def fits(columns: tuple[ColumnRule, ...]) -> bool:
    """Whether the source can check these rules itself: all but identifiers' check digits."""
    return not any(column.scheme for column in columns)


def pass_through(passage: Passage) -> Outcome | None:
    """Replace the target's rows by the source's; None, and nothing done, if a row is bad.

    Rows and position commit together in the target. Errors: those of ``engine.sources.errors``,
    ``exchange.batch.not_reconciled``, ``lake.table_taken``.
    """
    into = passage.target.conninfo(application_name="haihe delivery")
    with (
        passage.source.faults_named(),
        psycopg.connect(passage.source.reading_conninfo()) as source,
        psycopg.connect(into) as target,
        writing(passage.target_table, database_url=into),
    ):
        source.execute("set transaction isolation level repeatable read, read only")
        judged = _judged_beside(passage, source)
        _prepare(passage, target)
        try:
            rows, digest = _copied(passage, source, target)
        except psycopg.Error:
            # A bad row may be what stopped the target.
            if _judgement(judged):
                target.rollback()
                return None
            raise TargetFailed from None
        if _judgement(judged):
            target.rollback()
            return None
        outcome = _outcome(passage, target, rows, digest, judged)
        target.execute(
            "insert into haihe_position values (%s, %s, null) on conflict (link)"
            " do update set batch = excluded.batch, value = null",
            [passage.link, passage.batch],
        )
    return outcome


@dataclass
class _Judged:
    """What a second session of the source finds in the same snapshot, beside the copy."""

    thread: threading.Thread = field(default_factory=threading.Thread)
    bad: int = 0
    hash: int = 0
    fault: BaseException | None = None


def _judged_beside(passage: Passage, source: psycopg.Connection[Any]) -> _Judged:
    row = source.execute("select pg_export_snapshot()").fetchone()
    assert row is not None  # noqa: S101 - a function has one value
    snapshot = str(row[0])
    # Of the source's own numerics the digits are not known: they are hashed as they are written.
    parts = [
        part_sql(text_of(quoted(c.name), Declared(_WRITTEN.get(c.of.name, c.of.name))), kind=c.of)
        for c in passage.columns
    ]
    total = f"sum({row_hash_postgresql(parts)})" if passage.read_back else "0"
    query = (
        f"select count(*) filter (where {_bad(passage.columns)}), coalesce({total}, 0)"
        f" from {table_name(passage.source_table)}"
    )
    judged = _Judged()

    def judge() -> None:
        try:
            with (
                passage.source.faults_named(),
                psycopg.connect(passage.source.reading_conninfo()) as session,
            ):
                session.execute("set transaction isolation level repeatable read, read only")
                session.execute(f"set transaction snapshot {text_literal(snapshot)}".encode())
                found = session.execute(query.encode()).fetchone()
                judged.bad, judged.hash = int(found[0]), int(found[1])  # type: ignore[index]
        except BaseException as fault:  # noqa: BLE001 - handed to the thread that joins
            judged.fault = fault

    judged.thread = threading.Thread(target=judge, name="haihe-judge", daemon=True)
    judged.thread.start()
    return judged


def _judgement(judged: _Judged) -> int:
    """How many rows are bad, once the other session has told."""
    judged.thread.join()
    if judged.fault is not None:
        raise judged.fault
    return judged.bad


def _bad(columns: tuple[ColumnRule, ...]) -> str:
    """PostgreSQL condition: a row breaks a rule."""
    found = ["false"]
    for column in columns:
        name, is_text = quoted(column.name), column.of.name == "text"
        if column.is_required or column.is_key:
            found.append(f"{name} is null" + (f" or btrim({name}) = ''" if is_text else ""))
        if is_text:
            found.append(f"{name} ~ '{_BROKEN}'")
        if column.length:
            found.append(f"length({name}::text) > {column.length}")
        if column.of.name in {"date", "timestamp"}:
            found.append(f"{name} < '0001-01-01' or {name} >= '10000-01-01'")
        if column.of.name in {"decimal", "float"}:
            found.append(f"{name} in ('NaN', 'Infinity', '-Infinity')")
    return " or ".join(found)


def _prepare(passage: Passage, target: psycopg.Connection[Any]) -> None:
    listed = [f"{quoted(c.name)} {c.of.postgresql}" for c in passage.columns]
    keys = ", ".join(quoted(c.name) for c in passage.columns if c.is_key)
    if keys:
        listed.append(f"primary key ({keys})")
    name = table_name(passage.target_table)
    target.execute(
        "create table if not exists haihe_position"
        " (link text primary key, batch text not null, value text)"
    )
    target.execute(f"create table if not exists {name} ({', '.join(listed)})".encode())
    target.execute(f"delete from {name}".encode())


def _copied(
    passage: Passage, source: psycopg.Connection[Any], target: psycopg.Connection[Any]
) -> tuple[int, int]:
    """Pass the blocks through; rows written, and the stream's digest."""
    names = ", ".join(quoted(c.name) for c in passage.columns)
    typed = ", ".join(f"{quoted(c.name)}::{c.of.postgresql}" for c in passage.columns)
    out = f"copy (select {typed} from {table_name(passage.source_table)}) to stdout"
    into = f"copy {table_name(passage.target_table)} ({names}) from stdin"
    digest = hashlib.blake2b(digest_size=8)
    writer = target.cursor()
    with (
        source.cursor().copy(f"{out} (format binary)".encode()) as blocks,
        writer.copy(f"{into} (format binary)".encode()) as copy,
    ):
        for block in blocks:
            digest.update(block)
            copy.write(block)
    return writer.rowcount, int.from_bytes(digest.digest())


def _outcome(
    passage: Passage, target: psycopg.Connection[Any], rows: int, digest: int, judged: _Judged
) -> Outcome:
    source_hash = target_hash = digest
    written = rows
    if passage.read_back:
        target.execute("set local datestyle = 'ISO'")
        parts = [hashed_part(c.name, c.of) for c in passage.columns]
        query = (
            f"select count(*), coalesce(sum({row_hash_postgresql(parts)}), 0)"
            f" from {table_name(passage.target_table)}"
        )
        found = target.execute(query.encode()).fetchone()
        assert found is not None  # noqa: S101 - an aggregate has one row
        source_hash, written, target_hash = judged.hash, int(found[0]), int(found[1])
    outcome = Outcome(
        rows_read=rows,
        rows_written=written,
        rows_quarantined=0,
        source_hash=source_hash,
        target_hash=target_hash,
        quarantine_hash=0,
        position_before=None,
        position_after=None,
    )
    if not outcome.is_reconciled:
        raise NotReconciled
    return outcome
