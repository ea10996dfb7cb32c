"""The main job, end to end: a department's row is demanded, granted, delivered, asked for, seen.

For each city of the house a whole Haihe runs in processes of its own; officers and the citizen sit
at a real Chromium.
"""

from __future__ import annotations

import http.client
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import haihe.cities
from tests import needs
from tests.journeys.browsing import PHONE, Visitor
from tests.journeys.cities import CITIES, City

GRANTED = ("certificate_number", "person_number", "status", "updated_at")

pytestmark = [needs.chromium, pytest.mark.timeout(600)]


def raise_demand(page: Page, city: City, *, mode: str) -> str:
    """Raise a demand on the resource as the page lets one; the address of the demand's page."""
    page.goto(f"/sharing/catalogue/demand/{city.resource}")
    for column in GRANTED:
        page.locator(f"#column-{column}").check()
    page.locator("[name=purpose]").select_option(city.purpose)
    page.locator("[name=basis]").fill(city.law)
    page.locator(f"[name=mode][value={mode}]").check()
    page.get_by_role("button", name="Raise the demand").click()
    page.wait_for_url(re.compile(r"/sharing/demand/[0-9a-f-]+/"))
    return page.url


def check(page: Page, address: str) -> None:
    """Find the form of a demand in order, as the authority's officer."""
    page.goto(address)
    page.get_by_role("button", name="The form is in order").click()
    expect(page.get_by_text("Passed on to the provider.")).to_be_visible()


def grant(page: Page, address: str) -> None:
    """Grant a demand, as the provider's officer."""
    page.goto(address)
    page.get_by_role("button", name="Grant", exact=True).click()
    expect(page.get_by_text("Granted. The other department has been told.")).to_be_visible()


def call(
    visitor: Visitor, city: City, service: str, body: dict[str, object], **headers: str
) -> tuple[int, dict[str, object]]:
    """A governed call by the housing fund's system; its status and answer."""
    connection = http.client.HTTPConnection("127.0.0.1", visitor.installation.port + 1, timeout=20)
    sent = {
        "Content-Type": "application/json",
        "X-Road-Client": f"{city.code}/GOV/{city.fund}/journey",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    path = f"/r1/{city.code}/GOV/{city.owners[service]}/{service}"
    connection.request("POST", path, json.dumps(body), sent)
    answer = connection.getresponse()
    found = answer.status, json.loads(answer.read())
    connection.close()
    return found


@pytest.fixture(scope="module")
def citizen(visitor: Visitor) -> Page:
    return visitor.sign_in("citizen2", size=PHONE)


@pytest.fixture(scope="module")
def number(citizen: Page, city: City) -> str:
    """The citizen's own number, as their own page shows it."""
    citizen.goto("/portal/data/")
    found = re.search(city.number, citizen.locator("main").inner_text())
    assert found
    return found.group()


@pytest.fixture(scope="module")
def key(visitor: Visitor, city: City) -> str:
    """The key of a calling system of the housing fund."""
    return make_key(visitor, city.fund)


def make_key(visitor: Visitor, department: str) -> str:
    """The key of a department's calling system, shown to the steward this once."""
    page = visitor.sign_in("steward")
    page.goto("/sharing/callers/")
    page.locator("[name=department]").select_option(department)
    page.locator("[name=subsystem]").fill("journey")
    page.get_by_role("button", name="Make the key").click()
    return page.locator("[data-key]").inner_text().strip()


@pytest.fixture(scope="module")
def shared(visitor: Visitor, city: City) -> str:
    """Both demands are raised and granted, the delivery has run; the table demand's address."""
    fund, provider = visitor.sign_in("fund"), visitor.sign_in(city.provider)
    by_table = raise_demand(fund, city, mode="table")
    by_call = raise_demand(fund, city, mode="interface")
    for address in (by_table, by_call):
        if city.checks_demands:
            check(visitor.sign_in("steward"), address)
        grant(provider, address)
    fund.goto(by_table)
    fund.locator("[name=target_system]").select_option(f"{city.fund}.inbox")
    fund.locator("[name=target_table]").fill("inbox.disability")
    fund.get_by_role("button", name="Set up and run").click()
    for _ in range(60):
        fund.goto(by_table)
        if fund.get_by_text("Done", exact=True).count():
            break
        fund.wait_for_timeout(500)
    expect(fund.get_by_text("Done", exact=True).first).to_be_visible()
    return by_table


def test_every_city_of_the_house_has_its_journey() -> None:
    packs = Path(haihe.cities.__path__[0]).glob("*/city.toml")
    assert sorted(CITIES) == sorted(pack.parent.name for pack in packs)


def test_a_forbidden_column_cannot_be_asked_for(visitor: Visitor, city: City) -> None:
    page = visitor.sign_in("fund")
    page.goto(f"/sharing/catalogue/demand/{city.resource}")
    box = page.locator("#column-diagnosis")
    expect(box).to_be_disabled()
    expect(page.get_by_text(city.forbids)).to_be_visible()
    # A hand-made form gets no further than the page.
    box.evaluate("box => { box.disabled = false; box.checked = true }")
    page.locator("[name=purpose]").select_option(city.purpose)
    page.locator("[name=basis]").fill(city.law)
    page.get_by_role("button", name="Raise the demand").click()
    expect(page).to_have_url(re.compile(f"catalogue/demand/{city.resource}$"))
    expect(page.locator(".hh-error").first).to_be_visible()


def test_the_delivery_is_reconciled_to_the_last_row(
    visitor: Visitor, city: City, shared: str
) -> None:
    page = visitor.sign_in("steward")
    page.goto("/sharing/links/")
    row = page.locator("tr", has_text=re.compile(re.escape(city.resource) + r"\.[0-9a-f]{8}"))
    row.get_by_role("link").first.click()
    expect(page.get_by_text("Reconciled").first).to_be_visible()


def test_the_citizen_sees_the_delivery_the_call_and_the_page_view(
    visitor: Visitor, city: City, shared: str, key: str, number: str, citizen: Page
) -> None:
    status, answer = call(
        visitor,
        city,
        "disability.holds_certificate",
        {"subject": number},
        Authorization=f"Bearer {key}",
        X_Haihe_Purpose=city.purpose,
    )
    assert (status, answer["answer"]) == (200, True)
    desk = visitor.sign_in("fund")
    desk.goto("/desk/look-up/")
    way = desk.locator("[name=way] option", has_text="Holds a disability certificate").first
    desk.locator("[name=way]").select_option(way.get_attribute("value"))
    desk.locator("[name=number]").fill(number)
    desk.get_by_role("button", name="Look up").click()
    expect(desk.get_by_text("Yes", exact=True)).to_be_visible()

    citizen.goto("/portal/looks/")
    looks = citizen.locator("main li", has_text=city.fund_name)
    for words in ("Data delivered to a department", "Answered to a department's system",
                  "Viewed by an officer"):  # fmt: skip
        line = looks.filter(has_text=words).filter(has_text="Disability certificates").first
        expect(line).to_contain_text("Checks for housing fund business")
        expect(line).to_contain_text(city.law)


@pytest.mark.parametrize(
    ("who", "stages"),
    [
        ("citizen", ("Being corrected at its source", "Under appeal")),
        ("citizen2", ("The provider decides",)),
    ],
)
def test_the_demo_s_objections_stand_where_their_providers_left_them(
    visitor: Visitor, city: City, who: str, stages: tuple[str, ...]
) -> None:
    page = visitor.sign_in(who, size=PHONE)
    page.goto("/corrections/mine/")
    listed = page.get_by_role("region", name="Objections on my data")
    for stage in stages:
        expect(listed.locator("li", has_text=stage)).to_have_count(1)


@pytest.mark.parametrize(
    "asked",
    [
        ("disability.holds_certificate", {}, "other_purpose", "services.purpose.wrong"),
        ("disability.holds_certificate", {}, "", "services.purpose.missing"),
        ("low_income.details", {"columns": ["name"]}, "hardship", "services.column.not_granted"),
        ("low_income.details", {"columns": ["bank_account"]}, "hardship",
         "services.column.negative"),
    ],
)  # fmt: skip
def test_a_call_beyond_its_grant_is_refused_with_the_reason(
    visitor: Visitor, city: City, shared: str, key: str, number: str,
    asked: tuple[str, dict[str, object], str, str],
) -> None:  # fmt: skip
    service, body, purpose, code = asked
    headers = {
        "Authorization": f"Bearer {key}",
        **({"X_Haihe_Purpose": getattr(city, purpose)} if purpose else {}),
    }
    status, answer = call(visitor, city, service, {"subject": number, **body}, **headers)
    assert status in {400, 403}
    assert answer["code"] == code
    assert answer["hint"]


def test_a_call_without_a_grant_is_refused(visitor: Visitor, city: City, number: str) -> None:
    key = make_key(visitor, city.stranger)
    status, answer = call(
        visitor,
        city,
        "disability.holds_certificate",
        {"subject": number},
        Authorization=f"Bearer {key}",
        X_Road_Client=f"{city.code}/GOV/{city.stranger}/journey",
        X_Haihe_Purpose=city.purpose,
    )
    assert (status, answer["code"]) == (403, "services.grant.none")


def test_the_ledger_of_the_journey_verifies(visitor: Visitor, shared: str) -> None:
    verified = visitor.installation.run("ledger", "verify")
    assert verified.returncode == 0, verified.stderr
    assert Path(visitor.installation.data / "ledger").is_dir()
