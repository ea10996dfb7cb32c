"""Attaches the one DuckLake: its catalogue in PostgreSQL (schema `lake`), its files in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import psycopg
from psycopg.conninfo import make_conninfo

from haihe.base.errors import Unavailable
from haihe.base.settings import Settings
from haihe.engine.lake.duck import open_duckdb, text_literal
from haihe.engine.postgres.address import database_url

METADATA_SCHEMA = "lake"
_FIRST_ATTACH = 0x6C616B65
"""Key of the advisory lock under which the lake's catalogue is made."""


class LakeUnreachable(Unavailable):
    """The lake can't be attached."""

    code = "lake.unreachable"
    message = "The lake can't be opened."
    hint = "Check that the database runs and that the lake's folder can be written."


@dataclass(frozen=True)
class LakeAddress:
    """Where the lake is: the database of its catalogue, and the folder of its files."""

    database_url: str
    files: str


def lake_database(settings: Settings) -> LakeAddress:
    """The lake of these settings."""
    return LakeAddress(database_url=database_url(settings), files=settings.lake_path)


def attach_lake(
    connection: duckdb.DuckDBPyConnection, lake: LakeAddress, *, is_writer: bool = False
) -> None:
    """Attach the lake as ``lake``; made at first use. Errors: ``lake.unreachable``.

    Commit conflicts with writers of other tables are retried by DuckLake itself.
    """
    if "://" not in lake.files:
        Path(lake.files).mkdir(mode=0o700, parents=True, exist_ok=True)
    connection.execute("set ducklake_max_retry_count = 100; set ducklake_retry_wait_ms = 20")
    connection.execute("set ducklake_retry_backoff = 1.2")
    address = text_literal(f"ducklake:postgres:{make_conninfo(lake.database_url)}")
    options = f"data_path {text_literal(lake.files)}, metadata_schema '{METADATA_SCHEMA}'"
    try:
        with psycopg.connect(lake.database_url, autocommit=True) as lock:
            # Two first attaches at once would both make the catalogue's tables.
            lock.execute("select pg_advisory_lock(%s)", [_FIRST_ATTACH])
            made = lock.execute("select to_regclass('lake.ducklake_metadata')").fetchone()
            is_made = made is not None and made[0] is not None
            mode = ", read_only" if is_made and not is_writer else ""
            connection.execute(f"attach {address} as lake ({options}{mode})")
    except (psycopg.Error, duckdb.Error):
        # The message is left out: it may hold the address with its password.
        raise LakeUnreachable from None


def open_lake(lake: LakeAddress, *, memory_mib: int = 512) -> duckdb.DuckDBPyConnection:
    """A DuckDB in memory with the lake attached for reading. Errors: ``lake.unreachable``."""
    connection = open_duckdb(memory_mib=memory_mib, extensions=("ducklake", "postgres_scanner"))
    # The lake tells the least and greatest values of today, for former states too; DuckDB would
    # sort and filter those by them, and answer with rows that never were.
    connection.execute(
        "set disabled_optimizers = 'statistics_propagation,compressed_materialization'"
    )
    attach_lake(connection, lake)
    return connection
