"""The page on which a person confirms what a machine proposed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.catalogue.models import Resource
from haihe.kernel.exchange.models import Link
from haihe.kernel.ledger.models import Entry
from tests.pages.cities import actor, client_of, officer

CODE = "welfare.found"
PAGE = f"/sharing/catalogue/confirm/{CODE}"
SENT: dict[str, Any] = {
    "title_en": "Households",
    "title_zh": "家庭",
    "sharing_class": "conditional",
    "sharing_condition": "Named cases",
    "open_class": "closed",
    "modes": ["interface", "table"],
    "cycle": "daily",
    "subject": "number",
    "c1-title_en": "Number",
    "c1-title_zh": "号码",
    "c1-kind": "text",
    "c1-scheme": "luhn.person",
    "c1-is_key": "on",
    "c1-is_personal": "on",
    "c2-title_en": "Faith",
    "c2-title_zh": "信仰",
    "c2-kind": "text",
    "c2-sharing_class": "withheld",
}


@pytest.fixture
def provider(city: None) -> Client:
    """An officer of the provider, and a resource that a machine proposed."""
    account = officer("welfare", "Wen")
    actions.register_system(
        by=actor(account),
        code="found-db",
        department="welfare",
        kind="postgresql",
        title={"en": "x"},
    )
    actions.propose_resource(
        by=actor(account),
        code=CODE,
        title={"en": "found"},
        department="welfare",
        system="found-db",
        source_table="public.found",
        table="welfare.found",
        sharing_class="conditional",
        sharing_condition="To be settled",
        columns=[ColumnDraft("number", "text"), ColumnDraft("faith", "text")],
    )
    return client_of(account)


def test_what_is_confirmed_is_what_the_person_corrected(provider: Client) -> None:
    assert provider.get(PAGE).status_code == 200
    answer = provider.post(PAGE, SENT)
    assert answer.status_code == 302
    resource = Resource.objects.get(pk=CODE)
    number, faith = resource.columns.all()
    assert (resource.state, resource.title["zh"], resource.cycle) == ("published", "家庭", "daily")
    assert (number.is_subject, number.scheme, number.is_key) == (True, "luhn.person", True)
    assert (faith.sharing_class, faith.is_personal) == ("withheld", False)
    assert Entry.objects.filter(kind="catalogue.resource.confirmed").count() == 1
    assert Link.objects.get(resource=CODE).code == CODE


def test_a_refusal_stands_on_the_page_and_nothing_is_confirmed(provider: Client) -> None:
    for wrong in ({"c1-scheme": ""}, {"sharing_condition": ""}, {"c1-kind": "blob"}):
        assert provider.post(PAGE, {**SENT, **wrong}).status_code == 422
    assert Resource.objects.get(pk=CODE).state == "proposed"


def test_another_departments_officer_is_refused(provider: Client) -> None:
    other = client_of(officer("housing", "Other"))
    assert other.post(PAGE, SENT).status_code == 422
    assert Resource.objects.get(pk=CODE).state == "proposed"


def test_a_resource_with_a_slash_in_its_code_has_its_pages(provider: Client) -> None:
    account = officer("welfare", "Second")
    actions.publish_resource(
        by=actor(account),
        code="welfare/slashed",
        title={"en": "x", "zh": "x"},
        department="welfare",
        system="found-db",
        source_table="t",
        table="welfare.slashed",
        sharing_class="unconditional",
        columns=[ColumnDraft("a", "text", is_key=True)],
    )
    Link.objects.create(code="welfare/slashed", resource_id="welfare/slashed", mode="full")
    for page in ("catalogue/welfare/slashed/", "links/", "links/welfare/slashed/"):
        assert provider.get(f"/sharing/{page}").status_code == 200, page
