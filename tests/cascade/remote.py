"""Another catalogue's HTTP server, as a process of its own, with the faults that a line has.

Run as a program it serves a folder: ``python remote.py FOLDER``; it prints its port. A file
``rules.json`` there says by path what is answered instead: a status, a place to go, a cut.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

KINDS = {".ttl": "text/turtle", ".jsonld": "application/ld+json", ".rdf": "application/rdf+xml"}


@dataclass(frozen=True)
class Remote:
    """The server's folder and address."""

    folder: Path
    port: int

    @property
    def address(self) -> str:
        """Where it is reached."""
        return f"http://127.0.0.1:{self.port}"

    def put(self, name: str, content: bytes | str) -> str:
        """Serve a document; its address. ``HERE`` in a text becomes the server's address."""
        if isinstance(content, str):
            content = content.replace("HERE", self.address).encode()
        (self.folder / name).write_bytes(content)
        return f"{self.address}/{name}"

    def rule(self, **rules: dict[str, Any]) -> None:
        """What is answered instead, by the name of a document."""
        (self.folder / "rules.json").write_text(json.dumps(rules))

    def asked(self) -> list[str]:
        """Which paths were asked for, in order."""
        log = self.folder / "asked.log"
        return log.read_text().split() if log.exists() else []


@contextmanager
def serving(folder: Path) -> Iterator[Remote]:
    """A server of a folder, until the block ends."""
    folder.mkdir(parents=True)
    process = subprocess.Popen(
        [sys.executable, __file__, str(folder)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield Remote(folder, int(process.stdout.readline()))
    finally:
        process.terminate()
        process.communicate(timeout=20)


class Answering(BaseHTTPRequestHandler):
    """Serves the folder."""

    folder: Path
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with a document, or as the rules say."""
        with (self.folder / "asked.log").open("a") as log:
            log.write(self.path + "\n")
        name = unquote(self.path.lstrip("/"))
        rules = self.folder / "rules.json"
        rule = json.loads(rules.read_text()).get(name, {}) if rules.exists() else {}
        path = self.folder / name
        status = rule.get("status", 200 if path.is_file() else 404)
        content = path.read_bytes() if path.is_file() else b""
        self.send_response(status)
        if "to" in rule:
            self.send_header("Location", rule["to"])
        kind = rule.get("kind", KINDS.get(path.suffix, "text/plain"))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: rule.get("cut", len(content))])
        if "cut" in rule:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    Answering.folder = Path(sys.argv[1])
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    print(server.server_port, flush=True)  # noqa: T201
    server.serve_forever()
