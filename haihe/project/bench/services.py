"""`haihe bench services`: governed calls a second, with durable entries and receipts.

Everything is its own: a durable server in a temporary folder, the calls as `haihe up` runs them,
and the load from a client process. The no-op application on the same server is the limit.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from haihe.base.errors import Unavailable
from haihe.engine.postgres.server import Server
from haihe.project.bench.cpu import cpu_seconds
from haihe.project.bench.environment import make_environment
from haihe.project.bench.own import own_server, variables

CITY = "riverton"
ENTRIES, QUICK_ENTRIES = 5_000_000, 200_000
CALLERS = 32
_SHOWN = ("fsync", "synchronous_commit", "full_page_writes")
_SERVE = ("-c", "from haihe.project.processes.serving import serve_services; serve_services()")
_PEERS = ("fastapi>=0.115",)


class DidNotAnswer(Unavailable):
    """A server that a benchmark started does not answer."""

    code = "bench.server.silent"
    message = "A server that the benchmark started does not answer."


@dataclass(frozen=True)
class Bench:
    """Where one run happens: the environment of its processes, and how long a load lasts."""

    variables: Mapping[str, str]
    seconds: float


@dataclass(frozen=True)
class Served:
    """A server under load."""

    port: int
    pid: int


def run(*, quick: bool = False, scale: float = 1.0, peers: bool = False) -> dict[str, Any]:
    """Figures, peers, limits and ratios. ``scale`` multiplies the entries already present."""
    entries = int((QUICK_ENTRIES if quick else ENTRIES) * scale)
    with own_server() as (server, folder):
        environment = variables(server.url(), folder, HAIHE_CITY=CITY)
        bench = Bench(environment, 3.0 if quick else 15.0)
        return _measure(bench, server, entries=entries, peers=peers)


def _measure(bench: Bench, server: Server, *, entries: int, peers: bool) -> dict[str, Any]:
    city = _fill(bench, entries=entries)
    before = _entries(server)
    with _serving(bench, _SERVE) as served:
        mixed = _load(bench, server, served, _requests(city, paths=city["paths"]))
        one = _load(bench, server, served, _requests(city, paths=city["paths"][:1]))
    entered = _entries(server) - before
    with _serving(bench, _granian("haihe.project.bench.noop:app")) as served:
        noop = _load(bench, server, served, _requests(city, paths=city["paths"]))
    measured = _peers(bench, server, city) if peers else {}
    return {
        "figures": {
            "governed_per_s": mixed["per_s"],
            "p50_ms": mixed["p50_ms"],
            "p99_ms": mixed["p99_ms"],
            "server_cpu_us": mixed["server_cpu_us"],
            "database_cpu_us": mixed["database_cpu_us"],
            "one_service_per_s": one["per_s"],
            "one_service_p99_ms": one["p99_ms"],
            "refused": sum(mixed["refused"].values()) + sum(one["refused"].values()),
            "entries_present": before,
            "entries_made": entered,
            "answers_in_all": mixed["answers"] + one["answers"],
            "services": len(city["paths"]),
            "callers": CALLERS,
            **_durability(server),
        },
        "peers": measured,
        "limits": {
            f"noop_{figure}": noop[figure] for figure in ("per_s", "p99_ms", "server_cpu_us")
        },
        "ratios": {
            "governed_vs_noop": mixed["per_s"] / noop["per_s"],
            **{
                f"governed_vs_{name.removesuffix('_per_s')}": mixed["per_s"] / value
                for name, value in measured.items()
                if name.endswith("_per_s")
            },
        },
    }


def _peers(bench: Bench, server: Server, city: Mapping[str, Any]) -> dict[str, float]:
    """FastAPI with one commit a call, and over our own lane, in an environment made for them."""
    made = make_environment(Path(bench.variables["HAIHE_DATA"]) / "peers", _PEERS)
    path = os.pathsep.join([str(made.packages), bench.variables.get("PYTHONPATH", "")])
    beside = Bench({**bench.variables, "PYTHONPATH": path}, bench.seconds)
    figures: dict[str, float] = {}
    for name, app in (("fastapi", "commit_a_call"), ("fastapi_coalesced", "coalesced")):
        before = _entries(server)
        words = _granian(f"haihe.project.bench.peers:{app}", "--factory")
        with _serving(beside, words) as served:
            found = _load(beside, server, served, _requests(city, paths=city["paths"]))
        if not found["per_s"] or _entries(server) - before < found["answers"]:
            raise DidNotAnswer(f"The peer {name} did not answer every call with an entry.")
        for figure in ("per_s", "p99_ms", "server_cpu_us", "database_cpu_us"):
            figures[f"{name}_{figure}"] = found[figure]
    return figures


def _granian(app: str, *more: str) -> tuple[str, ...]:
    """The words that serve an application as our own calls are served."""
    words = ("-m", "granian", "--interface", "asgi", "--log-level", "error", "--port", "{port}")
    return (*words, *more, app)


def _fill(bench: Bench, *, entries: int) -> dict[str, Any]:
    made = subprocess.run(
        [sys.executable, "-m", "haihe.project.bench.filling", str(entries)],
        env=dict(bench.variables),
        stdout=subprocess.PIPE,
        check=True,
    )
    return dict(json.loads(made.stdout))


def _requests(city: Mapping[str, Any], *, paths: Sequence[str], count: int = 20_000) -> list[bytes]:
    """Whole requests: each of a random caller, service and subject; the same every run."""
    draw = Random(7)  # noqa: S311 - a load, not a secret
    made = []
    for _ in range(count):
        caller = draw.randrange(len(city["keys"]))
        body = b'{"subject":"%s"}' % draw.choice(city["numbers"]).encode()
        head = (
            f"POST /r1/RV/GOV/{draw.choice(paths)} HTTP/1.1\r\nhost: localhost\r\n"
            f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
            f"authorization: Bearer {city['keys'][caller]}\r\n"
            f"x-road-client: RV/GOV/taker/app{caller}\r\nx-haihe-purpose: {city['purpose']}\r\n\r\n"
        )
        made.append(head.encode() + body)
    return made


def _load(
    bench: Bench, server: Server, served: Served, requests: Sequence[bytes]
) -> dict[str, Any]:
    """What a load met, and the processor time that one answer cost server and database."""
    plan = {
        "port": served.port,
        "callers": CALLERS,
        "seconds": bench.seconds,
        "warm_up_s": bench.seconds / 4,
    }
    lines = [json.dumps(plan), *(request.hex() for request in requests)]
    before = cpu_seconds(served.pid), cpu_seconds(server.pid or 0)
    ran = subprocess.run(
        [sys.executable, "-m", "haihe.project.bench.load"],
        input="\n".join(lines).encode(),
        stdout=subprocess.PIPE,
        env=dict(bench.variables),
        check=True,
    )
    found = dict(json.loads(ran.stdout))
    after = cpu_seconds(served.pid), cpu_seconds(server.pid or 0)
    for name, begun, ended in zip(("server", "database"), before, after, strict=True):
        found[f"{name}_cpu_us"] = (ended - begun) * 1e6 / max(1, found["answers"])
    return found


@contextmanager
def _serving(bench: Bench, words: Sequence[str]) -> Iterator[Served]:
    """A server process on a free port, until the block ends."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = int(trial.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, *(word.format(port=port) for word in words)],
        env={**bench.variables, "HAIHE_SERVICES_PORT": str(port)},
        stdout=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(port: int) -> None:
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as trial:
                trial.sendall(b"GET /ready HTTP/1.1\r\nhost: localhost\r\n\r\n")
                if b" 200 " in trial.recv(1000):
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise DidNotAnswer


def _entries(server: Server) -> int:
    with psycopg.connect(server.url()) as connection:
        row = connection.execute("select count(*) from ledger_entry").fetchone()
    return int(row[0]) if row else 0


def _durability(server: Server) -> dict[str, str]:
    with psycopg.connect(server.url()) as connection:
        shown = [connection.execute(f"show {name}").fetchone() for name in _SHOWN]  # type: ignore[call-overload]
    return {name: str(row[0]) for name, row in zip(_SHOWN, shown, strict=True) if row}


if __name__ == "__main__":
    json.dump(run(quick="--quick" in sys.argv), sys.stdout, indent=2)
