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


def test_related_resources_are_confirmed_and_a_wrong_one_is_refused(provider: Client) -> None:
    other = Resource.objects.filter(state="published").first()
    assert other is not None
    for wrong in (CODE, "nowhere/at-all"):
        assert provider.post(PAGE, {**SENT, "related": wrong}).status_code == 422
    assert Resource.objects.get(pk=CODE).state == "proposed"
    provider.post(PAGE, {**SENT, "related": f" {other.pk} \n\n{other.pk}"})
    assert Resource.objects.get(pk=CODE).related == [other.pk]
    page = provider.get(f"/sharing/catalogue/{CODE}/").content.decode()
    assert f'href="/sharing/catalogue/{other.pk}/"' in page


def test_the_sample_is_shown_and_no_range_of_a_personal_column(provider: Client) -> None:
    quality = {"rows": 40, "nulls": 3, "blanks": 1, "distinct": 30, "duplicates": 6}
    number = {"identifier": "luhn.person", "valid": 27, "is_withheld": True}
    ranges = {"shortest": 4, "longest": 9, "least": "17", "greatest": "4711"}
    resource = Resource.objects.get(pk=CODE)
    resource.sample = {
        "rows": 40,
        "key_duplicates": 6,
        "read_at": "2026-11-27T08:00:00+00:00",
        "columns": {
            "number": quality | number,
            "faith": quality | ranges | {"impossible_dates": 2},
        },
    }
    resource.save()
    page = provider.get(PAGE).content.decode()
    for words in ("40 rows", "6 rows have a key", "4 empty", "75 % are right", "2 impossible"):
        assert words in page, words
    assert "17 – 4711" in page
    resource.columns.filter(name="faith").update(is_personal=True)
    page = provider.get(PAGE).content.decode()
    assert "4711" not in page
    assert "4 – 9" not in page
