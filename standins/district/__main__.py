"""`python -m standins.district --port N --state FOLDER [--pace S]`: a district's own platform.

``GET /cases?since=`` lists, ``POST /cases`` takes a case, ``POST /cases/progress`` a word on one.
For tests: ``POST /stand`` lets a case stand otherwise, ``POST /faults`` ``[503]`` plans answers.
Without arguments it is the demo's, whose cases are worked on by themselves.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from haihe.base.settings import settings
from standins.district.book import Book

DEMO_PORT_OFFSET = 13
_MOST_BYTES = 100_000


def main() -> int:
    """Serve until SIGTERM or Ctrl-C."""
    given = _arguments()
    try:
        handler = type("BoundHandler", (Handler,), {"book": Book(given.state, given.pace)})
        server = ThreadingHTTPServer(("127.0.0.1", given.port), handler)
    except OSError as fault:
        sys.stderr.write(f"The district's platform can't start: {fault}\n")
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
    parser = argparse.ArgumentParser(prog="python -m standins.district")
    parser.add_argument("--port", type=int, default=chosen.pages_port + DEMO_PORT_OFFSET)
    parser.add_argument("--state", type=Path, default=chosen.data / "standins" / "district")
    parser.add_argument("--pace", type=int, default=90)
    return parser.parse_args()


class Handler(BaseHTTPRequestHandler):
    """One request; ``book`` is the server's."""

    book: ClassVar[Book]

    def do_GET(self) -> None:
        """List cases in the platform's own form."""
        parts = urlsplit(self.path)
        if self._is_faulty():
            return
        if parts.path != "/cases":
            self._answer(404, {})
            return
        since = parse_qs(parts.query).get("since", [""])[0].replace("Z", "+00:00")
        self._answer(200, {"ok": True, "data": {"rows": self.book.since(since)}})

    def do_POST(self) -> None:
        """Take a case or a word on one; or what a test plans."""
        given = self._body()
        if self.path == "/faults" and isinstance(given, list):
            self.book.faults.extend(int(status) for status in given)
            self._answer(200, {})
        elif not isinstance(given, dict):
            self._answer(400, {"ok": False})
        elif self.path == "/stand":
            self._answer(200, {"case": self.book.change(given.pop("no"), **given)})
        elif self.path == "/cases":
            self._take(given)
        elif self.path == "/cases/progress":
            known = self.book.hear(str(given.get("no", "")), given)
            self._answer(200 if known else 404, {"ok": known is not None})
        else:
            self._answer(404, {})

    def log_message(self, *_: object) -> None:
        """Log nothing: requests hold what people wrote."""

    def _take(self, given: dict[str, Any]) -> None:
        is_refused = bool(self.book.faults) and self.book.faults[0] < 500
        if is_refused and self._is_faulty():
            return
        case = self.book.take(given)
        if not self._is_faulty():
            self._answer(201, {"ok": True, "case": case})

    def _is_faulty(self) -> bool:
        """Whether a planned fault was answered: a refusal in place of taking, a 5xx after it."""
        if not self.book.faults:
            return False
        self._answer(self.book.faults.pop(0), {})
        return True

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


if __name__ == "__main__":
    sys.exit(main())
