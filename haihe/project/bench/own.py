"""What a benchmark has of its own: a durable server in a temporary folder, and processes on it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from haihe.engine.postgres.server import Server


@contextmanager
def own_server() -> Iterator[tuple[Server, Path]]:
    """A running server with its database, and the folder; both are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="haihe-bench-"))
    server = Server(folder / "postgres")
    try:
        with server:
            server.ensure_database()
            yield server, folder
    finally:
        shutil.rmtree(server.socket, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def variables(url: str, folder: Path, **more: str) -> dict[str, str]:
    """The environment of a process of Haihe on that database and folder, with the small city."""
    return {
        **os.environ,
        "HAIHE_DATA": str(folder),
        "HAIHE_DATABASE_URL": url,
        "HAIHE_CITY": "riverton",
        "HAIHE_LOG_LEVEL": "error",
        "DJANGO_SETTINGS_MODULE": "haihe.project.settings",
        **more,
    }


def worked(module: str, *words: object, environment: dict[str, str]) -> Any:
    """What a module of the benchmarks, run in a process of its own, writes as JSON."""
    made = subprocess.run(
        [sys.executable, "-m", f"haihe.project.bench.{module}", *map(str, words)],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(made.stdout)
