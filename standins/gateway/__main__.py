"""`python -m standins.gateway --port N --state FOLDER [--token T]`: an SMS and WeChat gateway.

``POST /messages`` takes one (201), knows its key (200) or refuses it (422); ``GET /messages`` shows
them; ``POST /faults`` ``[503, 503]`` makes the next answers fail. Without arguments it is the
demo's. A kill loses nothing that was answered.
"""

from __future__ import annotations

import argparse
import hmac
import json
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

from haihe.base.settings import settings
from standins.gateway.box import Box

DEMO_PORT_OFFSET = 12
_MOST_BYTES = 100_000


def main() -> int:
    """Serve until SIGTERM or Ctrl-C."""
    given = _arguments()
    try:
        server = _server(given.port, Box(given.state), token=given.token)
    except OSError as fault:
        sys.stderr.write(f"The gateway can't start: {fault}\n")
        return 1
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: Thread(target=server.shutdown).start())
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    return 0


def _arguments() -> argparse.Namespace:
    chosen = settings()
    parser = argparse.ArgumentParser(prog="python -m standins.gateway")
    parser.add_argument("--port", type=int, default=chosen.pages_port + DEMO_PORT_OFFSET)
    parser.add_argument("--state", type=Path, default=chosen.data / "standins" / "gateway")
    parser.add_argument("--token", default=chosen.gateway_token)
    return parser.parse_args()


class Handler(BaseHTTPRequestHandler):
    """One request; ``box`` and ``token`` are the server's."""

    box: ClassVar[Box]
    token: ClassVar[str]

    def do_GET(self) -> None:
        """Show what was taken, and how often it was tried."""
        if self._is_known() and self.path == "/messages":
            self._answer(200, {"messages": list(self.box.taken.values()), "tries": self.box.tries})
        else:
            self._answer(404, {})

    def do_POST(self) -> None:
        """Take a message, or plan faults."""
        given = self._body()
        if not self._is_known():
            self._answer(401, {})
        elif self.path == "/messages" and isinstance(given, dict):
            self._answer(self.box.take(given), {})
        elif self.path == "/faults" and isinstance(given, list):
            self.box.faults.extend(int(status) for status in given)
            self._answer(200, {})
        else:
            self._answer(400, {})

    def log_message(self, *_: object) -> None:
        """Log nothing: requests hold personal data."""

    def _is_known(self) -> bool:
        shown = self.headers.get("Authorization", "")
        return not self.token or hmac.compare_digest(
            shown.encode(), f"Bearer {self.token}".encode()
        )

    def _body(self) -> Any:
        size = int(self.headers.get("Content-Length") or 0)
        try:
            return json.loads(self.rfile.read(min(size, _MOST_BYTES)))
        except ValueError:
            return None

    def _answer(self, status: int, value: object) -> None:
        body = json.dumps(value, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _server(port: int, box: Box, *, token: str) -> ThreadingHTTPServer:
    bound = type("BoundHandler", (Handler,), {"box": box, "token": token})
    return ThreadingHTTPServer(("127.0.0.1", port), bound)


if __name__ == "__main__":
    sys.exit(main())
