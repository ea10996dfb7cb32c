"""Every page in a real Chromium: accessible, readable, reflowing, with nothing from elsewhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue.models import Demand
from haihe.kernel.catalogue.queries import grantable_columns, purposes
from haihe.kernel.exchange.models import Batch
from haihe.kernel.org.models import Account
from tests import needs
from tests.pages.browser import (
    DESKTOP,
    LANGUAGES,
    NARROW,
    PHONE,
    Opening,
    faults,
    overflow,
    small_texts,
)
from tests.pages.cities import actor, officer

pytestmark = [needs.chromium, pytest.mark.django_db(transaction=True)]
VISITORS = ["/", "/account/login/", "/account/signup/"]
CITIZENS = ["/portal/", "/portal/data/", "/portal/looks/", "/portal/take-away/", "/portal/me/"]
OFFICERS = [
    "/desk/",
    "/desk/look-up/",
    "/desk/audit/",
    "/desk/officers/",
    "/desk/officers/join/",
    "/desk/posts/",
    "/sharing/",
    "/sharing/moved/",
    "/sharing/catalogue/",
    "/sharing/catalogue/registry.person/",
    "/sharing/catalogue/demand/registry.person",
    "/sharing/lists/",
    "/sharing/lists/systems/",
    "/sharing/lists/negative/",
    "/sharing/demands/",
    "/sharing/wanted/",
    "/sharing/disputes/",
    "/sharing/links/",
    "/sharing/links/registry.person/",
    "/sharing/quarantine/",
    "/sharing/nothing-here/",
]


@pytest.fixture
def ann(citizen: Account) -> Account:
    """An officer of the housing fund, whose department raised two demands; one is granted."""
    account = officer("housing", "Ann")
    provider = actor(officer("registry", "Bob"))
    for is_granted in (True, False):
        demand = catalogue.raise_demand(
            by=actor(account),
            resource="registry.person",
            columns=grantable_columns("registry.person")[:3],
            purpose=purposes()[0],
            basis="Riverton Registers Act, s. 2",
            mode="interface",
        )
        if is_granted:
            catalogue.grant_demand(by=provider, demand=demand)
    return account


def _look_at(page: Page, address: str) -> list[str]:
    """Everything wrong with a page, at a desktop's size, a phone's and the narrowest."""
    wrong = []
    page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})
    page.goto(address)
    wrong += [f"desktop: {fault}" for fault in faults(page)]
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    wrong += [f"phone: {fault}" for fault in faults(page)]
    wrong += [f"small: {text}" for text in small_texts(page)]
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    if overflow(page):
        wrong.append(f"{overflow(page)} px too wide at 320 px")
    return [f"{address} {each}" for each in wrong]


def _all_wrong(opened: Opening, account: Account | None, addresses: list[str]) -> list[str]:
    wrong: list[str] = []
    for language in LANGUAGES:
        context = opened(account, language=language)
        page = context.new_page()
        outside: list[str] = []
        page.on("request", lambda request, outside=outside: outside.append(request.url))
        page.on("pageerror", lambda fault, wrong=wrong: wrong.append(f"script: {fault}"))
        page.on("console", lambda line, wrong=wrong: _complaint(line, wrong))
        for address in addresses:
            wrong += [f"{language} {each}" for each in _look_at(page, address)]
        home = page.evaluate("location.origin")
        wrong += [f"asked elsewhere: {url}" for url in outside if not _is_own(url, home)]
    return wrong


def _is_own(url: str, home: str) -> bool:
    return url.startswith((home, "data:", "blob:"))


def _complaint(line: ConsoleMessage, wrong: list[str]) -> None:
    if line.type == "error" and "404" not in line.text:
        wrong.append(f"console: {line.text}")


def test_visitors_pages_are_accessible_and_ask_nothing_from_elsewhere(
    opened: Opening, citizen: Account
) -> None:
    assert _all_wrong(opened, None, VISITORS) == []


def test_citizens_pages_are_accessible_and_ask_nothing_from_elsewhere(
    opened: Opening, citizen: Account
) -> None:
    assert _all_wrong(opened, citizen, CITIZENS) == []


def test_officers_pages_are_accessible_and_ask_nothing_from_elsewhere(
    opened: Opening, ann: Account
) -> None:
    demand = Demand.objects.latest("raised_at")
    batch = Batch.objects.latest("rows_read")
    eve = officer("housing", "Eve", permissions=("exchange.read",)).officer
    more = [f"/sharing/demand/{demand.pk}/", f"/sharing/batch/{batch.pk}/"]
    more += [f"/desk/officers/{eve.pk}/{verb}" for verb in ("", "leave/", "reset/")]
    assert _all_wrong(opened, ann, [*OFFICERS, *more]) == []


def test_a_page_reflows_at_four_times_its_size_in_larger_type(
    opened: Opening, citizen: Account
) -> None:
    context = opened(citizen, size=NARROW)
    page = context.new_page()
    page.goto("/portal/")
    page.get_by_role("button", name="大字版").click()
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    assert overflow(page) == 0


def test_a_demand_is_raised_by_keyboard_alone(opened: Opening, ann: Account) -> None:
    page = opened(ann, language="en").new_page()
    page.goto("/sharing/catalogue/demand/registry.person")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    _tab_to(page, "#column-person_number")
    page.keyboard.press("Space")
    _tab_to(page, "#id_purpose")
    page.keyboard.press("ArrowDown")
    _tab_to(page, "#id_basis")
    page.keyboard.type("Riverton Registers Act, s. 2")
    _tab_to(page, "#id_months")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sharing/demand/**")
    assert page.get_by_role("heading", level=1).inner_text() == "Population register"


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(40):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The keyboard does not reach {selector}.")


def test_every_page_works_without_scripts(opened: Opening, ann: Account) -> None:
    page = opened(ann, language="en", java_script_enabled=False).new_page()
    page.goto("/sharing/")
    page.get_by_text("The same figures as a table").first.click()
    expect(page.get_by_role("table").first).to_be_visible()
    page.goto("/sharing/catalogue/")
    page.get_by_label("Words").fill("population")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("rowheader")).to_have_count(1)
    page.goto("/desk/officers/")
    page.get_by_label("Name or sign-in name").fill("ann")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("rowheader")).to_have_count(1)
    assert "ann" not in page.url
