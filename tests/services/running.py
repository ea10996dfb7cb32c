"""The governed calls as a real server in processes of its own, and a client over real HTTP."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.services.city import CLIENT, LOOK, PURPOSE

_SERVE = "from haihe.project.processes.serving import serve_services; serve_services()"


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@dataclass
class Served:
    """One server of calls over one database; ``kill`` is ``kill -9`` of all its processes."""

    url: str
    data: str
    log: str
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _SERVE],
                env={
                    **os.environ,
                    "HAIHE_DATABASE_URL": self.url,
                    "HAIHE_DATA": self.data,
                    "HAIHE_SERVICES_PORT": str(self.port),
                },
                stdout=log,
                stderr=log,
                start_new_session=True,
            )  # fmt: skip
        ends = time.monotonic() + 20
        while time.monotonic() < ends:
            try:
                if self.get("/ready")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise AssertionError(Path(self.log).read_text(encoding="utf-8")[-2000:])

    def kill(self) -> None:
        """End all its processes at once, with no chance to tidy up."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Ask it to end; end it if it does not."""
        assert self.process is not None
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=5)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> tuple[int, Any, Any]:
        """Status, headers and body of a GET."""
        return self.send("GET", path, headers=headers or {})

    def send(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes | None = None
    ) -> tuple[int, Any, Any]:
        """Status, headers and parsed body of one request over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            if body is not None and "Transfer-Encoding" not in headers:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            reply = connection.getresponse()
            text = reply.read()
            return reply.status, reply.headers, json.loads(text) if text else None
        finally:
            connection.close()

    def call(
        self,
        number: str,
        *,
        key: str,
        path: str = LOOK,
        client: str = CLIENT,
        purpose: str = PURPOSE,
        **more: Any,
    ) -> tuple[int, Any, Any]:
        """One governed call; ``more`` goes into the body."""
        return self.send(
            "POST",
            path,
            headers={
                "Content-Type": "application/json",
                "Authorization": f"Bearer {key}",
                "X-Road-Client": client,
                "X-Haihe-Purpose": purpose,
            },
            body=json.dumps({"subject": number, **more}).encode(),
        )
