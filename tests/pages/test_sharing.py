"""The pages of sharing, with Django's client."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.engine.sources.errors import Unreachable
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.catalogue.models import Demand, Resource, SourceSystem
from haihe.kernel.catalogue.queries import purposes
from haihe.kernel.exchange.models import Batch, Link, Quarantined
from haihe.kernel.services import actions as services
from haihe.systems.sharing import queries
from tests.pages.cities import actor, client_of, officer

pytestmark = pytest.mark.usefixtures("city")
ADDRESSES = [
    "/sharing/",
    "/sharing/moved/",
    "/sharing/moved/?first=2025-12-01&last=2026-11-27&side=receiving&department=housing",
    "/sharing/catalogue/",
    "/sharing/catalogue/registry.person/",
    "/sharing/catalogue/demand/registry.person",
    "/sharing/lists/",
    "/sharing/lists/systems/",
    "/sharing/lists/negative/",
    "/sharing/demands/",
    "/sharing/demands/?view=waiting",
    "/sharing/demands/?view=own",
    "/sharing/wanted/",
    "/sharing/wanted/new",
    "/sharing/disputes/",
    "/sharing/links/",
    "/sharing/links/registry.person/",
    "/sharing/quarantine/",
]


@pytest.fixture
def housing() -> Client:
    """An officer of the housing fund."""
    return client_of(officer("housing", "Ann"))


def test_each_page_opens_in_both_languages(housing: Client) -> None:
    for language in ("en", "zh-hans"):
        housing.cookies["django_language"] = language
        assert {
            address: housing.get(address).status_code for address in ADDRESSES
        } == dict.fromkeys(ADDRESSES, 200)


def test_a_visitor_is_led_to_sign_in(client: Client) -> None:
    for address in ADDRESSES:
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/")


@pytest.fixture
def proposed(city: None) -> Resource:
    """A table of the housing fund that the machine proposed."""
    return catalogue.propose_resource(
        by=Actor("administrator", "test", permissions=frozenset({"catalogue.resource.propose"})),
        code="housing/loan",
        title={"zh": "loan", "en": "loan"},
        department="housing",
        system=SourceSystem.objects.filter(department="housing").first(),
        source_table="fund.loan",
        table="housing.loan",
        sharing_class="conditional",
        sharing_condition="to be confirmed",
        columns=[
            ColumnDraft("person_number", "text", is_key=True, scheme="luhn.person"),
            ColumnDraft("sum", "decimal(18,2)", is_personal=True),
        ],
    )


def _review(resource: Resource) -> dict[str, str]:
    given = {
        "title_zh": "贷款",
        "title_en": "Loans",
        "sharing_class": "conditional",
        "sharing_condition": "A duty laid down in law",
        "open_class": "closed",
        "modes": ["interface", "table"],
        "cycle": "daily",
        "subject": "person_number",
    }
    for number, column in enumerate(resource.columns.all(), start=1):
        key = f"c{number}"
        given |= {f"{key}-kind": column.kind, f"{key}-scheme": column.scheme}
        given |= {f"{key}-is_key": "on"} if column.is_key else {}
    return given


def test_a_person_reviews_a_proposal_and_its_link_waits_to_run(
    housing: Client, proposed: Resource
) -> None:
    page = housing.get("/sharing/catalogue/confirm/housing/loan")
    assert page.status_code == 200
    answer = housing.post("/sharing/catalogue/confirm/housing/loan", _review(proposed))
    assert answer["Location"] == "/sharing/catalogue/housing/loan/"
    proposed.refresh_from_db()
    assert (proposed.state, proposed.title["en"]) == ("published", "Loans")
    assert proposed.columns.get(is_subject=True).name == "person_number"
    link = Link.objects.get(resource=proposed)
    assert housing.get(f"/sharing/links/{link.code}/").status_code == 200


def test_a_wrong_review_is_said_and_nothing_is_published(
    housing: Client, proposed: Resource
) -> None:
    wrong = _review(proposed) | {"sharing_condition": " "}
    page = housing.post("/sharing/catalogue/confirm/housing/loan", wrong)
    assert page.status_code == 422
    assert "A conditional resource names its condition." in page.content.decode()
    proposed.refresh_from_db()
    assert proposed.state == "proposed"


def test_another_departments_proposal_is_not_theirs_to_confirm(proposed: Resource) -> None:
    other = client_of(officer("trade", "Tom"))
    page = other.post("/sharing/catalogue/confirm/housing/loan", _review(proposed))
    assert page.status_code == 422
    proposed.refresh_from_db()
    assert proposed.state == "proposed"


def test_a_demand_is_raised_and_granted_on_its_page(housing: Client) -> None:
    given = {
        "columns": ["person_number", "name"],
        "purpose": purposes()[0].code,
        "basis": "Riverton Registers Act, s. 2",
        "mode": "interface",
        "rate_per_minute": "60",
        "months": "6",
    }
    address = housing.post("/sharing/catalogue/demand/registry.person", given)["Location"]
    assert "Waiting for the provider" in housing.get(address).content.decode()
    whole = {"grant-columns": given["columns"]}
    refused = housing.post(f"{address}step/grant", whole, follow=True).content.decode()
    assert "Another department decides this." in refused
    bob = officer("registry", "Bob")
    services.open_service(
        by=actor(bob), code="person", resource="registry.person", title={"en": "Person"}
    )
    page = client_of(bob).post(f"{address}step/grant", whole, follow=True).content.decode()
    assert "In force" in page
    assert "POST /r1/" in page


def test_a_column_on_the_negative_list_is_refused_with_its_law(housing: Client) -> None:
    page = housing.get("/sharing/catalogue/demand/registry.person").content.decode()
    box = page[page.index('id="column-blood_type"') - 120 :][:260]
    assert "disabled" in box
    given = {"columns": ["blood_type"], "purpose": purposes()[0].code, "basis": "none"}
    assert housing.post("/sharing/catalogue/demand/registry.person", given).status_code == 422


def test_a_refusal_without_a_reason_is_not_taken(housing: Client) -> None:
    given = {
        "columns": ["name"],
        "purpose": purposes()[0].code,
        "basis": "Riverton Registers Act, s. 2",
        "mode": "table",
        "rate_per_minute": "60",
        "months": "6",
    }
    address = housing.post("/sharing/catalogue/demand/registry.person", given)["Location"]
    provider = client_of(officer("registry", "Bob"))
    page = provider.post(f"{address}step/refuse", {"refuse-reason": " "}, follow=True)
    assert "Reason: This field is required." in page.content.decode()
    assert Demand.objects.get().state == "raised"


def test_the_provider_pauses_its_system(city: None) -> None:
    provider = client_of(officer("registry", "Bob"))
    provider.post("/sharing/systems/registry.people/pause")
    assert SourceSystem.objects.get(pk="registry.people").paused_at is not None
    provider.post("/sharing/systems/registry.people/resume")
    assert SourceSystem.objects.get(pk="registry.people").paused_at is None


def test_a_link_is_asked_to_run_once_however_often_the_button_is_pressed(city: None) -> None:
    provider = client_of(officer("registry", "Bob"))
    for _ in range(2):
        page = provider.post("/sharing/links/registry.person/run", follow=True)
        assert "The worker runs it" in page.content.decode()


def test_the_overview_counts_rows_held_and_bad_rows_that_still_wait(housing: Client) -> None:
    assert queries.figures().quarantined == 2
    Quarantined.objects.filter(ordinal=1).update(mended_at=now())
    figures = queries.figures()
    assert (figures.gathered, figures.quarantined) == (1001, 1)
    page = housing.get("/sharing/").content.decode()
    assert "Rows held" in page
    assert "1,001" in page


def _current(client: Client, address: str) -> list[str]:
    page = client.get(address).content.decode()
    return re.findall(r'<a href="([^"]+)" aria-current="page">[^<]', page)[:1]


def test_the_menu_marks_the_list_that_a_page_belongs_to(housing: Client) -> None:
    batch = Batch.objects.latest("rows_read")
    assert _current(housing, "/sharing/") == ["/sharing/"]
    assert _current(housing, f"/sharing/batch/{batch.pk}/") == ["/sharing/links/"]
    assert _current(housing, "/sharing/quarantine/") == ["/sharing/links/"]
    assert _current(housing, "/sharing/catalogue/registry.person/") == ["/sharing/catalogue/"]


def test_a_bad_row_names_its_column_by_its_title(housing: Client) -> None:
    batch = Batch.objects.latest("rows_read")
    for address in ("/sharing/quarantine/", f"/sharing/batch/{batch.pk}/"):
        page = housing.get(address).content.decode()
        assert "Identity number" in page
        assert "person_number" not in page


def test_a_failed_batch_says_in_the_reader_s_language_what_to_do_and_shows_no_sums(
    housing: Client,
) -> None:
    batch = Batch.objects.get(state="failed")
    english = housing.get(f"/sharing/batch/{batch.pk}/").content.decode()
    assert "The source did not answer." in english
    assert "Nothing of this batch stands in the target" in english
    assert "Read at the source" not in english
    assert "No bad row" not in english
    housing.cookies["django_language"] = "zh-hans"
    chinese = housing.get(f"/sharing/batch/{batch.pk}/").content.decode()
    with translation.override("zh-hans"):
        assert gettext(Unreachable.message) in chinese
        assert gettext(Unreachable.hint) in chinese
    assert Unreachable.hint not in chinese


def test_who_may_not_is_told_which_permission_is_missing_and_keeps_the_menu(city: None) -> None:
    ann = client_of(officer("housing", "Ann", permissions=()))
    page = ann.get("/desk/audit/")
    assert page.status_code == 403
    assert "It needs the permission: Read the ledger." in page.content.decode()
    assert 'href="/sharing/catalogue/"' in page.content.decode()


def test_the_overview_names_who_gives_and_who_uses(housing: Client) -> None:
    lines = queries.departments(30, most=6)
    assert [(line.name["en"], line.given) for line in lines] == [
        ("Riverton Registry of People", 1001)
    ]
    assert "Who gives, who uses" in housing.get("/sharing/").content.decode()
