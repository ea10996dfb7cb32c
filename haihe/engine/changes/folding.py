"""Folds the events of a batch into the last state of each key, and puts that into the target.

The events lie in the staging as ``ev (seq, op, c0, c1, …)``, values in canonical text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from haihe.engine.changes.pgoutput import ARRIVAL, GONE, INSERT
from haihe.engine.lake.duck import quoted, text_literal
from haihe.engine.moving import stage
from haihe.engine.moving.move import Move
from haihe.engine.moving.rules import Cell, ColumnRule, staged_hash_sql
from haihe.engine.moving.targets import LakeTarget, PostgresTarget, Target
from haihe.engine.sources.kinds import canonical_sql
from haihe.engine.sources.lake import lake_name
from haihe.engine.sources.postgresql import table_name
from haihe.engine.sources.shape import Reading, Source

_MARK = "chr(0)"
_AT_ONCE = 500


class Keyed(Source, Protocol):
    """A source that can read some keys alone."""

    def choose(self, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Read these keys alone from now on; of no names, the whole table."""
        ...


def make_events(connection: duckdb.DuckDBPyConnection, count: int) -> None:
    """The empty table of events."""
    cells = ", ".join(f"c{at} varchar" for at in range(count))
    connection.execute(f"create table ev (seq bigint, op utinyint, {cells})")


def keep(
    connection: duckdb.DuckDBPyConnection, events: pa.Table, texts: list[str] | None = None
) -> None:
    """Add events; ``texts`` are the values' expressions where they are not canonical yet."""
    connection.register("fresh_events", events)
    given = "*" if texts is None else f"seq, op, {', '.join(texts)}"
    connection.execute(f"insert into ev select {given} from fresh_events")
    connection.unregister("fresh_events")


def overlay(
    connection: duckdb.DuckDBPyConnection,
    columns: tuple[ColumnRule, ...],
    *,
    truncated_at: int | None,
) -> None:
    """Lay events over the whole rows in ``staged``: as they stood once the last was written."""
    found = connection.execute("select exists (from ev)").fetchone()
    if truncated_at is None and not (found and found[0]):
        return
    keys = [(at, f"c{at}") for at, rule in enumerate(columns) if rule.is_key]
    cells = stage.cells_of(connection, columns)
    texts = ", ".join(f"{cell.text} as c{at}" for at, cell in enumerate(cells))
    connection.execute(f"create table read_rows as select {texts}, h from staged")
    connection.execute("drop table staged")
    if truncated_at is not None:
        connection.execute("delete from ev where seq < ?", [truncated_at])
        connection.execute("delete from read_rows")
    by = ", ".join(c for _, c in keys)
    connection.execute(f"create table newest as select max(seq) as seq from ev group by {by}")
    texts_of = cells_of_texts(columns)
    shown = ", ".join(cell.value for cell in texts_of)
    connection.execute(
        f"create table staged as select {shown}, h from read_rows anti join ev using ({by})"
        f" union all select {shown}, ({staged_hash_sql(texts_of)})::bigint as h"
        f" from ev semi join newest using (seq) where op <> {GONE}"
    )


def cells_of_texts(columns: tuple[ColumnRule, ...]) -> tuple[Cell, ...]:
    """Cells whose values are texts of their kind."""
    return tuple(Cell(rule, at, is_typed=rule.of.name == "text") for at, rule in enumerate(columns))


def fold(
    connection: duckdb.DuckDBPyConnection,
    columns: tuple[ColumnRule, ...],
    target: Target,
    *,
    truncated_at: int | None,
) -> None:
    """Make ``staged`` (the last row of each key that stands) and ``gone`` (keys that do not).

    Rows that hold no whole value even with the target's stand in ``part``, by their keys.
    """
    keys = _keys(columns)
    if truncated_at is not None:
        connection.execute("delete from ev where seq < ?", [truncated_at])
    by = ", ".join(keys)
    connection.execute(f"create table newest as select max(seq) as seq from ev group by {by}")
    marked = " or ".join(f"c{at} = {_MARK}" for at in range(len(columns)))
    found = connection.execute(f"select exists (from ev where {marked})").fetchone()
    if found and found[0]:
        _fill_within(connection, columns, keys)
        _fill_from_target(connection, columns, target, is_empty=truncated_at is not None)
    connection.execute(
        f"create table gone as select {by} from ev semi join newest using (seq) where op = {GONE}"
    )
    connection.execute(
        f"create table part as select {by} from ev semi join newest using (seq)"
        f" where op <> {GONE} and ({marked})"
    )
    cells = cells_of_texts(columns)
    shown = ", ".join(cell.value for cell in cells)
    connection.execute(
        f"create table staged as select {shown}, ({staged_hash_sql(cells)})::bigint as h"
        f" from ev semi join newest using (seq)"
        f" where op <> {GONE} and not coalesce({marked}, false)"
    )


def _keys(columns: tuple[ColumnRule, ...]) -> list[str]:
    return [f"c{at}" for at, rule in enumerate(columns) if rule.is_key]


def _fill_within(
    connection: duckdb.DuckDBPyConnection, columns: tuple[ColumnRule, ...], keys: list[str]
) -> None:
    """Fill what did not change from earlier events of the same row, through changes of its key.

    A spell is a row's time under one key; it begins with the row, or as it comes from another key.
    """
    by, names = ", ".join(keys), [f"c{at}" for at in range(len(columns))]
    connection.execute(
        f"create table spells as select seq, first_value(seq) over (partition by {by}, n"
        f" order by seq) as spell, op, n, {by} from (select *,"
        f" count(*) filter (where op in ({INSERT}, {ARRIVAL}))"
        f" over (partition by {by} order by seq) as n from ev)"
    )
    connection.execute(
        "create table roots as with recursive up as ("
        " select distinct spell, spell as root from spells union all"
        " select up.spell, d.spell from up"
        f" join spells a on a.seq = up.root and a.op = {ARRIVAL}"
        f" join spells d on d.seq = a.seq - 1 and d.op = {GONE}"
        ") select spell, min(root) as root from up group by spell"
    )
    filled = ", ".join(
        f"last_value(case when {c} = {_MARK} then null else {{v: {c}}} end ignore nulls)"
        f" over w as f{at}"
        for at, c in enumerate(names)
    )
    given = ", ".join(
        f"case when c{at} = {_MARK} and f{at} is not null then f{at}.v else c{at} end as c{at}"
        for at in range(len(columns))
    )
    # A row that left for another key has no values of its own; its key is kept as it was.
    connection.execute(
        f"create table full_ev as select seq, op, root, {given} from ("
        f" select ev.*, roots.root, {filled} from ev"
        " join (select seq, spell from spells) as spells using (seq)"
        f" join roots on roots.spell = spells.spell where ev.op <> {GONE}"
        " window w as (partition by roots.root order by seq"
        " rows between unbounded preceding and current row))"
    )
    shown = ", ".join(names)
    connection.execute(
        f"create table bases as select roots.root, {', '.join(f's.{k} as b_{k}' for k in keys)}"
        " from (select distinct root from full_ev) as roots"
        f" join spells s on s.seq = roots.root where s.n = 0"
    )
    connection.execute(
        f"create table filled as select seq, op, root, {shown} from full_ev"
        f" union all select seq, op, null, {shown} from ev where op = {GONE}"
    )
    connection.execute("drop table ev; drop table full_ev")
    connection.execute("alter table filled rename to ev")


def _fill_from_target(
    connection: duckdb.DuckDBPyConnection,
    columns: tuple[ColumnRule, ...],
    target: Target,
    *,
    is_empty: bool,
) -> None:
    """Fill what did not change in the whole batch from the row as the target has it."""
    keys = [(f"c{at}", rule) for at, rule in enumerate(columns) if rule.is_key]
    marked = " or ".join(f"c{at} = {_MARK}" for at in range(len(columns)))
    asked = ", ".join(
        f"try_cast(b_{c} as {rule.of.duckdb}) as {quoted(rule.name)}" for c, rule in keys
    )
    connection.execute(
        f"create table wanted as select distinct b.root, {asked} from bases b where root in"
        f" (select root from ev semi join newest using (seq) where op <> {GONE} and ({marked}))"
    )
    if is_empty:
        return
    joined = " and ".join(f"t.{quoted(r.name)} = w.{quoted(r.name)}" for _, r in keys)
    texts = ", ".join(
        f"{canonical_sql(f't.{quoted(rule.name)}', kind=rule.of)} as b{at}"
        for at, rule in enumerate(columns)
    )
    with_rows = _rows_of(connection, target, columns)
    connection.execute(
        f"create table base as select w.root, {texts} from {with_rows} t join wanted w on {joined}"
    )
    sets = ", ".join(
        f"c{at} = case when ev.c{at} = {_MARK} then base.b{at} else ev.c{at} end"
        for at in range(len(columns))
    )
    connection.execute(f"update ev set {sets} from base where ev.root = base.root and ({marked})")


def _rows_of(
    connection: duckdb.DuckDBPyConnection, target: Target, columns: tuple[ColumnRule, ...]
) -> str:
    """The target's rows of the keys in ``wanted``, as a relation."""
    if isinstance(target, LakeTarget):
        return lake_name(target.table)
    assert isinstance(target, PostgresTarget)  # noqa: S101 - files are always whole
    keys = ", ".join(quoted(rule.name) for rule in columns if rule.is_key)
    attached, stage = _stage(target)
    connection.execute("call pg_clear_cache()")
    connection.execute("begin")
    try:
        connection.execute(f"create table {attached} as select {keys} from wanted")
        wanted = f"where ({keys}) in (select {keys} from {stage})"
        query = text_literal(f"select * from {table_name(target.table)} {wanted}")
        connection.execute(
            f"create or replace temp table found as from postgres_query('target', {query})"
        )
        _run(connection, f"drop table {stage}")
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")
    return "found"


def put(
    connection: duckdb.DuckDBPyConnection,
    columns: tuple[ColumnRule, ...],
    target: Target,
    *,
    is_truncated: bool,
) -> tuple[int, int, int]:
    """Remove what is gone and merge what stands; rows written, their hash, and rows removed.

    A row that is bad now leaves the target too: what it held is no longer so.
    """
    assert isinstance(target, LakeTarget | PostgresTarget)  # noqa: S101 - files are always whole
    removed = _remove(connection, columns, target, is_truncated=is_truncated)
    has_rows = connection.execute("select exists (from good)").fetchone()
    if not has_rows or not has_rows[0]:
        return 0, 0, removed
    target.merge(connection, columns)
    written, total = target.hash_back(connection, columns, all_rows=False)
    return written, total, removed


def _remove(
    connection: duckdb.DuckDBPyConnection,
    columns: tuple[ColumnRule, ...],
    target: LakeTarget | PostgresTarget,
    *,
    is_truncated: bool,
) -> int:
    name = lake_name(target.table) if isinstance(target, LakeTarget) else table_name(target.table)
    if is_truncated:
        return _deleted(connection, target, f"from {name}")
    named = [(f"c{at}", rule) for at, rule in enumerate(columns) if rule.is_key]
    typed = ", ".join(f"try_cast({c} as {r.of.duckdb}) as {quoted(r.name)}" for c, r in named)
    held, by = ", ".join(quoted(r.name) for _, r in named), ", ".join(c for c, _ in named)
    there = " and ".join(f"{quoted(r.name)} is not null" for _, r in named)
    keys = (
        f"select * from (select {typed} from (select {by} from gone union select {by} from staged"
        f" join faults on o = staged.rowid)) where {there}"
    )
    if not _count(connection.execute(f"select count(*) from ({keys})").fetchall()):
        return 0
    if isinstance(target, LakeTarget):
        connection.execute(f"create or replace temp table going as {keys}")
        stage = "going"
    else:
        attached, stage = _stage(target)
        connection.execute("call pg_clear_cache()")
        connection.execute(f"create table {attached} as {keys}")
    where = f"where ({held}) in (select {held} from {stage})"
    if isinstance(target, LakeTarget):
        where = f"where ({held}) in (select ({held}) from {stage})"
    removed = _deleted(connection, target, f"from {name} {where}")
    if isinstance(target, PostgresTarget):
        _run(connection, f"drop table {stage}")
    return removed


def _deleted(
    connection: duckdb.DuckDBPyConnection, target: LakeTarget | PostgresTarget, rows: str
) -> int:
    """Delete rows (``from … where …``); how many, counted by the target's engine."""
    if isinstance(target, LakeTarget):
        return _count(connection.execute(f"delete {rows}").fetchall())
    counted = text_literal(f"select count(*) as n {rows}")
    found = connection.execute(f"select * from postgres_query('target', {counted})").fetchall()
    _run(connection, f"delete {rows}")
    return _count(found)


def _count(rows: Iterable[tuple[int, ...]]) -> int:
    return next((int(row[0]) for row in rows), 0)


def _stage(target: PostgresTarget) -> tuple[str, str]:
    schema, _, name = target.table.rpartition(".")
    fresh = quoted(f"haihe_stage_keys_{name}"[:63])
    schema = quoted(schema or "public")
    return f"target.{schema}.{fresh}", f"{schema}.{fresh}"


def _run(connection: duckdb.DuckDBPyConnection, statement: str) -> None:
    connection.execute(f"call postgres_execute('target', {text_literal(statement)})")


def read_parts(connection: duckdb.DuckDBPyConnection, move: Move, source: Keyed) -> None:
    """Read the rows in ``part`` again by their keys: neither log nor target holds them whole.

    They come as they are now: what is still to come of them in the log comes again. A row that the
    source has no more is left out, for its deletion is still to come.
    """
    keys = _keys(move.columns)
    rows = connection.execute(f"select {', '.join(keys)} from part").fetchall()
    if not rows:
        return
    source.attach(connection, aside=stage.folder_of(connection))
    columns = tuple((column.name, column.kind) for column in move.columns)
    by = [rule for rule in move.columns if rule.is_key]
    cells = ", ".join(f"c{at}" for at in range(len(columns)))
    for begin in range(0, len(rows), _AT_ONCE):
        source.choose([rule.name for rule in by], rows[begin : begin + _AT_ONCE])
        query = source.reading_sql(Reading(move.source_table, columns, tag=move.batch))
        connection.execute(f"create or replace temp table again as {query}")
        types = {row[0]: row[1].lower() for row in connection.execute("describe again").fetchall()}
        found = [
            Cell(rule, at, is_typed=types[f"c{at}"] == rule.of.duckdb)
            for at, rule in enumerate(move.columns)
        ]
        texts = ", ".join(cell.text for cell in found)
        connection.execute(f"insert into staged ({cells}, h) select {texts}, h from again")
    source.choose([], [])
