"""The citizen's pages, with Django's client."""

from __future__ import annotations

import json

from haihe.base.actor import Actor
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Account
from haihe.kernel.people.declare import BY_NUMBER
from haihe.kernel.people.models import Person
from haihe.kernel.people.queries import subject_key
from tests.pages.cities import NUMBER, client_of, officer

ADDRESSES = ["", "data/", "looks/", "take-away/", "messages/", "me/"]


def test_each_page_opens_in_both_languages(citizen: Account) -> None:
    client = client_of(citizen)
    for language in ("en", "zh-hans"):
        client.cookies["django_language"] = language
        opened = {each: client.get(f"/portal/{each}").status_code for each in ADDRESSES}
        assert opened == dict.fromkeys(ADDRESSES, 200)


def test_a_citizen_sees_what_is_held(citizen: Account) -> None:
    page = client_of(citizen).get("/portal/data/").content.decode()
    assert "Population register" in page
    assert "D01W01" in page


def test_taking_away_stands_in_the_record(citizen: Account) -> None:
    client = client_of(citizen)
    taken = json.loads(client.post("/portal/take-away/").content)
    assert taken["held"][0]["resource"] == "registry.person"
    kinds = [line["kind"] for line in taken["access_record"]]
    assert kinds[0] == "people.taken_away"
    assert "Own data taken away" in client.get("/portal/looks/").content.decode()


def test_the_home_page_counts_departments_looks_and_not_ones_own(citizen: Account) -> None:
    client = client_of(citizen)
    client.post("/portal/take-away/")
    assert "0 looks at your data in 30 days" in client.get("/portal/").content.decode()
    subject = subject_key(Person.objects.get())
    by = Actor("officer", "1", department="welfare")
    ledger.record(by=by, kind="services.page.viewed", subject=subject, body={})
    assert "1 look at your data in 30 days" in client.get("/portal/").content.decode()


def test_an_entry_of_somebody_else_is_not_shown(citizen: Account) -> None:
    client = client_of(citizen)
    assert client.get(f"/portal/looks/{'0' * 8}-0000-7000-8000-{'0' * 12}/").status_code == 404


def test_an_officer_has_no_citizens_page(citizen: Account) -> None:
    page = client_of(officer("housing", "Ann")).get("/portal/")
    assert page.status_code == 403
    assert "ui.citizens_only" in page.content.decode()


def test_a_citizen_has_no_officers_page(citizen: Account) -> None:
    page = client_of(citizen).get("/sharing/")
    assert page.status_code == 403
    assert "ui.officers_only" in page.content.decode()


def test_a_claim_made_online_shows_nothing_until_it_is_proofed_at_a_counter(
    citizen: Account,
) -> None:
    Person.objects.update(proofing=BY_NUMBER)
    client = client_of(citizen)
    assert "Population register" not in client.get("/portal/").content.decode()
    for address in ("data/", "looks/", "take-away/"):
        page = client.get(f"/portal/{address}")
        assert page.status_code == 403
        assert "portal.not_proofed" in page.content.decode()
    form = {"username": "wang", "number": NUMBER, "name": "Wang Li"}
    client_of(officer("welfare", "Ann")).post("/desk/identity/", form)
    assert "Population register" in client.get("/portal/data/").content.decode()
