"""`python -m standins.witness --port N --state FOLDER --log-key KEY`: a witness over HTTP.

Without arguments it is the demo's witness: beside the installation's data, for its own log.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from haihe.base import sealing
from haihe.base.errors import HaiheError
from haihe.base.settings import settings
from haihe.edges.tlog.notes import COSIGNATURE, SigningKey, VerifierKey, read_verifier_key
from haihe.kernel.ledger.keys import demo_witness_folder, demo_witness_port, log_key
from standins.witness.heads import Heads, Taken
from standins.witness.witness import Answer, Witness

_MOST_BYTES = 100_000


def main() -> int:
    """Serve until SIGTERM or Ctrl-C."""
    given = _arguments()
    try:
        heads = Heads(given.state)
        key = SigningKey(given.name, COSIGNATURE, sealing.key(given.state, "witness"))
        (given.state / "vkey").write_text(f"{key.verifier.text}\n", encoding="utf-8")
        server = _server(given.port, Witness(heads=heads, key=key, logs=_logs(given.log_key)))
    except (Taken, HaiheError, OSError) as fault:
        sys.stderr.write(f"The witness can't start: {fault or 'its folder is in use'}\n")
        return 1
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: Thread(target=server.shutdown).start())
    address = f"http://127.0.0.1:{server.server_port}"
    (given.state / "address").write_text(f"{address}\n", encoding="utf-8")
    sys.stdout.write(f"{key.verifier.text}\n{address}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    (given.state / "address").unlink(missing_ok=True)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m standins.witness")
    parser.add_argument("--port", type=int, default=demo_witness_port(settings()))
    parser.add_argument("--state", type=Path, default=demo_witness_folder(settings()))
    parser.add_argument("--name", default="witness.example/standin")
    parser.add_argument("--log-key", action="append", help="verifier key of a log to witness")
    return parser.parse_args()


def _logs(given: list[str] | None) -> list[VerifierKey]:
    if given:
        return [read_verifier_key(each) for each in given]
    return [log_key(settings()).verifier]


def _server(port: int, witness: Witness) -> ThreadingHTTPServer:
    class Calls(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_GET(self) -> None:
            self._answer(witness.head(self.path))

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdecimal() or int(length) > _MOST_BYTES:
                self.close_connection = True
                return self._answer(Answer(400))
            body = self.rfile.read(int(length))
            judges = {"/add-checkpoint": witness.add_checkpoint, "/add-break": witness.add_break}
            judge = judges.get(self.path, lambda _: Answer(404))
            return self._answer(judge(body))

        def log_message(self, *_: object) -> None:
            """Silent."""

        def _answer(self, answer: Answer) -> None:
            body = answer.body.encode()
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return ThreadingHTTPServer(("127.0.0.1", port), Calls)


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
