"""A wire between two programs that loses requests, loses answers and doubles what it carries."""

from __future__ import annotations

import http.client
import random
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class Wire:
    """Carries HTTP to a port of this machine. ``faults``: of a hundred requests how many go wrong.

    ``carried`` counts what each kind of fate befell.
    """

    def __init__(self, port: int, *, seed: int) -> None:
        self.faults = 0
        self.carried: dict[str, int] = {}
        self._drawn = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self._to = port
        handler = type("Bound", (_Handler,), {"wire": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_port)

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def fate(self) -> str:
        """What becomes of the next request."""
        is_hit = self._drawn.randrange(100) < self.faults
        found = self._drawn.choice(("lost", "unanswered", "doubled", "busy")) if is_hit else "whole"
        self.carried[found] = self.carried.get(found, 0) + 1
        return found

    def carry(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, bytes, str]:
        """Ask the other side; status, body and media type."""
        there = http.client.HTTPConnection("127.0.0.1", self._to, timeout=30)
        try:
            there.request(method, path, body, headers)
            answer = there.getresponse()
            return answer.status, answer.read(), answer.headers.get("Content-Type", "")
        finally:
            there.close()


class _Handler(BaseHTTPRequestHandler):
    wire: Wire

    def do_GET(self) -> None:
        self._carry()

    def do_POST(self) -> None:
        self._carry()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def _carry(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name: value for name, value in self.headers.items() if name != "Host"}
        fate = self.wire.fate()
        if fate == "lost":
            self.close_connection = True
            return
        if fate == "busy":
            self._answer(503, b"", "text/plain")
            return
        found = self.wire.carry(self.command, self.path, body, headers)
        if fate == "doubled":
            found = self.wire.carry(self.command, self.path, body, headers)
        if fate == "unanswered":
            self.close_connection = True
            return
        self._answer(*found)

    def _answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
