"""A department's interface as a process of its own: pages in every way, busy at times, changing.

Run as ``python interface.py PORT``. Paths: ``/page``, ``/offset``, ``/cursor``, ``/link``,
``/csv``; ``/busy`` is busy twice, ``/changing`` gets a row in front after its first answer,
``/total-changing`` loses one and tells, ``/elsewhere`` redirects, ``/forever`` never ends.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

ROWS = [
    {"id": i, "name": f"企业{i}", "amount": f"{i}.50", "at": f"2026-01-{i:02d} 08:00:00"}
    for i in range(1, 24)
]
KEY = "s3cret-key"
CAP = 10
"""The server gives ten at most, whatever is asked for."""
seen: dict[str, int] = {}


class Interface(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {k: v[-1] for k, v in parse_qs(parts.query).items()}
        way = parts.path.strip("/")
        seen[way] = seen.get(way, 0) + 1
        if self.headers.get("X-Key") != KEY:
            self.answer({"error": "key"}, status=401)
        elif way == "busy" and seen[way] <= 2:
            self.answer({}, status=429 if seen[way] == 1 else 503, more={"Retry-After": "1"})
        elif way == "elsewhere":
            self.answer({}, status=302, more={"Location": "http://127.0.0.1:1/"})
        else:
            self.page(way, query)

    def page(self, way: str, query: dict[str, str]) -> None:
        rows = list(ROWS)
        if "changing" in way and seen[way] > 1:
            rows = rows[1:] if way.startswith("total") else [{**ROWS[0], "id": 0}, *rows]
        size = min(int(query.get("size", CAP)), CAP)
        first = int(query.get("offset", query.get("cursor", 0)))
        if "page" in query:
            first = (int(query["page"]) - 1) * size
        if way == "forever":
            first = 0
        piece, after = rows[first : first + size], first + size
        more = {}
        if way == "link" and after < len(rows):
            more["Link"] = f'</link?offset={after}&size={size}>; rel="next"'
        if way == "csv":
            lines = [f"{r['id']},{r['name']},{r['amount']},{r['at']}\n" for r in piece]
            self.send("id,name,amount,at\n" + "".join(lines), "text/csv; charset=gb18030", more)
            return
        following = str(after) if way == "cursor" and after < len(rows) else None
        told: dict[str, object] = {"data": {"items": piece}, "next": following}
        if way.startswith("total") or way == "page":
            told["total"] = len(rows)
        self.answer(told, more=more)

    def answer(
        self, told: object, *, status: int = 200, more: dict[str, str] | None = None
    ) -> None:
        # An amount is a number here, with the zero that it was written with.
        text = json.dumps(told, ensure_ascii=False)
        text = text.replace('.50", "at"', '.50, "at"').replace('"amount": "', '"amount": ')
        self.send(text, "application/json", more or {}, status=status)

    def send(self, text: str, kind: str, more: dict[str, str], *, status: int = 200) -> None:
        body = text.encode("gb18030" if "gb18030" in kind else "utf-8")
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **more}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Interface).serve_forever()
