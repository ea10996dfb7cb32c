"""Phones that file reports over HTTP, for `haihe bench cases`: made-up photos, each sent once."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from io import BytesIO
from typing import Any
from uuid import uuid4

import numpy as np
from PIL import Image

from haihe.base.errors import Unavailable

CALLERS = 8
WIDTH, HEIGHT, QUALITY = 4000, 3000, 82
SHRUNK, SHRUNK_QUALITY = 2048, 85
"""The longer side and the quality of what the page's script sends (``ui/front/photos.mjs``)."""
UPRIGHT, TURNED = 1, 6
"""How a phone was held, as its photos say it."""
CATEGORIES = ("public", "street", "look", "noise")
BOUNDARY = b"----haihe-bench"


class PagesSilent(Unavailable):
    """The pages that a benchmark started do not answer."""

    code = "bench.pages.silent"
    message = "The pages that the benchmark started do not answer."
    hint = "Run the benchmark again when the machine is less busy."


class Load:
    """Phones that file one report after another; each has one under way."""

    def __init__(
        self, port: int, photo: bytes, *, points: Sequence[Mapping[str, str]], seconds: float
    ) -> None:
        self.port, self.photo, self.seconds = port, photo, seconds
        self.points = points

    def run(self) -> dict[str, Any]:
        """Reports a second, and how long one took; after a second to warm up."""
        begun, spent = time.perf_counter() + 1, time.process_time()
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
            "load_cpu_ms": 1000 * (time.process_time() - spent) / max(1, len(taken)),
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
        point = self.points[key.bytes[0] % len(self.points)]
        category = CATEGORIES[key.bytes[1] % len(CATEGORIES)]
        fields = {**point, "key": str(key), "token": secret, "category": category, "words": "路灯"}
        parts = [
            b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
            % (BOUNDARY, name.encode(), value.encode())
            for name, value in fields.items()
        ]
        head = (
            b'--%s\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n'
            b"Content-Type: image/jpeg\r\n\r\n" % BOUNDARY
        )
        body = b"".join([*parts, head, varied(self.photo, key.bytes), b"\r\n--%s--\r\n" % BOUNDARY])
        headers = {
            "Host": "localhost",
            "Cookie": f"{cookie}; snap_device={secret}",
            "X-CSRFToken": token,
            "X-Forwarded-For": f"2001:db8::{key.hex[:4]}:{key.hex[4:8]}",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY.decode()}",
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


def varied(photo: bytes, noise: bytes) -> bytes:
    """The photo with other fine steps of its colours, so that its bytes are kept by nobody yet."""
    at = photo.index(b"\xff\xdb") + 5 + 40
    steps = bytes(max(1, each) for each in noise[:8])
    return photo[:at] + steps + photo[at + 8 :]
