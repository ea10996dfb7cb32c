"""Citizens' reports with photos in `haihe bench cases`: filed over HTTP, as a phone files them.

The pages run as `haihe up` runs them, over a database and a folder of their own; each report is one
request with one photo, from a device and an address of its own: as the page's script shrinks it on
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
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from django.core.management import call_command
from PIL import Image

from haihe.base.errors import Unavailable
from haihe.engine.postgres.server import Server
from haihe.project.bench.cpu import cpu_seconds
from haihe.project.bench.own import variables, worked
from haihe.project.start import start_django

CALLERS = 4
SECONDS, QUICK_SECONDS = 20.0, 3.0
WANTED = 200
WIDTH, HEIGHT, QUALITY = 4000, 3000, 82
SHRUNK, SHRUNK_QUALITY = 2048, 85
"""The longer side and the quality of what the page's script sends (``ui/front/photos.mjs``)."""
UPRIGHT, TURNED = 1, 6
"""How a phone was held, as its photos say it."""
TURNS = 5
_POINT = {"longitude": "150.055813", "latitude": "30.152941", "datum": "WGS-84"}
_SERVE = ("-c", "from haihe.project.processes.serving import serve_pages; serve_pages()")
_BOUNDARY = b"----haihe-bench"
NOTES = (
    "Photo reports: one photo each, over HTTP, to one process of pages.",
    "The first is shrunk to 2048 pixels on the phone; whole ones are of 12 million pixels.",
    "The processor's time for one report bounds what two cores can take.",
    "The blurred copy is a job of the worker's, later: it costs more than all the rest.",
    "Cores are reckoned from the processor's time for one, not tried.",
)


class PagesSilent(Unavailable):
    """The pages that a benchmark started do not answer."""

    code = "bench.pages.silent"
    message = "The pages that the benchmark started do not answer."
    hint = "Run the benchmark again when the machine is less busy."


def measure(server: Server, folder: Path, *, quick: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Figures and limits of reports with a photo: shrunk on the phone, whole, whole and turned."""
    server.ensure_database("reports")
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = int(trial.getsockname()[1])
    environment = variables(
        server.url("reports"),
        folder / "reports",
        HAIHE_PROXIES="1",
        HAIHE_PAGES_PORT=str(port),
    )
    costs = worked("case_reports", *["--quick"] * quick, environment=environment)
    figures: dict[str, Any] = {}
    with _pages(environment, port) as pages:
        for sort, content in _photos(quick=quick).items():
            load = Load(port, content, seconds=QUICK_SECONDS if quick else SECONDS)
            before = cpu_seconds(pages), cpu_seconds(server.pid or 0)
            found = load.run()
            after = cpu_seconds(pages), cpu_seconds(server.pid or 0)
            for name, begun, ended in zip(("pages", "database"), before, after, strict=True):
                found[f"{name}_cpu_ms"] = 1000 * (ended - begun) / max(1, found["filed"])
            figures |= {f"photo_reports_{sort}{name}": value for name, value in found.items()}
    limits = {f"photo_{name}": value for name, value in costs.items()}
    return figures | _needed(figures, costs), limits


def _needed(figures: Mapping[str, Any], costs: Mapping[str, float]) -> dict[str, float]:
    """What one core blurs, and how many cores it takes to file and blur ``WANTED`` a second."""
    filing = figures["photo_reports_pages_cpu_ms"] + figures["photo_reports_database_cpu_ms"]
    blurring = costs["blur_cpu_ms"]
    return {
        "photos_blurred_per_core_s": 1000 / blurring,
        f"cores_to_file_{WANTED}_per_s": WANTED * filing / 1000,
        f"cores_to_blur_{WANTED}_per_s": WANTED * blurring / 1000,
    }


class Load:
    """Phones that file one report after another; each has one under way."""

    def __init__(self, port: int, photo: bytes, *, seconds: float) -> None:
        self.port, self.photo, self.seconds = port, photo, seconds

    def run(self) -> dict[str, Any]:
        """Reports a second, and how long one took; after a second to warm up."""
        begun = time.perf_counter() + 1
        with ThreadPoolExecutor(CALLERS) as callers:
            ran = callers.map(lambda _: self._file_until(begun + self.seconds), range(CALLERS))
            taken = [each for caller in ran for each in caller]
        within = sorted(1000 * (end - start) for start, end in taken if start >= begun)
        whole = max(end for _, end in taken) - begun
        return {
            "per_s": len(within) / whole,
            "p50_ms": within[len(within) // 2],
            "p95_ms": within[int(0.95 * len(within))],
            "filed": len(taken),
            "callers": CALLERS,
            "photo_mib": len(self.photo) / 2**20,
        }

    def _file_until(self, ends: float) -> list[tuple[float, float]]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", "/snap/token", headers={"Host": "localhost"})
        answer = connection.getresponse()
        token = json.loads(answer.read())["token"]
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        taken = []
        while (start := time.perf_counter()) < ends:
            body, headers = self._request(token, cookie)
            connection.request("POST", "/snap/report/queued", body, headers)
            answer = connection.getresponse()
            told = answer.read()
            if answer.status != 200:
                raise PagesSilent(f"{answer.status}: {told[:200].decode(errors='replace')}")
            taken.append((start, time.perf_counter()))
        return taken

    def _request(self, token: str, cookie: str) -> tuple[bytes, dict[str, str]]:
        """One report; its phone, address, key and photo are nobody else's."""
        key = uuid4()
        secret = key.hex[:22]
        fields = {**_POINT, "key": str(key), "token": secret, "category": "public", "words": "路灯"}
        parts = [
            b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
            % (_BOUNDARY, name.encode(), value.encode())
            for name, value in fields.items()
        ]
        head = (
            b'--%s\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n'
            b"Content-Type: image/jpeg\r\n\r\n" % _BOUNDARY
        )
        body = b"".join(
            [*parts, head, varied(self.photo, key.bytes), b"\r\n--%s--\r\n" % _BOUNDARY]
        )
        headers = {
            "Host": "localhost",
            "Cookie": f"{cookie}; snap_device={secret}",
            "X-CSRFToken": token,
            "X-Forwarded-For": f"2001:db8::{key.hex[:4]}:{key.hex[4:8]}",
            "Content-Type": f"multipart/form-data; boundary={_BOUNDARY.decode()}",
        }
        return body, headers


def photo(way: int) -> bytes:
    """A made-up scene of a phone's size, with the tags that a phone writes."""
    draw = np.random.default_rng(5)
    coarse = draw.integers(0, 256, (HEIGHT // 50, WIDTH // 50, 3), dtype=np.uint8)
    scene = Image.fromarray(coarse).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    grain = draw.normal(0, 6, (HEIGHT, WIDTH, 3))
    pixels = (np.asarray(scene) + grain).clip(0, 255).astype(np.uint8)
    tags = Image.Exif()
    tags[0x0112], tags[0x010F] = way, "Phone"
    out = BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=QUALITY, exif=tags)
    return out.getvalue()


def shrunk(photo: bytes) -> bytes:
    """A photo as the page's script sends it: smaller, without tags, upright."""
    out = BytesIO()
    with Image.open(BytesIO(photo)) as picture:
        picture.thumbnail((SHRUNK, SHRUNK))
        picture.save(out, "JPEG", quality=SHRUNK_QUALITY)
    return out.getvalue()


def _photos(*, quick: bool) -> dict[str, bytes]:
    """What is sent, by the word that its figures bear."""
    whole = photo(UPRIGHT)
    if quick:
        return {"": shrunk(whole)}
    return {"": shrunk(whole), "whole_": whole, "whole_turned_": photo(TURNED)}


def varied(photo: bytes, noise: bytes) -> bytes:
    """The photo with other fine steps of its colours, so that its bytes are kept by nobody yet."""
    at = photo.index(b"\xff\xdb") + 5 + 40
    steps = bytes(max(1, each) for each in noise[:8])
    return photo[:at] + steps + photo[at + 8 :]


@contextmanager
def _pages(variables: Mapping[str, str], port: int) -> Iterator[int]:
    """The pages' process, until the block ends."""
    words = [sys.executable, *_SERVE]
    process = subprocess.Popen(words, env=dict(variables), stdout=subprocess.DEVNULL)
    try:
        ends = time.monotonic() + 60
        while not _answers(port):
            if time.monotonic() > ends:
                raise PagesSilent
            time.sleep(0.2)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def _answers(port: int) -> bool:
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/snap/token", headers={"Host": "localhost"})
        return connection.getresponse().status == 200
    except OSError:
        return False


def prepare(*, quick: bool) -> dict[str, float]:
    """Make the city; then processor time of parts of the way, in milliseconds a report.

    ``quick`` leaves out whole photos.
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
    found = {
        "check_cpu_ms": _spent(lambda: checking.checked(small, media_type="image/jpeg")),
        "report_without_photo_cpu_ms": _spent(_file_one, turns=20),
        "blur_cpu_ms": _spent(lambda: blurring.blurred(small), turns=1),
    }
    if quick:
        return found
    turned = photo(TURNED)
    return {
        **found,
        "check_whole_cpu_ms": _spent(lambda: checking.checked(upright, media_type="image/jpeg")),
        "check_turned_cpu_ms": _spent(lambda: checking.checked(turned, media_type="image/jpeg")),
        "blur_whole_cpu_ms": _spent(lambda: blurring.blurred(upright), turns=1),
    }


def _file_one() -> None:
    snap = importlib.import_module("haihe.systems.snap.actions")
    actor = importlib.import_module("haihe.base.actor").Actor("visitor", "visitor")
    point = (float(_POINT["longitude"]), float(_POINT["latitude"]), _POINT["datum"])
    sent = snap.Sent(draft=uuid4(), point=point, category="public", text="路灯")
    snap.file_report(by=actor, sent=sent, token=uuid4().hex[:22])


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
