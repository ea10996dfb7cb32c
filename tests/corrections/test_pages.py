"""The main way in a real Chromium: objected on a phone, decided, corrected, recalled, confirmed."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from haihe.kernel.ledger.queries import access_record
from haihe.kernel.org.models import Account
from haihe.systems.corrections import actions
from haihe.systems.corrections.models import Objection
from tests import needs
from tests.corrections.builders import BOB, CIVIL, RIGHT, Case, person, wrong_value
from tests.pages.browser import NARROW, PHONE, Opening, faults, overflow, small_texts
from tests.pages.cities import client_of, officer
from tests.servers import Database

SHOTS = os.environ.get("HAIHE_SHOTS", "")
"""A folder that pictures of the pages go to, if one is named."""


def look_at(page: Page, name: str) -> None:
    """The page has no fault of accessibility, no small text, and fits the narrowest window."""
    assert faults(page) == []
    size = page.viewport_size
    assert size is not None
    if size["width"] < 500:
        assert small_texts(page) == []
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    assert overflow(page) <= 0
    page.set_viewport_size(size)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert overflow(page) <= 0
    page.evaluate("document.documentElement.style.fontSize = ''")


def object_by_keyboard(context: BrowserContext) -> None:
    """A citizen finds the wrong value from what is held, and objects without a pointer."""
    page = context.new_page()
    page.goto("/portal/data/")
    page.get_by_role("link", name=re.compile("这里有误")).press("Enter")
    page.wait_for_url("**/corrections/mine/new/**")
    page.get_by_label(re.compile("收入")).press("Space")
    page.get_by_label("应为").fill(RIGHT)
    page.get_by_label("原因").fill("工资条为 900 元")
    look_at(page, "1-raise-phone")
    page.get_by_role("button", name="提交异议").press("Enter")
    expect(page.get_by_text("已提交，由提供方在时限内核实。")).to_be_visible()
    look_at(page, "2-raised-phone")
    page.goto("/portal/data/")
    expect(page.get_by_text("异议处理中")).to_be_visible()


@needs.chromium
@pytest.mark.django_db(transaction=True)
def test_a_value_is_objected_to_decided_corrected_and_recalled_on_pages(
    opened: Opening, department: Database
) -> None:
    wrong = wrong_value(department)
    object_by_keyboard(opened(wrong.account, size=PHONE))
    raised = Objection.objects.get()

    provider = opened(officer("civil", "Civil")).new_page()
    provider.goto("/corrections/")
    look_at(provider, "3-inbox")
    provider.get_by_role("link", name="家庭 · 收入").click()
    look_at(provider, "4-decide")
    expect(provider.get_by_label("更正为").first).to_have_value("900.00")
    provider.get_by_role("button", name="认可异议").click()
    expect(provider.get_by_text("已认可。请在本部门数据库中更正")).to_be_visible()
    look_at(provider, "5-correct")

    wrong.correct()
    receiver = opened(officer("tax", "Tax"), size=PHONE).new_page()
    receiver.goto("/corrections/?view=confirm")
    look_at(receiver, "6-inbox-phone")
    receiver.get_by_role("link", name="家庭 · 收入").click()
    look_at(receiver, "7-confirm-phone")
    receiver.get_by_label("已在本部门数据中更正").check()
    receiver.get_by_role("button", name="确认", exact=True).click()
    expect(receiver.get_by_text("已确认，并已存证。")).to_be_visible()

    citizen = opened(wrong.account, size=PHONE).new_page()
    citizen.goto(f"/corrections/mine/{raised.pk}/")
    expect(citizen.get_by_text("接收方已确认 1 / 1")).to_be_visible()
    expect(citizen.get_by_text("已更正并结案").first).to_be_visible()
    look_at(citizen, "8-closed-phone")
    citizen.goto("/corrections/mine/")
    look_at(citizen, "9-mine-phone")
    provider.goto(f"/corrections/{raised.pk}/")
    look_at(provider, "10-closed")


@pytest.fixture
def raised(wrong: Case) -> Objection:
    """An objection that waits for its provider."""
    return wrong.object()


def statuses(client: Client, *addresses: str) -> dict[str, int]:
    return {each: client.get(each).status_code for each in addresses}


def test_each_page_opens_in_both_languages(wrong: Case, raised: Objection) -> None:
    own = client_of(wrong.account)
    pages = ("/corrections/mine/", f"/corrections/mine/{raised.pk}/")
    desk = client_of(officer("civil", "Civil"))
    theirs = ("/corrections/", "/corrections/raise/", f"/corrections/{raised.pk}/")
    lists = tuple(f"/corrections/?view={view}" for view in ("confirm", "raised", "appeals", "all"))
    for language in ("en", "zh-hans"):
        for client, addresses in ((own, pages), (desk, (*theirs, *lists))):
            client.cookies["django_language"] = language
            assert statuses(client, *addresses) == dict.fromkeys(addresses, 200)


def test_nobody_else_opens_it(wrong: Case, raised: Objection) -> None:
    other, _ = person(BOB)
    assert statuses(client_of(other), f"/corrections/mine/{raised.pk}/") == {
        f"/corrections/mine/{raised.pk}/": 404
    }
    desk = f"/corrections/{raised.pk}/"
    assert client_of(officer("land", "Land")).get(desk).status_code == 404
    assert client_of(officer("civil", "Idle", permissions=())).get(desk).status_code == 404
    assert client_of(wrong.account).get(desk).status_code == 403
    refused = client_of(officer("land", "Lena")).post(f"{desk}accept", {"right-value": "1"})
    assert refused.status_code == 302
    raised.refresh_from_db()
    assert raised.accepted_at is None


def test_a_receiver_sees_the_person_and_the_right_value_and_not_who_said_why(
    wrong: Case, raised: Objection
) -> None:
    actions.accept(by=CIVIL, objection=raised.pk, value=RIGHT)
    client = client_of(officer("tax", "Tax"))
    page = client.get(f"/corrections/{raised.pk}/").content.decode()
    assert "900" in page
    assert "Misread" not in page
    look = access_record(bytes(raised.subject))[0]
    assert (look.kind, look.department) == ("corrections.value.viewed", "tax")


def test_an_officer_objects_on_a_page_to_what_they_were_given(wrong: Case) -> None:
    client = client_of(officer("tax", "Tax"))
    page = client.get("/corrections/raise/").content.decode()
    grant = re.search(r'<option value="([0-9a-f-]{36})"', page)
    assert grant is not None
    given = {"grant": grant[1], "number": wrong_number(wrong.account)}
    page = client.post("/corrections/raise/", given).content.decode()
    token = re.search(r'value="([0-9a-f]{32}:income)"', page)
    assert token is not None
    sent = {**given, "token": token[1], "value": RIGHT, "why": "The payslip says so"}
    answer = client.post("/corrections/raise/", sent)
    raised = Objection.objects.get()
    assert (answer.status_code, raised.department_id) == (302, "tax")
    assert answer["Location"] == f"/corrections/{raised.pk}/"
    assert "The payslip says so" in client.get(answer["Location"]).content.decode()


def wrong_number(account: Account) -> str:
    return account.username.removeprefix("citizen-")
