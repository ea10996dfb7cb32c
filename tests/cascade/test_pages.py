"""The pages of other catalogues: found, looked into, named, read, stopped; for phones too."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.test import Client

from haihe.kernel.org.models import Account
from haihe.kernel.services.actions import make_caller
from haihe.systems.cascade import actions
from haihe.systems.cascade.models import Entry, Source
from tests import needs
from tests.cascade.builders import BOSS, document, harvest, publish, source
from tests.cascade.remote import Remote
from tests.pages.browser import DESKTOP, PHONE, Opening, faults
from tests.pages.cities import client_of, officer

PATHS = ("/cascade/", "/cascade/sources/", "/cascade/sources/new", "/cascade/sources/other/")


@pytest.fixture
def ann(city: None) -> Account:
    return officer("data_office", "Ann")


@pytest.fixture
def client(ann: Account) -> Client:
    made = client_of(ann)
    made.cookies["django_language"] = "en"
    return made


@pytest.fixture
def read(city: None, remote: Remote) -> Source:
    """A catalogue that was read twice: one entry is gone, all have faults."""
    remote.put("1.ttl", document(1, 2, 3))
    found = source(f"{remote.address}/1.ttl", title="Riverside")
    harvest(found)
    remote.put("1.ttl", document(1, 2))
    harvest(found)
    return found


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db
def test_entries_are_found_and_lead_to_where_they_live(
    client: Client, read: Source, remote: Remote
) -> None:
    shown = page(client, "/cascade/?words=street+1")
    assert "Trees of street 1" in shown
    assert "Trees of street 2" not in shown
    entry = Entry.objects.get(identifier="c-1")
    one = page(client, f"/cascade/entry/{entry.pk}/")
    assert f'href="{remote.address}/about/1"' in one
    assert "What is wrong or missing" in one
    gone = page(client, "/cascade/?state=gone")
    assert "Trees of street 3" in gone
    assert "gone since" in gone
    assert "demand" not in one.replace("/sharing/demands/", "").partition("<main")[2]


@pytest.mark.django_db
def test_a_catalogue_shows_its_readings_and_which_entries_have_faults(
    client: Client, read: Source
) -> None:
    shown = page(client, "/cascade/sources/other/")
    assert "3 entries: 3 new, 0 changed, 0 gone" in shown
    assert "2 entries: 0 new, 0 changed, 1 gone" in shown
    assert "Sharing class: It isn&#x27;t said." in shown
    assert "Riverside" in page(client, "/cascade/sources/")


@pytest.mark.django_db
def test_a_steward_names_a_catalogue_has_it_read_and_stops_it(client: Client) -> None:
    key = make_caller(by=BOSS, department="oldbridge", subsystem="district")
    assert key
    refused = client.post("/cascade/sources/new", {"kind": "dcat", "title": "C", "code": "c"})
    assert refused.status_code == 422
    given = {"kind": "dcat", "title": "C", "code": "c", "address": "https://c.example/all.ttl"}
    assert client.post("/cascade/sources/new", given).status_code == 302
    for word in ("read", "stop", "resume"):
        assert client.post(f"/cascade/sources/c/{word}").status_code == 302
    assert Source.objects.get(pk="c").is_active
    nobody = client_of(officer("land", "Bob", permissions=()))
    assert page(nobody, "/cascade/sources/c/").count("<form") == page(
        nobody, "/cascade/sources/"
    ).count("<form")
    for word in ("read", "stop", "resume"):
        assert nobody.post(f"/cascade/sources/c/{word}").status_code == 403
    assert nobody.get("/cascade/sources/new").status_code == 403
    assert Client().get("/cascade/").status_code == 302


@pytest.mark.django_db
def test_an_entry_of_the_higher_level_leads_to_our_resource_of_the_same_number(
    client: Client, remote: Remote
) -> None:
    publish(1, national_code="302/000777")
    remote.put("1.ttl", document(1, 2).replace('"c-1"', '"302/000777"'))
    harvest(source(f"{remote.address}/1.ttl", kind="above", key="k"))
    one, two = Entry.objects.order_by("key")
    assert 'href="/sharing/catalogue/land/r0001/"' in page(client, f"/cascade/entry/{one.pk}/")
    assert "land/r0001" not in page(client, f"/cascade/entry/{two.pk}/")


@pytest.mark.django_db
def test_what_another_writes_is_shown_as_words_and_leads_nowhere_but_to_the_web(
    client: Client, remote: Remote
) -> None:
    content = document(1).replace("Trees of", "<script>alert(1)</script>")
    content = content.replace("<HERE/about/1>", "<javascript:alert(1)>")
    remote.put("1.ttl", content.replace("<HERE/d/1>", "<urn:tree:1>"))
    harvest(source(f"{remote.address}/1.ttl"))
    one = page(client, f"/cascade/entry/{Entry.objects.get().pk}/")
    assert "<script>alert" not in one
    assert 'href="javascript' not in one
    assert 'href="urn' not in one


@needs.chromium
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_every_page_has_no_fault_of_accessibility_and_fits(
    opened: Opening, ann: Account, read: Source, size: tuple[int, int]
) -> None:
    publish(1)
    actions.name_source(
        by=BOSS, code="province", title="省级平台", kind="above", key="k",
        address="http://127.0.0.1:9/dcat/shared.ttl",
    )  # fmt: skip
    harvest(Source.objects.get(pk="province"))
    entry = Entry.objects.get(identifier="c-1")
    shown = opened(ann, size=size).new_page()
    for path in (*PATHS, "/cascade/sources/province/", f"/cascade/entry/{entry.pk}/"):
        shown.goto(path)
        assert faults(shown) == [], path
        width = shown.evaluate("document.documentElement.scrollWidth")
        assert width <= size[0], path
        keep(shown, path, size)
    public = opened(size=size).new_page()
    public.goto("/dcat/resource/land/r0001")
    assert faults(public) == []
    keep(public, "public", size)


def keep(shown: object, path: str, size: tuple[int, int]) -> None:
    folder = os.environ.get("SHOTS", "")
    if folder:
        name = path.strip("/").replace("/", "_")[:30] or "root"
        shown.screenshot(path=Path(folder) / f"{size[0]}_{name}.png", full_page=True)  # type: ignore[attr-defined]
