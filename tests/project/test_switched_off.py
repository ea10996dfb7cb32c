"""A system that a city has switched off leaves nothing behind, and the others do not notice."""

from __future__ import annotations

import json
import shutil
import sys
from typing import Any

import pytest

from haihe.project.pack import pack_folder, read_city
from tests.plugin import SERVER
from tests.tutorial.place import Lakeside

pytestmark = pytest.mark.timeout(600)
SYSTEMS = tuple(read_city("riverton")["systems"])
CHOICES = [(each,) for each in SYSTEMS] + [("portal", "desk"), SYSTEMS]
VISIT = (
    "import django, runpy; django.setup();"
    " runpy.run_module('tests.project.switched_visit', run_name='__main__')"
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Lakeside:
    """A city loaded once; which of its systems are on is changed by each test."""
    folder = tmp_path_factory.mktemp("switched")
    there = Lakeside(folder, database="haihe_switched")
    SERVER.ensure_database(there.database)
    shutil.copytree(pack_folder("riverton"), folder / "city")
    there.run("haihe", "setup")
    there.run("haihe", "city", "load")
    return there


def switch(place: Lakeside, *, on: list[str]) -> None:
    """Write which systems are on into the city's own file."""
    kept = (pack_folder("riverton") / "city.toml").read_text(encoding="utf-8")
    before, after = (f"systems = {json.dumps(each)}" for each in (SYSTEMS, on))
    assert before in kept
    text = kept.replace(before, after)
    (place.folder / "city" / "city.toml").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module", params=CHOICES, ids="+".join)
def off(request: pytest.FixtureRequest, place: Lakeside) -> tuple[str, ...]:
    """The systems that are off."""
    switch(place, on=[each for each in SYSTEMS if each not in request.param])
    return request.param


@pytest.fixture(scope="module")
def seen(place: Lakeside, off: tuple[str, ...]) -> dict[str, Any]:
    """What the pages showed to a visitor, an officer and a citizen."""
    found: dict[str, Any] = json.loads(place.run(sys.executable, "-c", VISIT, *off))
    return found


def test_it_has_no_menu_entry_and_no_address(seen: dict[str, Any], off: tuple[str, ...]) -> None:
    assert set(seen["systems"]) == set(SYSTEMS) - set(off)
    assert not [url for url in seen["menu"] if url.split(":")[0] in off]
    assert len(seen["off"]) >= len(off)
    assert {code for codes in seen["off"].values() for code in codes.values()} == {404}


def test_nothing_leads_to_it(seen: dict[str, Any], off: tuple[str, ...]) -> None:
    leading = {
        (reader, page, target)
        for reader, pages in seen["walked"].items()
        for page, (_, targets) in pages.items()
        for target in targets
        if target.split("/")[1:2] and target.split("/")[1] in off
    }
    assert leading == set()


def test_no_link_is_left_without_an_address(seen: dict[str, Any]) -> None:
    empty = {
        (reader, page)
        for reader, pages in seen["walked"].items()
        for page, (_, targets) in pages.items()
        if "" in targets
    }
    assert empty == set()


def test_every_page_that_a_link_leads_to_opens(seen: dict[str, Any], off: tuple[str, ...]) -> None:
    closed = {
        (reader, page, status)
        for reader, pages in seen["walked"].items()
        for page, (status, _) in pages.items()
        if status != 200
    }
    assert closed == set()
    reached = {page.split("/")[1] for pages in seen["walked"].values() for page in pages}
    assert set(SYSTEMS) - set(off) <= reached


def test_signing_in_leads_to_a_page_that_opens(seen: dict[str, Any], off: tuple[str, ...]) -> None:
    for name, (led, status, text) in seen["after sign-in"].items():
        assert (status, led.split("/")[1] in off) == (200, False), (name, led)
        assert 'class="hh-foot"' in text


def test_an_officer_and_a_citizen_start_at_what_is_left(
    seen: dict[str, Any], off: tuple[str, ...]
) -> None:
    starts = {"desk": "/desk/", "grid": "/grid/round/", "snap": "/snap/hotline/"}
    starts["sharing"] = "/sharing/"
    officers = next((address for each, address in starts.items() if each not in off), "/")
    assert seen["after sign-in"]["ann"][0] == officers
    citizens = {"portal": "/portal/", "snap": "/snap/"}
    led = next((address for each, address in citizens.items() if each not in off), "/")
    assert seen["after sign-in"]["wang"][0] == led


def test_the_first_page_offers_only_what_is_there(
    seen: dict[str, Any], off: tuple[str, ...]
) -> None:
    first = seen["first"]["visitor"]
    assert ("For people and enterprises" in first) == (not {"portal", "snap"} <= set(off))
    assert ("/account/signup/" in first) == (not {"portal", "snap"} <= set(off))
    assert ("For officers" in first) == (not {"desk", "sharing", "grid", "snap"} <= set(off))
    assert ("Raise a demand" in first) == ("sharing" not in off)


def test_the_reference_is_written_and_the_pack_has_no_fault(
    seen: dict[str, Any], off: tuple[str, ...]
) -> None:
    listed = seen["reference"]
    assert {each for each in SYSTEMS if f"`{each}:" in listed} == set(SYSTEMS) - set(off)
    assert seen["faults"] == []


def test_the_pages_start_as_their_server_starts_them(seen: dict[str, Any]) -> None:
    assert seen["started"] == "haihe.project.wsgi"  # its import resolves every route


def test_commands_work_with_every_system_off(place: Lakeside) -> None:
    switch(place, on=[])
    folder = place.folder / "reference"
    place.run("haihe", "docs", "reference", "--folder", str(folder))
    assert (folder / "systems.md").exists()
    assert "No faults." in place.run("haihe", "city", "check", str(place.folder / "city"))
    place.run("haihe", "city", "load")
