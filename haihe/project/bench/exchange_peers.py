"""One measured run of a peer of `haihe bench exchange`, by the interpreter of its environment.

Knows nothing of Haihe. Each peer runs as its documentation recommends for speed.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit


def main() -> None:
    """Read the job from standard input, run it, print its seconds as JSON."""
    job = json.load(sys.stdin)
    begun = time.perf_counter()
    _PEERS[job["name"]](job)
    print(json.dumps({"seconds": time.perf_counter() - begun}))


def _dlt(job: dict[str, Any]) -> None:
    """dlt: Arrow tables from the source, CSV files into PostgreSQL's COPY."""
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    os.environ["RUNTIME__LOG_LEVEL"] = "CRITICAL"
    os.environ["DATA_WRITER__DISABLE_COMPRESSION"] = "true"
    import dlt  # noqa: PLC0415 - of the peers' environment alone
    from dlt.destinations.impl.postgres.configuration import PostgresCredentials  # noqa: PLC0415
    from dlt.sources.sql_database import sql_table  # noqa: PLC0415
    from sqlalchemy import create_engine  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="haihe-bench-dlt-") as folder:
        pipeline = dlt.pipeline(
            "peer",
            destination=dlt.destinations.postgres(PostgresCredentials(_socket(job["target"]))),
            dataset_name=f"peer_{job['name']}",
            pipelines_dir=folder,
        )
        table = sql_table(
            create_engine(job["source"]),
            table="firms",
            backend="pyarrow",
            reflection_level="full_with_precision",
        )
        pipeline.run(table, write_disposition="replace", loader_file_format="csv")


def _socket(address: str) -> dict[str, Any]:
    """An address of a socket in the words that dlt reads; it asks for a password and a host."""
    parts = urlsplit(address)
    host = parse_qs(parts.query)["host"][0].replace("/", "%2F")
    return {
        "host": host,
        "port": 5432,
        "username": parts.username,
        "password": "none",
        "database": parts.path.strip("/"),
    }


def _connectorx(job: dict[str, Any]) -> None:
    """connectorx reads two ranges of the key at once; ADBC writes its table by binary COPY."""
    import adbc_driver_postgresql.dbapi as adbc  # noqa: PLC0415 - see above
    import connectorx  # noqa: PLC0415

    table = connectorx.read_sql(
        job["source"],
        "select * from firms",
        partition_on="id",
        partition_num=2,
        return_type="arrow",
    )
    with adbc.connect(job["target"]) as target, target.cursor() as cursor:
        cursor.adbc_ingest(f"peer_{job['name']}", table, mode="create")
        target.commit()


_PEERS = {
    "dlt_pg_to_pg": _dlt,
    "dlt_mariadb_to_pg": _dlt,
    "connectorx_mariadb_to_pg": _connectorx,
}

if __name__ == "__main__":
    main()
