"""The rules between the lists, met by whoever fills in the pages: refused, and nothing written."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.catalogue.models import Demand, Grant, Resource, SourceSystem
from haihe.kernel.exchange.models import Link
from haihe.kernel.ledger.models import Entry
from tests.catalogue.builders import PROVIDER, Small, demand, forbid, publish, small_catalogue
from tests.pages.cities import client_of, officer

RAISE = "/sharing/catalogue/demand/civil/households"
GIVEN: dict[str, Any] = {
    "columns": ["income"],
    "purpose": "housing.fund",
    "basis": "Housing Act, art. 3",
    "mode": "interface",
    "rate_per_minute": "60",
    "months": "6",
}
WHOLE = {"grant-columns": ["person", "income"]}
"""The columns that the small demand asks for, all granted."""


@pytest.fixture
def small(db: None) -> Small:
    return small_catalogue()


@pytest.fixture
def asking(small: Small) -> Client:
    return client_of(officer("housing", "Ann"))


@pytest.fixture
def provider(small: Small) -> Client:
    return client_of(officer("civil", "Bob"))


@pytest.fixture
def third(small: Small) -> Client:
    return client_of(officer("tax", "Cem"))


@pytest.mark.parametrize(
    "changed",
    [
        {"basis": " "},
        {"purpose": "fun"},
        {"columns": []},
        {"columns": ["faith"]},
        {"columns": ["nothing"]},
        {"mode": "pigeon"},
        {"months": "61"},
        {"rate_per_minute": "0"},
    ],
)
def test_a_demand_that_may_not_be_is_not_raised(asking: Client, changed: dict[str, object]) -> None:
    assert asking.post(RAISE, {**GIVEN, **changed}).status_code == 422
    assert not Demand.objects.exists()


def test_a_listed_column_is_not_demanded(asking: Client, small: Small) -> None:
    forbid(small.column("income"))
    assert asking.post(RAISE, GIVEN).status_code == 422
    assert not Demand.objects.exists()


def test_nobody_demands_their_own_or_what_is_not_published(
    asking: Client, provider: Client
) -> None:
    assert provider.post(RAISE, GIVEN).status_code == 422
    Resource.objects.filter(pk="civil/households").update(state="closed")
    assert asking.post(RAISE, GIVEN).status_code == 422
    assert not Demand.objects.exists()


def test_only_an_offered_way_is_demanded(asking: Client) -> None:
    publish(modes=["table"])
    assert asking.post(RAISE, GIVEN).status_code == 422
    assert not Demand.objects.exists()


def test_nobody_but_the_provider_grants_or_refuses(
    asking: Client, third: Client, small: Small
) -> None:
    address = f"/sharing/demand/{demand(small.resource).pk}/"
    for client in (asking, third):
        client.post(f"{address}step/grant", WHOLE)
        client.post(f"{address}step/refuse", {"refuse-reason": "No"})
    assert Demand.objects.get().state == "raised"
    assert not Grant.objects.exists()


def test_a_decided_demand_is_not_decided_again(provider: Client, small: Small) -> None:
    address = f"/sharing/demand/{demand(small.resource).pk}/"
    provider.post(f"{address}step/refuse", {"refuse-reason": "No"})
    provider.post(f"{address}step/grant", WHOLE)
    assert Demand.objects.get().state == "refused"
    assert not Grant.objects.exists()


def test_what_was_listed_meanwhile_is_not_granted(provider: Client, small: Small) -> None:
    address = f"/sharing/demand/{demand(small.resource, 'income').pk}/"
    forbid(small.column("income"))
    told = provider.post(f"{address}step/grant", {"grant-columns": ["income"]}, follow=True)
    assert "The negative list forbids income" in told.content.decode()
    assert not Grant.objects.exists()


def test_what_names_no_system_is_nobodys_responsibility_and_is_not_granted(
    provider: Client, small: Small
) -> None:
    publish(system=None)
    address = f"/sharing/demand/{demand(small.resource).pk}/step/grant"
    told = provider.post(address, WHOLE, follow=True)
    assert "names no source system" in told.content.decode()
    assert not Grant.objects.exists()


def test_a_grant_is_ended_with_a_reason_by_one_of_the_two(
    provider: Client, third: Client, small: Small
) -> None:
    grant = actions.grant_demand(by=PROVIDER, demand=demand(small.resource))
    address = f"/sharing/demand/{grant.demand_id}/end"
    third.post(address, {"end-reason": "Mine"})
    provider.post(address, {"end-reason": " "})
    assert Grant.objects.get().withdrawn_at is None
    provider.post(address, {"end-reason": "Over"})
    assert Grant.objects.get().withdrawn_at is not None


def test_a_closed_system_gets_no_link_from_the_page_that_confirms(
    provider: Client, small: Small
) -> None:
    actions.propose_resource(
        by=PROVIDER,
        code="civil/later",
        title={"en": "Later"},
        department="civil",
        system="civil-db",
        source_table="public.later",
        table="civil.later",
        sharing_class="unconditional",
        columns=[ColumnDraft("street", "text", is_key=True)],
    )
    SourceSystem.objects.filter(pk="civil-db").update(fate="close")
    given = {
        "title_en": "Later",
        "sharing_class": "unconditional",
        "open_class": "closed",
        "modes": ["table"],
        "cycle": "daily",
        "c1-kind": "text",
        "c1-is_key": "on",
    }
    answer = provider.post("/sharing/catalogue/confirm/civil/later", given, follow=True)
    assert answer.status_code == 200
    assert Resource.objects.get(pk="civil/later").state == "published"
    assert not Link.objects.exists()


def test_no_refusal_leaves_an_entry_of_a_demand(asking: Client) -> None:
    asking.post(RAISE, {**GIVEN, "basis": " "})
    assert not Entry.objects.filter(kind="catalogue.demand.raised").exists()
