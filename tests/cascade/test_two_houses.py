"""A city's Haihe and that of one of its districts, both running, with catalogues of their own.

Only the district connects: it reads the city's catalogue and sends its own, as through a firewall.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from haihe.edges import dcat
from haihe.project.pack import pack_folder
from tests.plugin import SERVER
from tests.project.running import free_ports
from tests.tutorial.place import Lakeside

pytestmark = pytest.mark.timeout(900)
BEGUN = """
import django; django.setup()
import json
from haihe.kernel.catalogue.models import Resource
from haihe.kernel.services.actions import make_caller
from haihe.kernel.services.models import Caller
from haihe.systems.cascade.models import Entry, Source
from tests.cascade.builders import BOSS, publish, source
"""


@dataclass
class Side:
    """One of the two: its folder and database, and its port."""

    place: Lakeside
    port: int
    serving: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def do(self, script: str) -> Any:
        """Let somebody do something there; the JSON that it prints."""
        return json.loads(self.place.run(sys.executable, "-c", BEGUN + script))

    def command(self, *words: str) -> str:
        return self.place.run("haihe", "cascade", *words)

    def harvest(self, code: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.command("harvest", code, "--json"))
        return found

    def entries(self) -> dict[str, str]:
        """Identifiers of the other catalogues' entries, with what is said of their origin."""
        found: dict[str, str] = self.do(
            "print(json.dumps({e.identifier: e.origin"
            " for e in Entry.objects.filter(gone_at__isnull=True)}))"
        )
        return found

    def resources(self) -> set[str]:
        """Numbers of its own published resources."""
        return set(
            self.do(
                "print(json.dumps([r.national_code or r.code"
                " for r in Resource.objects.filter(state='published')]))"
            )
        )


@dataclass(frozen=True)
class Answer:
    """What came over the wire."""

    status: int
    headers: HTTPMessage
    content: bytes


@dataclass(frozen=True)
class Both:
    """The city, the district, and the key with which the district calls."""

    city: Side
    district: Side
    key: str


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Both, running, joined."""
    folder = tmp_path_factory.mktemp("levels")
    city, district = _made(folder / "city"), _made(folder / "district")
    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(_begin, (city, district)))
        key = city.do(
            "key = make_caller(by=BOSS, department='oldbridge', subsystem='district')\n"
            "source('', 'oldbridge', kind='below', caller=Caller.objects.get(), title='区')\n"
            "print(json.dumps(key))"
        )
        district.do(
            f"source('{city.address}/dcat/shared.ttl', 'city', kind='above', key='{key}')\n"
            "publish(1, code='oldbridge/trees', title={'zh': '行道树', 'en': 'Trees'},"
            " department='oldbridge')\nprint(1)"
        )
        yield Both(city, district, key)
    finally:
        for side in (city, district):
            if side.serving is not None:
                side.serving.terminate()
                side.serving.communicate(timeout=20)


def _made(folder: Path) -> Side:
    folder.mkdir(parents=True)
    name = f"haihe_level_{folder.parent.name}_{folder.name}".replace("-", "_").lower()
    place = Lakeside(folder, database=name)
    SERVER.ensure_database(name)
    shutil.copytree(pack_folder("riverton"), folder / "city")
    port = free_ports()
    place.more.update(
        {
            "HAIHE_PAGES_PORT": str(port),
            "HAIHE_SERVICES_PORT": str(port + 1),
            "HAIHE_ADDRESS": f"http://127.0.0.1:{port}",
            "HAIHE_TRIAL": "yes",
        }
    )
    return Side(place, port)


def _begin(side: Side) -> None:
    side.place.run("haihe", "setup")
    side.place.run("haihe", "city", "load")
    with (side.place.folder / "serving.log").open("w") as log:
        side.serving = subprocess.Popen(
            ["haihe", "serve", "pages"], env=side.place.environment(), cwd=side.place.folder,
            stdout=log, stderr=log, text=True,
        )  # fmt: skip
    ends = time.monotonic() + 90
    while time.monotonic() < ends:
        try:
            with urlopen(f"http://127.0.0.1:{side.port}/healthz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError(side.place.folder.joinpath("serving.log").read_text())


def test_each_level_has_the_other_s_catalogue_and_nothing_comes_back(both: Both) -> None:
    city, district = both.city, both.district
    read = district.harvest("city")
    assert (read["state"], read["own"]) == ("done", 0)
    own = {"city": city.resources(), "district": district.resources()}
    # Riverton's numbers are the same on both sides: the origin tells whose each is.
    assert district.entries() == dict.fromkeys(own["city"], f"{city.address}/dcat")
    assert district.command("send", "city") == f"Sent {len(own['district'])} entries.\n"
    assert city.entries() == dict.fromkeys(own["district"], f"{district.address}/dcat")
    again = district.harvest("city")
    assert (again["new"], again["changed"], again["gone"], again["own"]) == (0, 0, 0, 0)
    assert "Nothing has changed" in district.command("send", "city")
    assert city.resources() == own["city"]
    assert district.resources() == own["district"]


def test_what_the_district_changes_and_closes_reaches_the_city(both: Both) -> None:
    both.district.do(
        "publish(1, code='oldbridge/trees', title={'zh': '古树', 'en': 'Old trees'},"
        " department='oldbridge')\n"
        "Resource.objects.filter(pk='land.property').update(state='closed')\nprint(1)"
    )
    gone = both.city.resources() - both.district.resources()
    both.district.command("send", "city")
    kept = both.city.do(
        "print(json.dumps({e.address.rpartition('/resource/')[2]: [e.title['zh'],"
        " e.gone_at is None] for e in Entry.objects.all()}))"
    )
    assert kept["oldbridge/trees"] == ["古树", True]
    assert len(gone) == 1
    assert [code for code, (_, is_there) in kept.items() if not is_there] == ["land.property"]


def test_over_the_wire_the_open_part_is_for_all_and_the_whole_for_the_key(both: Both) -> None:
    for ending, kind in (("ttl", "text/turtle"), ("jsonld", "application/ld+json")):
        answer = ask(both.district, f"/dcat.{ending}")
        assert answer.headers["Content-Type"].startswith(kind)
        found = dcat.read_page(answer.content, media_type=kind)
        assert [each.address.rpartition("/resource/")[2] for each in found.datasets] == [
            "oldbridge/trees"
        ]
    head = ask(both.district, "/dcat.ttl", "HEAD")
    assert head.content == b""
    assert int(head.headers["Content-Length"]) > 1000
    same = {"If-None-Match": head.headers["ETag"]}
    assert ask(both.district, "/dcat.ttl", **same).status == 304
    assert ask(both.city, "/dcat/shared.ttl").status == 401
    with_key = {"Authorization": f"Bearer {both.key}"}
    assert ask(both.city, "/dcat/shared.ttl", **with_key).status == 200


def ask(side: Side, path: str, method: str = "GET", **headers: str) -> Answer:
    """What a house answers over the wire."""
    connection = HTTPConnection("127.0.0.1", side.port, timeout=60)
    try:
        connection.request(method, path, headers=headers)
        found = connection.getresponse()
        return Answer(found.status, found.headers, found.read())
    finally:
        connection.close()


def test_the_command_writes_the_whole_catalogue_into_one_file(both: Both) -> None:
    file = both.city.place.folder / "all.ttl"
    told = both.city.command("export", str(file), "--shared")
    found = dcat.read_page(file.read_bytes(), media_type=dcat.FORMATS["ttl"])
    assert {each.identifier for each in found.datasets} == both.city.resources()
    assert f"Wrote {len(found.datasets)} entries" in told
