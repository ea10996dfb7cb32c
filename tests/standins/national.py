"""A national platform that runs as a process of its own, steered from outside."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from haihe.engine.fronts import FrontTable

THERE = {"number": "text", "name": "text", "amount": "numeric"}


class National:
    """The stand-in as tests steer it: over its own interface, from outside."""

    def __init__(self, url: str) -> None:
        self.port = int(url.rpartition(":")[2])
        self.url = f"http://127.0.0.1:{self.port}"
        self.front: str = self.get("/control/front")["address"]

    def get(self, path: str) -> Any:
        """What it answers."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return json.loads(answer.read())

    def post(self, path: str, body: object) -> None:
        """Tell it something."""
        data = json.dumps(body).encode()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", data=data, timeout=20):
            pass

    def issue(
        self, table: FrontTable, batch: int, *rows: tuple[str, list[Any]], **more: Any
    ) -> None:
        """Let it write a batch."""
        body = {"table": table.table, "columns": THERE, "batch": batch, "rows": rows}
        self.post("/control/batches", body | more)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query in its front."""
        with psycopg.connect(self.front) as session:
            found = session.execute(query.encode())
            return found.fetchall() if found.description else []


@pytest.fixture(scope="session")
def national() -> Iterator[National]:
    """A national platform in a process of its own."""
    folder = Path(tempfile.mkdtemp(prefix="haihe-national-"))
    command = [sys.executable, "-m", "standins.national", "--folder", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield National(process.stdout.readline().strip())
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.wait(timeout=60)
        process.stdout.close()
        shutil.rmtree(folder, ignore_errors=True)
