"""A receiver's interface as a process of its own, over SQLite: the form haihe-push/1.

Run as ``python pushed.py PORT DATABASE WAY``. ``WAY`` says what goes wrong once: ``cut`` loses
the answer of the first commit after it was done, ``busy`` is busy at each first part, ``wrong``
keeps a row less than it was sent.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import unquote

database = sqlite3.connect(sys.argv[2])
database.executescript(
    "create table if not exists kept (link text, key text, row text, primary key (link, key));"
    "create table if not exists parts (batch text, part int, rows text, primary key (batch, part));"
    "create table if not exists position (link text primary key, batch text, value text);"
    "create table if not exists answers (key text primary key, answer text);"
    "create table if not exists asked (key text)"
)
way = sys.argv[3]


def content(rows: list[list[str | None]]) -> int:
    """The content hash of rows of texts without floats: decision 0005 in four lines."""
    lines = ("\x1f".join("~" if t is None else f"={t}" for t in row) for row in rows)
    hashes = (hashlib.md5(line.encode(), usedforsecurity=False).hexdigest() for line in lines)
    return sum(int(each[:12], 16) for each in hashes)


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        link = unquote(self.path.rpartition("/")[2])
        row = database.execute(
            "select batch, value from position where link = ?", [link]
        ).fetchone()
        self.answer({"batch": row[0], "value": row[1]} if row else {}, 200 if row else 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        key = self.headers["Idempotency-Key"]
        first = not database.execute("select 1 from asked where key = ?", [key]).fetchone()
        database.execute("insert into asked values (?)", [key])
        database.commit()
        if way == "busy" and first:
            self.answer({}, 503, {"Retry-After": "0"})
            return
        known = database.execute("select answer from answers where key = ?", [key]).fetchone()
        told = json.loads(known[0]) if known else self.taken(body, key)
        if way == "cut" and first and key.endswith('commit"'):
            self.close_connection = True
            self.connection.close()
            return
        self.answer(told)

    def taken(self, body: str, key: str) -> dict[str, object]:
        *_, link, batch, part = map(unquote, self.path.split("/"))
        with database:
            told = self.commit(link, batch, json.loads(body)) if part == "commit" else {}
            if not told:
                rows = [json.loads(line) for line in body.splitlines()]
                if way == "wrong":
                    rows = rows[1:]
                database.execute(
                    "insert into parts values (?, ?, ?)", [batch, int(part), json.dumps(rows)]
                )
                told = {"rows": len(rows), "content_hash": str(content(rows))}
            database.execute("insert into answers values (?, ?)", [key, json.dumps(told)])
        return told

    def commit(self, link: str, batch: str, asked: dict[str, object]) -> dict[str, object]:
        found = database.execute("select rows from parts where batch = ? order by part", [batch])
        rows = [row for (rows,) in found.fetchall() for row in json.loads(rows)]
        if asked["mode"] == "replace":
            database.execute("delete from kept where link = ?", [link])
        names = [column["name"] for column in asked["columns"]]  # type: ignore[index, attr-defined]
        keys = [names.index(name) for name in asked["keys"]] or range(len(names))  # type: ignore[attr-defined]
        for row in rows:
            key = json.dumps([row[i] for i in keys])
            database.execute(
                "insert or replace into kept values (?, ?, ?)", [link, key, json.dumps(row)]
            )
        database.execute(
            "insert or replace into position values (?, ?, ?)", [link, batch, asked["position"]]
        )
        return {"rows": len(rows), "content_hash": str(content(rows))}

    def answer(self, told: object, status: int = 200, more: dict[str, str] | None = None) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()
