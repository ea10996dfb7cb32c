"""Citizens' reports with photos in `haihe bench cases`: filed over HTTP, as a phone files them.

The pages run as `haihe up` runs them, over a database and a folder of their own, in one process and
in two, beside a process that files what came in, as the worker does; each report is one request
with one photo, from a device, an address and a place of its own: as the page's script shrinks it on
the phone, and as a form without a script sends it, with twelve million pixels, held upright and
turned. The limits take the same photo through parts of the way alone: they say where the time goes.
Blurring is a job of the worker's and does not run meanwhile.
"""

from __future__ import annotations

import importlib
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, reset_queries
from django.test import Client

from haihe.engine.postgres.server import Server
from haihe.project.bench.cpu import cpu_seconds
from haihe.project.bench.own import variables, worked
from haihe.project.bench.report_load import (
    CATEGORIES,
    TURNED,
    UPRIGHT,
    Load,
    PagesSilent,
    photo,
    shrunk,
    varied,
)
from haihe.project.processes.serving import BACKLOG, DOOR
from haihe.project.start import start_django

SECONDS, QUICK_SECONDS = 20.0, 3.0
WANTED = 200
PROCESSES = 2
TURNS, TOGETHER = 5, 400
"""Turns of what is measured alone; reports that are filed together."""
_SERVE = ("-c", "from haihe.project.processes.serving import serve_pages; serve_pages()")
_FILE = ("-m", "haihe.project.bench.case_filing")
_WAITING = "select count(*) from snap_receipt where filed_at is null"
NOTES = (
    "Photo reports: one photo each, over HTTP, to one process of pages, then to two.",
    "Another process files what came in meanwhile, as the worker does.",
    "The first is shrunk to 2048 pixels on the phone; whole ones are of 12 million pixels.",
    "The processor's time for one report bounds what two cores can take; the load's own is apart.",
    "The blurred copy is a job of the worker's, later: it costs more than all the rest.",
    "Cores are reckoned from the processor's time for one, not tried.",
)


def measure(server: Server, folder: Path, *, quick: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Figures and limits of reports with a photo: shrunk on the phone, whole, whole and turned."""
    server.ensure_database("reports")
    with socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as door:
        door.setblocking(False)
        port = int(door.getsockname()[1])
        environment = variables(
            server.url("reports"),
            folder / "reports",
            HAIHE_PROXIES="1",
            HAIHE_PAGES_PORT=str(port),
        )
        costs = worked("case_reports", *["--quick"] * quick, environment=environment)
        points = costs.pop("points")
        figures: dict[str, Any] = {}
        for count in range(1, PROCESSES + 1):
            more = "" if count == 1 else f"{count}_pages_"
            with _served(environment, door, count=count) as (pages, filer):
                for sort, content in _photos(quick=quick or count > 1).items():
                    seconds = QUICK_SECONDS if quick else SECONDS
                    load = Load(port, content, points=points, seconds=seconds)
                    found = _under(load, server, pages, filer)
                    figures |= {
                        f"photo_reports_{more}{sort}{name}": each for name, each in found.items()
                    }
    limits = {f"photo_{name}": value for name, value in costs.items()}
    return figures | _needed(figures, costs), limits


def _under(load: Load, server: Server, pages: Sequence[int], filer: int) -> dict[str, Any]:
    """What a load shows, and what one of its reports cost in each process until all were filed."""

    def spent() -> dict[str, float]:
        return {
            "pages": sum(map(cpu_seconds, pages)),
            "database": cpu_seconds(server.pid or 0),
            "filing": cpu_seconds(filer),
        }

    before = spent()
    found = load.run()
    begun = time.perf_counter()
    with psycopg.connect(server.url("reports"), autocommit=True) as asked:
        while (asked.execute(_WAITING).fetchone() or (0,))[0]:
            time.sleep(0.1)
        found["filed_after_s"] = time.perf_counter() - begun
    after = spent()
    for name, ended in after.items():
        found[f"{name}_cpu_ms"] = 1000 * (ended - before[name]) / max(1, found["filed"])
    return found


def _needed(figures: Mapping[str, Any], costs: Mapping[str, float]) -> dict[str, float]:
    """What one core blurs, and how many cores it takes to file and blur ``WANTED`` a second."""
    parts = ("pages", "database", "filing")
    filing = sum(figures[f"photo_reports_{name}_cpu_ms"] for name in parts)
    blurring = costs["blur_cpu_ms"]
    return {
        "photos_blurred_per_core_s": 1000 / blurring,
        f"cores_to_file_{WANTED}_per_s": WANTED * filing / 1000,
        f"cores_to_blur_{WANTED}_per_s": WANTED * blurring / 1000,
    }


def _photos(*, quick: bool) -> dict[str, bytes]:
    """What is sent, by the word that its figures bear."""
    whole = photo(UPRIGHT)
    if quick:
        return {"": shrunk(whole)}
    return {"": shrunk(whole), "whole_": whole, "whole_turned_": photo(TURNED)}


@contextmanager
def _served(
    variables: Mapping[str, str], door: socket.socket, *, count: int
) -> Iterator[tuple[list[int], int]]:
    """Processes of pages at one door, and one that files, until the block ends."""
    handed = {**variables, DOOR: str(door.fileno())}
    with ExitStack() as stack:
        pages = [stack.enter_context(_process(_SERVE, handed, door.fileno())) for _ in range(count)]
        filer = stack.enter_context(_process(_FILE, variables))
        port, ends = int(door.getsockname()[1]), time.monotonic() + 60
        while sum(_answers(port) for _ in range(4 * count)) < 4 * count:
            if time.monotonic() > ends:
                raise PagesSilent
            time.sleep(0.2)
        yield pages, filer


@contextmanager
def _process(words: Sequence[str], environment: Mapping[str, str], *handed: int) -> Iterator[int]:
    process = subprocess.Popen(
        [sys.executable, *words],
        env=dict(environment),
        stdout=subprocess.DEVNULL,
        pass_fds=handed,
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=40)


def _answers(port: int) -> bool:
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/snap/token", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except OSError:
        return False


def prepare(*, quick: bool) -> dict[str, Any]:
    """Make the city; then what parts of the way cost a report: milliseconds of CPU, statements.

    ``quick`` leaves out whole photos. ``points`` are places in each of the city's wards.
    """
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    loading = importlib.import_module("haihe.project.pack.load")
    loading.load_city("riverton")
    importlib.import_module("haihe.project.demo.grids").make_grids(by=loading.loader())
    checking = importlib.import_module("haihe.kernel.files.internals.checking")
    blurring = importlib.import_module("haihe.kernel.files.internals.blurring")
    upright = photo(UPRIGHT)
    small = shrunk(upright)
    points = _points()
    found = {
        "points": points,
        "check_cpu_ms": _spent(lambda: checking.checked(small, media_type="image/jpeg")),
        "look_over_cpu_ms": _spent(lambda: checking.looked_over(small, media_type="image/jpeg")),
        "report_statements": _statements(lambda: _send(small, points[0])),
        **_filing(points),
        "blur_cpu_ms": _spent(lambda: blurring.blurred(small), turns=1),
    }
    if quick:
        return found
    turned = photo(TURNED)
    return {
        **found,
        "check_whole_cpu_ms": _spent(lambda: checking.checked(upright, media_type="image/jpeg")),
        "look_over_whole_cpu_ms": _spent(
            lambda: checking.looked_over(turned, media_type="image/jpeg")
        ),
        "blur_whole_cpu_ms": _spent(lambda: blurring.blurred(upright), turns=1),
    }


def _points() -> list[dict[str, str]]:
    queries = importlib.import_module("haihe.systems.snap.queries")
    places = importlib.import_module("haihe.kernel.places.queries")
    names = ("longitude", "latitude", "datum")
    found = [queries.inside(each.code) for each in places.divisions(places.planned_level())]
    return [dict(zip(names, map(str, point), strict=True)) for point in found]


def _send(content: bytes, point: Mapping[str, str]) -> None:
    """One report through the pages' whole way, in this process."""
    key = uuid4()
    sent = {"key": str(key), "token": key.hex[:22], "category": "public", "words": "路灯", **point}
    file = SimpleUploadedFile("a.jpg", varied(content, key.bytes), "image/jpeg")
    client = Client(headers={"host": "localhost", "x-forwarded-for": f"2001:db8::{key.hex[:4]}"})
    client.cookies["snap_device"] = key.hex[:22]
    answer = client.post("/snap/report/queued", {**sent, "photos": file})
    if answer.status_code != 200:
        raise PagesSilent(answer.content.decode(errors="replace")[:200])


def _statements(work: Callable[[], object]) -> int:
    """Statements of one turn, with those that begin and end a transaction; the first warms up."""
    work()
    connection.force_debug_cursor = True
    reset_queries()
    work()
    connection.force_debug_cursor = False
    return len(connection.queries_log)


def _filing(points: Sequence[Mapping[str, str]]) -> dict[str, float]:
    """What filing costs one of many that came in together, without photos."""
    snap = importlib.import_module("haihe.systems.snap.actions")
    jobs = importlib.import_module("haihe.systems.snap.jobs")
    visitor = importlib.import_module("haihe.base.actor").Actor("visitor", "visitor")
    snap.file_received(by=jobs.FILER)

    def receive(number: int) -> None:
        at = points[number % len(points)]
        sent = snap.Sent(
            draft=uuid4(),
            point=(float(at["longitude"]), float(at["latitude"]), at["datum"]),
            category=CATEGORIES[number % len(CATEGORIES)],
            text="路灯",
        )
        snap.receive_report(by=visitor, sent=sent, token=uuid4().hex[:22])

    begun = time.process_time()
    for number in range(TOGETHER):
        receive(number)
    received = time.process_time()
    connection.force_debug_cursor = True
    reset_queries()
    made = snap.file_received(by=jobs.FILER)
    connection.force_debug_cursor = False
    return {
        "receive_without_photo_cpu_ms": 1000 * (received - begun) / TOGETHER,
        "file_received_cpu_ms": 1000 * (time.process_time() - received) / made,
        "file_received_statements": len(connection.queries_log) / made,
    }


def _spent(work: Callable[[], object], *, turns: int = TURNS) -> float:
    work()
    begun = time.process_time()
    for _ in range(turns):
        work()
    return 1000 * (time.process_time() - begun) / turns


def main() -> None:
    """Prepare what the environment names, and write what its parts cost."""
    start_django()
    json.dump(prepare(quick="--quick" in sys.argv), sys.stdout)


if __name__ == "__main__":
    main()
