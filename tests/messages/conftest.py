"""The stand-in gateway as a process of its own, and settings that name it."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from haihe.base import settings as base_settings

TOKEN = "a-shared-word"


@dataclass
class GatewayProcess:
    """The running stand-in. ``kill`` is kill -9; ``start`` begins again on the same folder."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "standins.gateway", "--port", str(self.port),
             "--state", str(self.folder), "--token", TOKEN],
            stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.process = None

    def ask(self, path: str, given: Any = None) -> Any:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
        method, body = ("GET", None) if given is None else ("POST", json.dumps(given))
        try:
            connection.request(method, path, body, {"Authorization": f"Bearer {TOKEN}"})
            return json.load(connection.getresponse())
        finally:
            connection.close()

    def taken(self) -> list[dict[str, str]]:
        return self.ask("/messages")["messages"]

    def fail(self, *statuses: int) -> None:
        self.ask("/faults", list(statuses))


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GatewayProcess]:
    made = GatewayProcess(tmp_path / "gateway")
    made.start()
    chosen = dataclasses.replace(
        base_settings.settings(), gateway_url=made.url, gateway_token=TOKEN
    )
    monkeypatch.setattr("haihe.kernel.messages.gateways.settings", lambda: chosen)
    yield made
    made.kill()


@pytest.fixture(autouse=True)
def daytime(settings) -> None:  # type: ignore[no-untyped-def]
    """No quiet hours, so that tests run at night."""
    limits = {"quiet_from": time(0), "quiet_until": time(0)}
    settings.CITY = settings.CITY | {"messages": limits}
