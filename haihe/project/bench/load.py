"""A load client over raw sockets, run in a process of its own: keeps N callers busy.

Reads from standard input a line of JSON (port, callers, seconds, warm_up_s) and then one request a
line in hex; writes one JSON object to standard output. Each caller has one connection and one call
under way: a closed loop, as a department's system is.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from dataclasses import dataclass, field


@dataclass
class Caller:
    """One connection, its reply so far, and when its call began."""

    connection: socket.socket
    began: float = 0.0
    reply: bytes = b""


@dataclass
class Outcome:
    """What came back: latencies in seconds of good replies; counts of others by status.

    ``answers`` counts all good replies, those of the warm-up too.
    """

    latencies: list[float] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    answers: int = 0


def drive(
    port: int, requests: list[bytes], *, callers: int, seconds: float, warm_up_s: float
) -> tuple[Outcome, float]:
    """Keep callers busy; gives the outcome after the warm-up and the seconds it covers."""
    selector = selectors.DefaultSelector()
    following = iter(range(10**12))
    count = len(requests)
    for _ in range(callers):
        caller = Caller(socket.create_connection(("127.0.0.1", port)))
        caller.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(caller.connection, selectors.EVENT_READ, caller)
        _send(caller, requests[next(following) % count])
    began = time.perf_counter()
    measured_from, ends = began + warm_up_s, began + warm_up_s + seconds
    outcome, now = Outcome(), began
    while now < ends:
        for key, _ in selector.select(1.0):
            caller = key.data
            caller.reply += caller.connection.recv(65536)
            if not _is_whole(caller.reply):
                continue
            now = time.perf_counter()
            outcome.answers += caller.reply.startswith(b"HTTP/1.1 200")
            if now >= measured_from:
                _note(outcome, caller, now)
            _send(caller, requests[next(following) % count])
        now = time.perf_counter()
    selector.close()
    return outcome, now - measured_from


def _send(caller: Caller, request: bytes) -> None:
    caller.reply = b""
    caller.began = time.perf_counter()
    caller.connection.sendall(request)


def _is_whole(reply: bytes) -> bool:
    head = reply.find(b"\r\n\r\n")
    if head < 0:
        return False
    start = reply.find(b"content-length: ") + 16
    return len(reply) >= head + 4 + int(reply[start : reply.find(b"\r\n", start)])


def _note(outcome: Outcome, caller: Caller, now: float) -> None:
    if caller.reply.startswith(b"HTTP/1.1 200"):
        outcome.latencies.append(now - caller.began)
    else:
        status = caller.reply[9:12].decode("ascii", "replace")
        outcome.refused[status] = outcome.refused.get(status, 0) + 1


def main() -> None:
    """Read the load, drive it, print what came back."""
    plan = json.loads(sys.stdin.readline())
    requests = [bytes.fromhex(line.strip()) for line in sys.stdin]
    port = plan.pop("port")
    outcome, seconds = drive(port, requests, **plan)
    latencies = sorted(outcome.latencies)
    last = len(latencies) - 1
    json.dump(
        {
            "answers": outcome.answers,
            "per_s": len(latencies) / seconds,
            "p50_ms": latencies[last // 2] * 1e3 if latencies else None,
            "p99_ms": latencies[int(last * 0.99)] * 1e3 if latencies else None,
            "refused": outcome.refused,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
