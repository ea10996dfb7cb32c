"""The pages of the catalogue: facets with counts, core fields, versions, lead sources."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import expect

from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.catalogue.models import Resource
from haihe.kernel.org.models import Account
from tests import needs
from tests.pages.browser import Opening
from tests.pages.cities import actor, client_of, officer

pytestmark = pytest.mark.django_db
KEY = ColumnDraft("number", "text", is_key=True)
PHONE = ColumnDraft("phone", "text", {"zh": "手机号码", "en": "Mobile"}, element="person.phone")


@pytest.fixture
def ann(city: None) -> Account:
    return officer("housing", "Ann")


@pytest.fixture
def client(ann: Account) -> Client:
    made = client_of(ann)
    made.cookies["django_language"] = "en"
    return made


def publish(by: Account, department: str, *columns: ColumnDraft, **changes: object) -> Resource:
    given: dict[str, object] = {
        "code": f"{department}.phones",
        "title": {"zh": "联系方式", "en": f"Phones of {department}"},
        "department": department,
        "table": f"{department}.phones",
        "sharing_class": "unconditional",
        "columns": [KEY, *columns],
        **changes,
    }
    return actions.publish_resource(by=actor(by), **given)  # type: ignore[arg-type]


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_choice_says_how_many_it_leaves_and_a_class_holds_those_below(client: Client) -> None:
    whole = page(client, "/sharing/catalogue/")
    based = Resource.objects.filter(classification__startswith="1-").count()
    assert f"Base libraries ({based})" in whole
    narrowed = page(client, "/sharing/catalogue/?classification=1-01")
    people = Resource.objects.filter(classification="1-01").values_list("code", flat=True)
    others = Resource.objects.exclude(classification="1-01").values_list("code", flat=True)
    assert all(f"/sharing/catalogue/{code}/" in narrowed for code in people)
    assert not any(f"/sharing/catalogue/{code}/" in narrowed for code in others)


def test_a_resource_shows_its_number_place_opening_ways_and_what_each_version_changed(
    client: Client, ann: Account
) -> None:
    terms = {"classification": "1-01", "modes": ["table"], "cycle": "weekly"}
    found = publish(ann, "housing", **terms)
    publish(ann, "housing", PHONE, **{**terms, "cycle": "monthly"})
    shown = page(client, "/sharing/catalogue/housing.phones/")
    for words in (found.national_code, "Population", "Not open to the public", "Version 2"):
        assert str(words) in shown
    assert 'Update cycle: <del class="hh-soft">Weekly</del> → Monthly' in shown
    assert "Column phone: added" in shown


def test_data_that_several_hold_without_a_lead_are_listed_until_one_leads(
    client: Client, ann: Account
) -> None:
    welfare = officer("welfare", "Wes")
    publish(ann, "housing", PHONE)
    assert "person.phone" not in page(client, "/sharing/lists/")
    publish(welfare, "welfare", PHONE)
    assert "person.phone" in page(client, "/sharing/lists/")
    lead = ColumnDraft("phone", "text", {"en": "Mobile"}, element="person.phone", is_lead=True)
    publish(welfare, "welfare", lead)
    assert "person.phone" not in page(client, "/sharing/lists/")
    shown = page(client, "/sharing/catalogue/housing.phones/")
    assert "Lead source:" in shown
    assert "Phones of welfare" in shown


def test_a_demand_offers_the_ways_that_the_provider_named(client: Client) -> None:
    welfare = officer("welfare", "Wes")
    publish(welfare, "welfare", PHONE, modes=["table"])
    shown = page(client, "/sharing/catalogue/demand/welfare.phones")
    assert 'value="table"' in shown
    assert 'value="interface"' not in shown
    publish(welfare, "welfare", PHONE, code="welfare.all", table="welfare.every")
    shown = page(client, "/sharing/catalogue/demand/welfare.all")
    assert 'value="interface"' in shown
    assert 'value="file"' in shown


@needs.chromium
@pytest.mark.django_db(transaction=True)
def test_the_counts_follow_what_is_typed(opened: Opening, ann: Account) -> None:
    shown = opened(ann, language="en").new_page()
    shown.goto("/sharing/catalogue/")
    shown.get_by_text("Narrow by provider").click()
    providers = shown.locator("#id_department option")
    many = providers.count()
    shown.locator("#id_words").press_sequentially("gjj")
    expect(providers).to_have_count(2)
    assert many > 2
    assert providers.last.inner_text().endswith("(1)")
    expect(shown.get_by_label("Words")).to_have_value("gjj")
    shown.locator("#id_sharing_class").select_option("conditional")
    expect(shown.locator("#id_sharing_class")).to_have_value("conditional")
    expect(shown.get_by_role("rowheader")).to_have_count(1)


def test_whoever_confirms_gives_the_place_and_loses_no_field_that_the_form_does_not_show(
    client: Client, ann: Account
) -> None:
    actions.propose_resource(
        by=actor(ann), code="housing.new", title={"en": "New"}, department="housing",
        table="housing.new", sharing_class="unconditional", columns=[KEY, PHONE],
    )  # fmt: skip
    given = {
        "title_en": "New", "sharing_class": "unconditional", "open_class": "closed",
        "modes": ["table", "interface"], "classification": "2-03", "cycle": "daily",
        "c1-kind": "text", "c1-is_key": "on", "c2-kind": "text", "c2-title_en": "Mobile",
    }  # fmt: skip
    answer = client.post("/sharing/catalogue/confirm/housing.new", given)
    assert answer.status_code == 302
    found = Resource.objects.get(pk="housing.new")
    assert (found.classification, found.modes) == ("2-03", ["table", "interface"])
    assert found.national_code
    assert found.columns.get(name="phone").element == "person.phone"
