"""`python -m standins.national --folder DIR --port N`: a national platform as a process of its own.

It keeps a front database of its own and answers ``POST /ask/NAME`` to whoever bears the application
key and approval number of an application that ``POST /control/applications`` made, so often a day
as that allows. ``POST /control/batches`` lets it write a batch, ``GET /control/front`` says where
the front database is, ``GET /control/reported/TABLE`` what it was told.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any, ClassVar

from haihe.engine.postgres.server import Server
from standins.national.front import Front

_MOST_BYTES = 4_000_000


def main() -> int:
    """Serve until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m standins.national")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    given = parser.parse_args()
    database = Server(given.folder / "postgres")
    database.start()
    try:
        database.ensure_database("front")
        handler = type("BoundHandler", (Handler,), {"front": Front(database.url("front"))})
        server = ThreadingHTTPServer(("127.0.0.1", given.port), handler)
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, lambda *_: Thread(target=server.shutdown).start())
        sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever(poll_interval=0.1)
        server.server_close()
    finally:
        database.stop()
    return 0


class Handler(BaseHTTPRequestHandler):
    """One request; the front and the applications are the server's."""

    front: ClassVar[Front]
    applications: ClassVar[dict[tuple[str, str], int]] = {}
    calls: ClassVar[Counter[tuple[str, str]]] = Counter()
    guard: ClassVar[Lock] = Lock()

    def do_GET(self) -> None:
        """Say where the front is, how often was asked, or what the city reported."""
        if self.path == "/control/front":
            self._answer(200, {"address": self.front.address})
        elif self.path == "/control/calls":
            self._answer(200, {"calls": sum(self.calls.values())})
        elif self.path.startswith("/control/reported/"):
            found = self.front.reported(self.path.rpartition("/")[2])
            self._answer(200, {"batches": found})
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        """Answer a call, or do as the control says."""
        size = int(self.headers.get("Content-Length") or 0)
        try:
            given = json.loads(self.rfile.read(min(size, _MOST_BYTES)))
        except ValueError:
            self._answer(400, {})
            return
        if self.path == "/control/applications":
            self.applications[given["key"], given["approval"]] = int(given["quota"])
            self._answer(201, {})
        elif self.path == "/control/batches":
            self.front.issue(given)
            self._answer(201, {})
        elif self.path.startswith("/ask/"):
            self._answer(*self._asked(given))
        else:
            self._answer(404, {})

    def _asked(self, given: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        who = (self.headers.get("X-App-Key", ""), self.headers.get("X-Approval-Number", ""))
        if who not in self.applications:
            return 401, {}
        with self.guard:
            self.calls[who] += 1
            if self.calls[who] > self.applications[who]:
                return 429, {}
        return 200, {"asked": given, "found": True}

    def log_message(self, *_: object) -> None:
        """Log nothing: questions may name persons."""

    def _answer(self, status: int, value: object) -> None:
        body = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    sys.exit(main())
