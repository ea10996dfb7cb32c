"""Two Haihes beside each other: a city's, and that of one of its districts, joined by Open311.

Each has a database, settings and serving process of its own, as in two machine rooms.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import yaml

from haihe.project.pack import pack_folder
from tests.districts.wire import Wire
from tests.plugin import SERVER
from tests.project.running import free_ports
from tests.tutorial.place import Lakeside

HANDS = (
    "import django, runpy; django.setup(); "
    "runpy.run_module('tests.districts.hands', run_name='__main__')"
)
DIVISION = "D01"
OLDBRIDGE, CITY = "oldbridge", "city"
"""How each calls the other."""


@dataclass
class Side:
    """One of the two: its folder and database, its port, and who acts in it."""

    place: Lakeside
    port: int
    wire: Wire
    key: str = ""
    serving: subprocess.Popen[str] | None = None
    hands: subprocess.Popen[str] | None = None

    def do(self, word: str, **given: Any) -> Any:
        """Let somebody do something; what came of it."""
        assert self.hands is not None
        assert self.hands.stdin is not None
        assert self.hands.stdout is not None
        self.hands.stdin.write(json.dumps({"do": word, **given}) + "\n")
        self.hands.stdin.flush()
        line = self.hands.stdout.readline()
        assert line, self.place.folder.joinpath("hands.log").read_text()
        return json.loads(line)


@dataclass(frozen=True)
class Pair:
    """Both, and how the city calls the district and is called by it."""

    city: Side
    district: Side
    is_handed_over: bool


@contextmanager
def pair(folder: Path, *, form: str, is_handed_over: bool) -> Iterator[Pair]:
    """Both, running, until the block ends, speaking JSON or XML.

    ``is_handed_over``: the district sends its own cases to the city, to be handled there; otherwise
    the city only follows them.
    """
    seed = len(form)
    city, district = _made(folder / "city", seed), _made(folder / "district", seed + 1)
    both = Pair(city, district, is_handed_over)
    try:
        _declare(city, OLDBRIDGE, form=form)
        _declare(district, CITY, form=form, sends=is_handed_over)
        city.key = _key(city, OLDBRIDGE)
        district.key = _key(district, CITY)
        _begin(city, OLDBRIDGE, district)
        _begin(district, CITY, city)
        assert all(side.do("begin") for side in (city, district))
        yield both
    finally:
        for side in (city, district):
            for process in (side.hands, side.serving):
                if process is not None:
                    process.terminate()
                    process.communicate(timeout=20)
            side.wire.close()


def _made(folder: Path, seed: int) -> Side:
    folder.mkdir(parents=True)
    name = f"haihe_pair_{folder.parent.name}_{folder.name}".replace("-", "_").lower()
    place = Lakeside(folder, database=name)
    SERVER.ensure_database(name)
    shutil.copytree(pack_folder("riverton"), folder / "city")
    port = free_ports()
    place.more.update({"HAIHE_PAGES_PORT": str(port), "HAIHE_SERVICES_PORT": str(port + 1)})
    return Side(place, port, Wire(port, seed=seed))


def _declare(side: Side, other: str, *, form: str, sends: bool = True) -> None:
    """Write the other side into the pack, and load the pack."""
    platform = {
        "code": other,
        "title": {"en": f"Platform of {other}", "zh": f"{other}平台"},
        "division": DIVISION,
        "caller": "oldbridge/platform",
        "form": form,
        "sends": sends,
        "services": {"public": "public"},
    }
    written = yaml.safe_dump({"platforms": [platform]}, allow_unicode=True)
    (side.place.folder / "city" / "platforms.yaml").write_text(written, encoding="utf-8")
    side.place.run("haihe", "setup")
    side.place.run("haihe", "city", "load")


def _key(side: Side, other: str) -> str:
    """The key with which the other side calls."""
    script = (
        f"{HANDS.partition('runpy.run_module')[0]}"
        "from tests.districts.hands import caller; print(caller('oldbridge', 'platform'))"
    )
    return side.place.run(sys.executable, "-c", script).strip()


def _begin(side: Side, other: str, there: Side) -> None:
    address = f"http://127.0.0.1:{there.wire.port}/open311/v2/"
    side.place.more["HAIHE_PLATFORMS"] = f"{other}={address}#{there.key}"
    environment = side.place.environment()
    with (side.place.folder / "serving.log").open("w") as log:
        side.serving = subprocess.Popen(
            ["haihe", "serve", "pages"], env=environment, cwd=side.place.folder,
            stdout=log, stderr=log, text=True,
        )  # fmt: skip
    with (side.place.folder / "hands.log").open("w") as log:
        side.hands = subprocess.Popen(
            [sys.executable, "-c", HANDS], env=environment, cwd=side.place.folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip
    _until_answered(side)


def _until_answered(side: Side) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        try:
            with urlopen(f"http://127.0.0.1:{side.port}/healthz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(side.place.folder.joinpath("serving.log").read_text())
