"""`haihe bench exchange`: rows a second over four routes, beside the raw primitive of each.

Every run is a process of its own, so that its memory can be told; servers are its own too. The
table has 12 columns: numbers, credit codes, Chinese names and remarks, decimals, a double, moments.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg

from haihe.base.errors import HaiheError
from haihe.engine.postgres.server import Server
from haihe.project.bench.environment import make_environment
from haihe.project.bench.mariadb import MariaServer, is_installed

ROWS, QUICK_ROWS = 2_000_000, 30_000
_DURABLE = {"max_wal_size": "8GB"}

_COLUMNS = (
    "id bigint primary key, credit_code char(18) not null, name varchar(80) not null,"
    " remark varchar(200), district integer, amount decimal(18,2), longitude decimal(9,6),"
    " latitude decimal(9,6), score double precision, opened date, changed timestamp{0} null,"
    " is_open boolean"
)
_FILL_POSTGRESQL = """
insert into firms select i, '9112' || lpad((i * 7919 %% 100000000000000)::text, 14, '0'),
  '津海贸易有限公司' || i, case when i %% 3 > 0 then repeat('备注说明', (4 + i %% 9)::integer) end,
  120101 + (i %% 18)::integer, (i * 37 %% 100000000)::numeric / 100,
  case when i %% 10 > 0 then 117 + (i %% 1000000)::numeric / 1000000 end,
  case when i %% 10 > 0 then 39 + (i %% 1000000)::numeric / 1000000 end,
  i / 7.0, date '2000-01-01' + (i %% 8000)::integer,
  timestamp '2020-01-01' + i * interval '1.000001 second', i %% 2 = 0
from generate_series(1::bigint, %s) i
"""
_FILL_MARIADB = """
insert into firms select seq, concat('9112', lpad(seq * 7919 % 100000000000000, 14, '0')),
  concat('津海贸易有限公司', seq), if(seq % 3 > 0, repeat('备注说明', 4 + seq % 9), null),
  120101 + seq % 18, (seq * 37 % 100000000) / 100,
  if(seq % 10 > 0, 117 + (seq % 1000000) / 1000000, null),
  if(seq % 10 > 0, 39 + (seq % 1000000) / 1000000, null),
  seq / 7.0, date '2000-01-01' + interval seq % 8000 day,
  timestamp('2020-01-01') + interval seq * 1000001 microsecond, seq % 2 = 0
from seq_1_to_{rows}
"""


class RunFailed(HaiheError):
    """One of the measured runs failed."""

    code = "bench.run.failed"
    hint = "Its last line is above; run the benchmark again."


@dataclass(frozen=True)
class Servers:
    """Addresses that the runs use. ``maria`` is empty where MariaDB is not installed."""

    source: str
    target: str
    lake: str
    files: str
    staging: str
    maria: str


def run(*, quick: bool = False, scale: float = 1.0, peers: bool = False) -> dict[str, Any]:
    """Figures, limits and ratios. ``scale`` multiplies the rows: 2,000,000, or 30,000 if quick."""
    rows = max(1000, int((QUICK_ROWS if quick else ROWS) * scale))
    with _servers(rows) as servers:
        routes = [r for r in _ROUTES if servers.maria or not r.startswith("mariadb")]
        limits = {route: _timed(servers, f"primitive_{route}", rows) for route in routes}
        figures = {
            "pg_to_pg": _timed(servers, "passed_stream", rows),
            "pg_to_pg_readback": _timed(servers, "passed_read_back", rows),
            "pg_to_pg_staged": _timed(servers, "pg_to_pg", rows),
            **{route: _timed(servers, route, rows) for route in routes[1:]},
            "reconcile_pg_to_pg": _timed(servers, "reconcile_pg_to_pg", rows),
        }
        if servers.maria:
            figures["reconcile_mariadb_to_pg"] = _timed(servers, "reconcile_mariadb_to_pg", rows)
        measured = _peers(servers, rows) if peers else {}
    return {
        "figures": {"rows": rows, **_flat(figures)},
        "peers": _flat(measured),
        "limits": _flat(limits),
        "ratios": _ratios(figures, limits) | _to_peers(figures, measured),
        "notes": _notes(servers, quick=quick),
    }


def _peers(servers: Servers, rows: int) -> dict[str, dict[str, float]]:
    """What peers do over the same routes, with neither checks nor hashes."""
    made = make_environment(Path(servers.staging).with_name("peers"), _PACKAGES)
    asked = [("dlt_pg_to_pg", servers.source)]
    if servers.maria:
        asked += [
            ("dlt_mariadb_to_pg", servers.maria.replace("mariadb://", "mysql+pymysql://")),
            ("connectorx_mariadb_to_pg", servers.maria.replace("mariadb://", "mysql://")),
        ]
    command = [str(made.python), str(Path(__file__).with_name("exchange_peers.py"))]
    return {
        name: _run(command, {"name": name, "source": source, "target": servers.target}, rows=rows)
        for name, source in asked
    }


def _to_peers(
    figures: dict[str, dict[str, float]], peers: dict[str, dict[str, float]]
) -> dict[str, float]:
    """Each route that a peer went over too, by its rows a second against the peer's."""
    found = {}
    for name, each in peers.items():
        peer, _, route = name.partition("_")
        found[f"{route}_vs_{peer}"] = round(figures[route]["rows_per_s"] / each["rows_per_s"], 2)
    return found


_PACKAGES = (
    "dlt[postgres,sql_database]==1.31.0",
    "pyarrow",
    "psycopg2-binary",
    "sqlalchemy<2.1",
    "pymysql",
    "connectorx==0.4.6",
    "adbc-driver-postgresql==1.13.0",
)
_ROUTES = ("pg_to_pg", "pg_to_lake", "mariadb_to_pg", "mariadb_to_lake")


def _flat(found: dict[str, dict[str, float]]) -> dict[str, float]:
    return {f"{route}_{name}": v for route, each in found.items() for name, v in each.items()}


def _ratios(
    figures: dict[str, dict[str, float]], limits: dict[str, dict[str, float]]
) -> dict[str, float]:
    def ratio(route: str, limit: str) -> float:
        return round(figures[route]["rows_per_s"] / limits[limit]["rows_per_s"], 3)

    found = {
        "pg_to_pg_vs_primitive": ratio("pg_to_pg", "pg_to_pg"),
        "pg_to_pg_readback_vs_primitive": ratio("pg_to_pg_readback", "pg_to_pg"),
        "pg_to_pg_staged_vs_primitive": ratio("pg_to_pg_staged", "pg_to_pg"),
    }
    for route in _ROUTES[1:]:
        if route in figures:
            found[f"{route}_readback_vs_primitive"] = ratio(route, route)
    return found


def _notes(servers: Servers, *, quick: bool) -> list[str]:
    notes = [
        "Durable servers: fsync, synchronous_commit and full_page_writes are on.",
        (
            "No link uses what pg_to_pg and pg_to_pg_readback measure (engine/moving/passing.py);"
            " a link from PostgreSQL to PostgreSQL moves as pg_to_pg_staged does."
        ),
        (
            "pg_to_pg checks each row in the source and takes the digest of the stream;"
            " pg_to_pg_readback reads content hashes back from both databases besides."
        ),
        (
            "reconcile_*: one character of one row was changed, and that row and column were named;"
            " each database hashed its rows on one core. No peer here reconciles contents."
        ),
        "All others are staged: each row checked, bad ones kept apart, hashes read back.",
    ]
    if quick:
        notes.append(
            "Of so few rows a run spends much on its start: compare whole runs, not quick."
        )
    if not servers.maria:
        notes.append("MariaDB is not installed, so its routes are left out.")
    return notes


def _timed(servers: Servers, name: str, rows: int) -> dict[str, float]:
    """One run in a process of its own: rows a second, seconds, and its peak memory."""
    job = {"name": name, "rows": rows, "servers": asdict(servers)}
    return _run([sys.executable, "-m", "haihe.project.bench.exchange_routes"], job, rows=rows)


def _run(command: list[str], job: dict[str, Any], *, rows: int) -> dict[str, float]:
    with tempfile.TemporaryFile() as told:
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=told)
        assert child.stdin is not None  # noqa: S101
        child.stdin.write(json.dumps(job).encode())
        child.stdin.close()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        if child.returncode != 0:
            raise RunFailed(f"The run {job['name']} failed.")
        seconds = float(json.loads(told.read().splitlines()[-1])["seconds"])
    return {
        "rows_per_s": round(rows / seconds),
        "seconds": round(seconds, 2),
        "peak_mib": round(usage.ru_maxrss / 1024),
    }


@contextmanager
def _servers(rows: int) -> Iterator[Servers]:
    folder = Path(tempfile.mkdtemp(prefix="haihe-bench-"))
    server = Server(folder / "postgres", settings=_DURABLE)
    maria = MariaServer(_beside(folder)) if is_installed() else None
    try:
        with server:
            for name in ("source", "target", "lake"):
                server.ensure_database(name)
            with psycopg.connect(server.url("source"), autocommit=True) as session:
                session.execute(f"create table firms ({_COLUMNS.format('')})".encode())
                session.execute(_FILL_POSTGRESQL.encode(), [rows])
                session.execute("vacuum (analyze) firms")
            if maria:
                _fill(maria, rows)
            yield Servers(
                source=server.url("source"),
                target=server.url("target"),
                lake=server.url("lake"),
                files=str(folder / "lake"),
                staging=str(folder / "staging"),
                maria=maria.make_reader("source") if maria else "",
            )
    finally:
        if maria:
            maria.stop()
            shutil.rmtree(maria.folder, ignore_errors=True)
        shutil.rmtree(server.socket, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _beside(folder: Path) -> Path:
    """MariaDB's folder: readable by its own uid, so not inside one that is only ours."""
    beside = folder.with_name(f"{folder.name}-maria")
    beside.mkdir(mode=0o755)
    return beside


def _fill(maria: MariaServer, rows: int) -> None:
    maria.start()
    maria.run("create database source character set utf8mb4")
    maria.run(
        f"create table firms ({_COLUMNS.format('(6)')})",
        _FILL_MARIADB.format(rows=rows),
        database="source",
    )
