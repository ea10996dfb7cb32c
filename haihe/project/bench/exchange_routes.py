"""One measured run of `haihe bench exchange`, in a process of its own; tells its seconds."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import psycopg

from haihe.engine.lake import open_duckdb, text_literal
from haihe.engine.lake.attached import LakeAddress, attach_lake
from haihe.engine.moving import ColumnRule, LakeTarget, Move, PostgresTarget
from haihe.engine.moving import run as move
from haihe.engine.moving.passing import Passage, pass_through
from haihe.engine.moving.targets import Target
from haihe.engine.reconciling import MariaSide, PostgresSide, Side, reconcile
from haihe.engine.sources import Source, open_source
from haihe.engine.sources.mariadb import MariaDB
from haihe.engine.sources.postgresql import PostgreSQL
from haihe.project.bench.exchange import Servers


def main() -> None:
    """Read the job from standard input, run it, print its seconds as JSON."""
    job = json.load(sys.stdin)
    servers = Servers(**job["servers"])
    name = job["name"]
    begun = time.perf_counter()
    if name in _PRIMITIVES:
        _PRIMITIVES[name](servers)
    elif name.startswith("reconcile"):
        _reconciled(servers, rows=job["rows"], is_maria="mariadb" in name)
    elif name.startswith("passed"):
        _passed(servers, rows=job["rows"], read_back=name == "passed_read_back")
    else:
        _moved(name, servers, rows=job["rows"])
    print(json.dumps({"seconds": time.perf_counter() - begun}))


def _moved(name: str, servers: Servers, *, rows: int) -> None:
    source: Source = open_source(servers.maria if name.startswith("mariadb") else servers.source)
    target: Target = PostgresTarget(servers.target, f"m_{name}")
    if name.endswith("lake"):
        target = LakeTarget(LakeAddress(servers.lake, servers.files), f"bench.{name}")
    columns = tuple(
        ColumnRule(c.name, c.kind, c.length, c.is_required, c.is_key)
        for c in source.columns("firms")
    )
    outcome = move(
        Move(
            link=name,
            batch=name,
            source=source,
            source_table="firms",
            columns=columns,
            target=target,
            staging=Path(servers.staging),
        )
    )
    if not outcome.is_reconciled or outcome.rows_written != rows:
        sys.exit(1)


def _passed(servers: Servers, *, rows: int, read_back: bool) -> None:
    source = PostgreSQL(servers.source)
    columns = tuple(
        ColumnRule(c.name, c.kind, c.length, c.is_required, c.is_key)
        for c in source.columns("firms")
    )
    target = f"passed_{read_back}".lower()
    outcome = pass_through(
        Passage(
            link=target,
            batch=target,
            source=source,
            source_table="firms",
            columns=columns,
            target=PostgreSQL(servers.target),
            target_table=target,
            read_back=read_back,
        )
    )
    if outcome is None or outcome.rows_written != rows:
        sys.exit(1)


def _reconciled(servers: Servers, *, rows: int, is_maria: bool) -> None:
    """One character of one row is changed in the target: that row and column are to be named."""
    table = "m_mariadb_to_pg" if is_maria else "passed_true"
    key = rows // 3
    with psycopg.connect(servers.target, autocommit=True) as session:
        session.execute(f"update {table} set name = name || '。' where id = {key}".encode())  # noqa: S608
    left: Side = PostgresSide(PostgreSQL(servers.source), "firms")
    if is_maria:
        left = MariaSide(MariaDB(servers.maria), "firms")
    found = reconcile(left, PostgresSide(PostgreSQL(servers.target), table))
    if [(each.key, each.columns) for each in found.differences] != [((str(key),), ("name",))]:
        sys.exit(1)


def _copy(servers: Servers) -> None:
    """PostgreSQL to PostgreSQL: binary COPY blocks passed through."""
    with psycopg.connect(servers.source) as source, psycopg.connect(servers.target) as target:
        shape = source.execute(
            "select string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', '"
            " order by attnum) from pg_attribute where attrelid = 'firms'::regclass and attnum > 0"
        ).fetchone()
        target.execute(f"create table raw ({shape[0] if shape else ''}, primary key (id))".encode())
        with (
            source.cursor().copy("copy firms to stdout (format binary)") as read,
            target.cursor().copy("copy raw from stdin (format binary)") as write,
        ):
            for block in read:
                write.write(block)


def _opened(servers: Servers, *, source: str) -> duckdb.DuckDBPyConnection:
    connection = open_duckdb()
    if source == "mariadb":
        open_source(servers.maria).attach(connection, aside=Path(servers.staging))
    else:
        open_source(servers.source).attach(connection, aside=Path(servers.staging))
    return connection


def _pg_to_lake(servers: Servers) -> None:
    connection = _opened(servers, source="postgresql")
    attach_lake(connection, LakeAddress(servers.lake, servers.files), is_writer=True)
    connection.execute("create table lake.raw_pg as select * from source.public.firms")


def _mariadb_to_lake(servers: Servers) -> None:
    connection = _opened(servers, source="mariadb")
    attach_lake(connection, LakeAddress(servers.lake, servers.files), is_writer=True)
    connection.execute("create table lake.raw_maria as select * from source.firms")


def _mariadb_to_pg(servers: Servers) -> None:
    connection = _opened(servers, source="mariadb")
    connection.execute(f"attach {text_literal(servers.target)} as target (type postgres)")
    connection.execute("create table target.raw_maria as select * from source.firms")


_PRIMITIVES: dict[str, Callable[[Servers], None]] = {
    "primitive_pg_to_pg": _copy,
    "primitive_pg_to_lake": _pg_to_lake,
    "primitive_mariadb_to_pg": _mariadb_to_pg,
    "primitive_mariadb_to_lake": _mariadb_to_lake,
}

if __name__ == "__main__":
    main()
