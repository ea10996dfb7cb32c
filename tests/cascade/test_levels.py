"""Levels joined: what a lower one sends, what is passed on, and that nothing goes in a circle."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from haihe.base.settings import settings
from haihe.edges import dcat
from haihe.edges.dcat import Agent, Catalogue, Dataset, Page
from haihe.kernel.services.actions import make_caller
from haihe.kernel.services.models import Caller
from haihe.systems.cascade import actions
from haihe.systems.cascade.errors import NoAddressOfOurs
from haihe.systems.cascade.models import Entry, Reading, Source
from tests.cascade.builders import BOSS, document, harvest, publish, source
from tests.cascade.conftest import HERE
from tests.cascade.remote import Remote
from tests.cascade.test_export import codes, walk

pytestmark = pytest.mark.django_db
NORTH, SOUTH = "https://north.example", "https://south.example"
SAID = {"en": "All"}


def level(name: str, department: str) -> dict[str, str]:
    """A lower level with its caller; the header with its key."""
    key = make_caller(by=BOSS, department=department, subsystem=name)
    caller = Caller.objects.get(subsystem=name)
    source("", name, kind="below", caller=caller, title=name)
    return {"Authorization": f"Bearer {key}"}


def dataset(home: str, number: int, **changed: Any) -> Dataset:
    here = f"{home}/dcat/resource/{number}"
    return Dataset(here, f"{number}", {"en": f"Trees {number}"}, SAID, **changed)


def written(home: str, *datasets: Dataset, **changed: Any) -> bytes:
    agent = Agent(SAID, f"{home}/dcat#city", "N")
    return dcat.write_page(
        Page(Catalogue(f"{home}/dcat", SAID, SAID, agent), datasets, f"{home}/1", **changed)
    )


def send(content: bytes, headers: dict[str, str], number: object = None) -> Any:
    return Client().post(
        f"/dcat/received?reading={number or uuid4()}", content, content_type="text/turtle",
        headers=headers,
    )  # fmt: skip


def shared(headers: dict[str, str]) -> dict[str, Dataset]:
    pages = walk(f"{HERE}/dcat/shared.ttl", **headers)
    return {each.address: each for page in pages for each in page.datasets}


def live(name: str) -> set[str]:
    found = Entry.objects.filter(source=name, gone_at__isnull=True)
    return set(found.values_list("identifier", flat=True))


def test_a_lower_level_sends_its_catalogue_in_pages_and_the_last_lets_it_count(city: None) -> None:
    north, number = level("north", "oldbridge"), uuid4()
    first = written(NORTH, dataset(NORTH, 1), next=f"{NORTH}/2")
    for _ in range(2):  # an answer that is lost is sent again
        assert send(first, north, number).json() == {"entries": 1, "done": False}
    assert live("north") == set()
    last = written(NORTH, dataset(NORTH, 2))
    for _ in range(2):
        assert send(last, north, number).json() == {"entries": 2, "done": True}
    assert live("north") == {"1", "2"}
    assert send(written(NORTH, dataset(NORTH, 2)), north).json()["done"]
    assert live("north") == {"2"}
    assert Source.objects.get(pk="north").home == f"{NORTH}/dcat"


def test_only_a_lower_level_that_was_named_may_send_and_only_its_own_catalogue(city: None) -> None:
    north = level("north", "oldbridge")
    content = written(NORTH, dataset(NORTH, 1))
    stranger = {"Authorization": f"Bearer {make_caller(by=BOSS, department='land', subsystem='x')}"}
    assert send(content, {}).status_code == 401
    assert send(content, stranger).status_code == 403
    assert send(content, north, "no-number").status_code == 400
    assert send(b"<p>no catalogue</p>", north).status_code == 400
    assert send(content, north).status_code == 200
    other = written(SOUTH, dataset(SOUTH, 9))
    assert send(other, north).status_code == 400
    assert live("north") == {"1"}
    south = level("south", "millfield")
    taken = Reading.objects.filter(source="north", state="done").get()
    assert send(other, south, taken.pk).status_code == 400
    assert send(content, south).status_code == 400  # the catalogue is another's
    assert live("south") == set()
    actions.stop_source(by=BOSS, source=Source.objects.get(pk="north"))
    assert send(content, north).status_code == 403


def test_what_one_level_sends_is_passed_on_to_the_others_and_never_back(city: None) -> None:
    publish(1, opened="closed")
    north, south = level("north", "oldbridge"), level("south", "millfield")
    send(written(NORTH, dataset(NORTH, 1)), north)
    send(written(SOUTH, dataset(SOUTH, 7)), south)
    own = {each for each in shared(north) if each.startswith(HERE)}
    assert f"{HERE}/dcat/resource/land/r0001" in own
    assert set(shared(north)) - own == {f"{SOUTH}/dcat/resource/7"}
    assert set(shared(south)) - own == {f"{NORTH}/dcat/resource/1"}
    passed = shared(south)[f"{NORTH}/dcat/resource/1"]
    assert (passed.origin, passed.via) == (f"{NORTH}/dcat", (f"{HERE}/dcat",))
    assert passed.identifier == "1"
    key = make_caller(by=BOSS, department="land", subsystem="reader")
    assert set(shared({"Authorization": f"Bearer {key}"})) == own
    assert codes(walk(f"{HERE}/dcat.ttl")) == []


def test_what_came_by_a_level_does_not_go_back_to_it_as_another_s(city: None) -> None:
    north, south = level("north", "oldbridge"), level("south", "millfield")
    send(written(NORTH, dataset(NORTH, 1)), north)
    # South passes on what began in the north, what began here, and what came by the north.
    send(
        written(
            SOUTH,
            dataset(SOUTH, 7),
            dataset(NORTH, 1, origin=f"{NORTH}/dcat", via=(f"{SOUTH}/dcat",)),
            dataset(NORTH, 2, origin=f"{NORTH}/dcat"),
            dataset(HERE, 3, origin=f"{HERE}/dcat", via=(f"{SOUTH}/dcat",)),
            dataset("https://e.example", 4, origin="https://e.example/dcat",
                    via=(f"{NORTH}/dcat",)),
        ),
        south,
    )  # fmt: skip
    assert live("south") == {"7", "1", "2", "4"}
    assert Reading.objects.get(source="south").own == 1
    sent_north = {each for each in shared(north) if not each.startswith(HERE)}
    assert sent_north == {f"{SOUTH}/dcat/resource/7"}
    sent_south = {each for each in shared(south) if not each.startswith(HERE)}
    assert sent_south == {f"{NORTH}/dcat/resource/1"}


def test_an_entry_that_comes_by_two_ways_is_passed_on_once_by_the_shorter(city: None) -> None:
    north, south, east = (
        level(name, of)
        for name, of in (("north", "oldbridge"), ("south", "millfield"), ("east", "land"))
    )
    by_south = dataset(NORTH, 1, origin=f"{NORTH}/dcat", via=(f"{SOUTH}/dcat",))
    send(written(SOUTH, by_south), south)
    assert shared(east)[by_south.address].via == tuple(sorted((f"{HERE}/dcat", f"{SOUTH}/dcat")))
    send(written(NORTH, dataset(NORTH, 1)), north)
    pages = walk(f"{HERE}/dcat/shared.ttl", **east)
    found = [each for page in pages for each in page.datasets if each.address == by_south.address]
    assert [each.via for each in found] == [(f"{HERE}/dcat",)]


def test_a_catalogue_that_is_our_own_is_never_read(city: None, remote: Remote) -> None:
    publish(1)
    content = Client().get("/dcat.ttl").content
    remote.put("me.ttl", content)
    reading = harvest(source(f"{remote.address}/me.ttl"))
    assert reading.reason == "cascade.other_catalogue"
    assert not Entry.objects.exists()


def test_levels_are_joined_only_where_we_know_our_own_address(
    city: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HAIHE_ADDRESS")
    settings.cache_clear()
    with pytest.raises(NoAddressOfOurs):
        source("https://above.example/dcat/shared.ttl", kind="above", key="k")


def test_a_catalogue_above_that_changes_its_name_is_not_taken_for_the_old_one(
    city: None, remote: Remote
) -> None:
    remote.put("s.ttl", document(1))
    found = source(f"{remote.address}/s.ttl", kind="above", key="k")
    assert harvest(found).state == "done"
    remote.put("s.ttl", document(1).replace("<HERE/> a", "<https://new.example/> a"))
    assert harvest(found).reason == "cascade.other_catalogue"
    assert live("other") == {"c-1"}
