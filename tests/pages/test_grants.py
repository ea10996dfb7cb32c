"""Pages of grants: terms in words, renewal, receipts of deletion; asked, decided and given."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from haihe.base.actor import Actor
from haihe.edges.odrl import document_of
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue import jobs
from haihe.kernel.catalogue.declare import Terms
from haihe.kernel.catalogue.models import Deletion, Demand, Grant, OnwardException, Renewal
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org.models import Account
from haihe.kernel.services import actions as services
from tests.pages.cities import actor, client_of, officer

pytestmark = pytest.mark.usefixtures("city")
PURPOSE = "housing.account_service"
OWN = {"column": "division", "test": "prefix", "values": ["D01"]}


@pytest.fixture
def housing() -> Account:
    return officer("housing", "Ann")


@pytest.fixture
def registry() -> Account:
    return officer("registry", "Bob")


def granted(asks: Actor, gives: Actor, *, mode: str = "interface") -> Grant:
    demand = catalogue.raise_demand(
        by=asks,
        resource="registry.person",
        columns=["name", "division"],
        purpose=PURPOSE,
        basis="Housing Fund Act, s. 4",
        mode=mode,
        terms=Terms(rows=[OWN], data_life_days=90),
    )
    return catalogue.grant_demand(by=gives, demand=demand)


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_card_says_the_terms_and_gives_the_frozen_document(
    housing: Account, registry: Account
) -> None:
    held = granted(actor(housing), actor(registry))
    client = client_of(housing)
    shown = page_of(client, f"/sharing/demand/{held.demand_id}/")
    kept = held.documents.get()
    assert "begins with D01" in shown
    assert "it may not be passed on" in shown
    assert kept.hash in shown
    answer = client.get(f"/sharing/grants/{held.pk}/document")
    assert sha256(answer.content).hexdigest() == kept.hash
    assert json.loads(answer.content)["rows"] == [OWN]
    for missing in (f"{held.demand_id}/document", f"{held.pk}/document?edition=7"):
        assert client.get(f"/sharing/grants/{missing}").status_code == 404


def test_a_demand_is_narrowed_on_its_form(housing: Account) -> None:
    client = client_of(housing)
    answer = client.post(
        "/sharing/catalogue/demand/registry.person",
        {
            "columns": ["name"], "purpose": PURPOSE, "basis": "Act", "mode": "table",
            "rate_per_minute": "600", "months": "6", "row_column": "division",
            "row_test": "one_of", "row_values": "D01，D02", "every_hours": "24",
            "data_life_days": "30",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    raised = Demand.objects.get()
    assert raised.rows == [{"column": "division", "test": "one_of", "values": ["D01", "D02"]}]
    assert (raised.every_hours, raised.data_life_days, raised.months) == (24, 30, 6)


def test_a_rule_that_can_not_be_is_refused_beside_the_form(housing: Account) -> None:
    answer = client_of(housing).post(
        "/sharing/catalogue/demand/registry.person",
        {
            "columns": ["name"], "purpose": PURPOSE, "basis": "Act", "mode": "interface",
            "rate_per_minute": "600", "months": "6", "row_column": "division",
            "row_test": "within", "row_values": "D01, D02",
        },
    )  # fmt: skip
    assert answer.status_code == 422
    assert not Demand.objects.exists()


def test_a_district_asks_for_its_own_rows_back_on_the_form() -> None:
    district = client_of(officer("oldbridge", "Dan"))
    address = "/sharing/catalogue/demand/registry.person"
    assert "is_return_flow" in page_of(district, address)
    answer = district.post(
        address,
        {
            "columns": ["name"], "purpose": PURPOSE, "basis": "Decree 809",
            "mode": "table", "rate_per_minute": "600", "months": "6", "is_return_flow": "on",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    raised = Demand.objects.get()
    assert (raised.is_return_flow, raised.rows) == (True, [OWN])
    assert "return flow" in page_of(district, f"/sharing/demand/{raised.pk}/")
    assert "is_return_flow" not in page_of(client_of(officer("housing", "Ann")), address)


def test_a_renewal_is_asked_and_decided_on_the_card(housing: Account, registry: Account) -> None:
    held = granted(actor(housing), actor(registry))
    asks, gives = client_of(housing), client_of(registry)
    address = f"/sharing/grants/{held.pk}/renew"
    asks.post(address, {"renew-months": "12", "renew-reason": "Still paid from the fund"})
    renewal = Renewal.objects.get()
    assert "Still paid from the fund" in page_of(gives, f"/sharing/demand/{held.demand_id}/")
    assert str(held.demand_id) in page_of(gives, "/sharing/grants/?view=renewals")
    assert str(held.demand_id) not in page_of(asks, "/sharing/grants/?view=renewals")
    gives.post(f"/sharing/grants/renewal/{renewal.pk}/refuse", {"renewal-reason": ""})
    gives.post(f"/sharing/grants/renewal/{renewal.pk}/renew")
    assert Grant.objects.get().until == renewal.until_after
    assert held.documents.count() == 2


def test_a_receipt_is_owed_late_and_given_for_all_to_see(
    housing: Account, registry: Account
) -> None:
    held = granted(actor(housing), actor(registry))
    catalogue.withdraw_grant(by=actor(registry), grant=held, reason="No longer needed")
    jobs.ask_deletions()
    owed = Deletion.objects.get()
    authority = client_of(officer("data_office", "Eve"))
    assert str(held.demand_id) in page_of(authority, "/sharing/grants/?view=owed")
    client = client_of(housing)
    assert "Give the receipt" in page_of(client, f"/sharing/demand/{held.demand_id}/")
    address = f"/sharing/grants/deletion/{owed.pk}/confirm"
    authority.post(address, {"receipt-note": "Done"})
    client.post(address, {"receipt-note": " "})
    assert Deletion.objects.get().received_at is None
    client.post(address, {"receipt-note": "Cache emptied"})
    assert Deletion.objects.get().received_at is not None
    assert "Cache emptied" in page_of(client_of(registry), "/sharing/grants/?view=given")
    assert "Cache emptied" in page_of(client_of(registry), f"/sharing/demand/{held.demand_id}/")


def test_a_system_gives_its_receipt_with_its_callers_key(
    client: Client, housing: Account, registry: Account
) -> None:
    held = granted(actor(housing), actor(registry))
    catalogue.withdraw_grant(by=actor(registry), grant=held, reason="No longer needed")
    jobs.ask_deletions()
    owed = Deletion.objects.get()
    keys = {
        code: services.make_caller(by=actor(housing), department=code, subsystem="app")
        for code in ("housing", "welfare")
    }

    def send(code: str, body: str = "") -> tuple[int, dict[str, Any]]:
        sent: dict[str, Any] = {"headers": {"Accept": "application/json"}}
        sent["headers"]["Authorization"] = f"Bearer {keys.get(code, code)}"
        if body:
            address = f"/sharing/api/deletions/{owed.pk}"
            answer = client.post(address, body, content_type="application/json", **sent)
        else:
            answer = client.get("/sharing/api/deletions/", **sent)
        return answer.status_code, answer.json()

    assert send("nobody")[0] == 401
    assert send("welfare") == (200, {"deletions": []})
    assert [each["id"] for each in send("housing")[1]["deletions"]] == [str(owed.pk)]
    good = json.dumps({"note": "Cache emptied"})
    refusals = [send("welfare", good), send("housing", "[]"), send("housing", '{"note": " "}')]
    assert [(status, body["code"]) for status, body in refusals] == [
        (404, "catalogue.deletion.unknown"),
        (400, "sharing.receipt.bad"),
        (400, "catalogue.without_reason"),
    ]
    status, body = send("housing", good)
    owed.refresh_from_db()
    assert (status, body["entry"], owed.note) == (200, str(owed.entry), "Cache emptied")
    assert Entry.objects.get(pk=owed.entry).actor.startswith("system:")


def test_onward_use_is_asked_and_decided_on_the_card(housing: Account, registry: Account) -> None:
    held = granted(actor(housing), actor(registry))
    asks, gives = client_of(housing), client_of(registry)
    card = f"/sharing/demand/{held.demand_id}/"
    asked = {
        "onward-to": ["welfare"], "onward-law": "Welfare Act, s. 3", "onward-reason": "Support",
        "onward-last": held.until.date().isoformat(),
    }  # fmt: skip
    gives.post(f"/sharing/grants/{held.pk}/onward", asked)
    assert not OnwardException.objects.exists()
    asks.post(f"/sharing/grants/{held.pk}/onward", {**asked, "onward-law": ""})
    assert not OnwardException.objects.exists()
    asks.post(f"/sharing/grants/{held.pk}/onward", asked)
    made = OnwardException.objects.get()
    assert "Allow onward use" in page_of(gives, card)
    assert "Allow onward use" not in page_of(asks, card)
    assert "Asked to be passed on" in page_of(gives, "/sharing/grants/?view=onward")
    decide = f"/sharing/grants/onward/{made.pk}/decide"
    decision = {"decision": "allow", "onward-reason": "The law asks for it"}
    asks.post(decide, decision)
    made.refresh_from_db()
    assert made.state == "asked"
    gives.post(decide, {"decision": "allow", "onward-reason": " "})
    made.refresh_from_db()
    assert made.state == "asked"
    gives.post(decide, decision)
    shown = page_of(asks, card)
    assert "The law asks for it" in shown
    assert "by Welfare Act, s. 3 it may be passed on to" in shown


def test_the_terms_are_had_as_an_odrl_agreement(housing: Account, registry: Account) -> None:
    held = granted(actor(housing), actor(registry))
    answer = client_of(housing).get(f"/sharing/grants/{held.pk}/policy")
    assert answer["Content-Type"] == "application/ld+json"
    document = document_of(json.loads(answer.content), city="RV")
    assert document == json.loads(held.documents.get().text)
    missing = client_of(housing).get(f"/sharing/grants/{held.demand_id}/policy")
    assert missing.status_code == 404


def test_a_provider_narrows_rows_on_the_page_and_the_receiver_sees_it(
    housing: Account, registry: Account
) -> None:
    raised = catalogue.raise_demand(
        by=actor(housing), resource="registry.person", columns=["name", "division"],
        purpose=PURPOSE, basis="Housing Fund Act, s. 4", mode="interface",
    )  # fmt: skip
    gives = client_of(registry)
    step = f"/sharing/demand/{raised.pk}/step/grant"
    part = {
        "grant-columns": ["name", "division"], "grant-row_column": "division",
        "grant-row_test": "prefix", "grant-row_values": "D01",
    }  # fmt: skip
    gives.post(step, part)
    assert not Grant.objects.exists()
    gives.post(step, {**part, "grant-reason": "This district alone"})
    assert Grant.objects.get().rows == [OWN]
    shown = page_of(client_of(housing), f"/sharing/demand/{raised.pk}/")
    assert "Less was granted than asked" in shown
    assert "If you disagree, raise a dispute" in shown
