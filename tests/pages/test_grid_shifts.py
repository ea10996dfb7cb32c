"""The page of shifts: weeks, single days, stand-ins, dispatchers, and what nobody covers."""

from __future__ import annotations

import pytest
from django.test import Client

from haihe.kernel.org.duty import grids_of_post, hours, on_duty
from haihe.kernel.org.models import Absence, Account, Dispatcher
from haihe.kernel.places.queries import today
from tests import needs
from tests.pages.browser import Opening, faults, overflow, small_texts
from tests.pages.cities import client_of, officer
from tests.pages.grids import FIRST, SECOND, gridded, of, post_of, worker

MAY = ("org.shift.plan", "org.stand_in.name", "org.dispatcher.set", "places.grids.plan")


@pytest.fixture
def planner(city: None) -> Account:
    gridded()
    return officer("oldbridge", "Pat", permissions=MAY)


@pytest.fixture
def client(planner: Account) -> Client:
    found = client_of(planner)
    found.cookies["django_language"] = "en"
    return found


@pytest.mark.django_db
def test_the_page_names_posts_and_the_grids_that_nobody_works(client: Client) -> None:
    worker("Ada", FIRST)
    page = client.get("/grid/shifts/").content.decode()
    assert "Ada" in page
    assert "No post works these grids" in page
    assert SECOND in page


@pytest.mark.django_db
def test_a_post_gets_grids_and_a_week(client: Client) -> None:
    post = post_of(worker("Ada"))
    form = {"grids": f"{FIRST} {SECOND}", "week": "1-5 08:30-12:00; 6 09:00-12:00"}
    page = client.post(f"/grid/shifts/{post.pk}/week", form, follow=True).content.decode()
    assert "works so from now on" in page
    assert grids_of_post(post) == [FIRST, SECOND]
    assert "1,2,3,4,5 08:30-12:00; 6 09:00-12:00" in page


@pytest.mark.django_db
def test_a_bad_week_changes_nothing_and_says_why(client: Client) -> None:
    post = post_of(worker("Ada", FIRST))
    for form in ({"grids": SECOND, "week": "sometimes"}, {"grids": "X1", "week": "1 08:00-09:00"}):
        page = client.post(f"/grid/shifts/{post.pk}/week", form, follow=True).content.decode()
        assert "works so from now on" not in page
        assert grids_of_post(post) == [FIRST]


@pytest.mark.django_db
def test_a_single_day_is_set_and_taken_back(client: Client) -> None:
    post = post_of(worker("Ada", FIRST))
    day = today()
    address = f"/grid/shifts/{post.pk}/day"
    client.post(address, {"day": day.isoformat(), "hours": ""})
    assert hours(post, day) == []
    page = client.get("/grid/shifts/").content.decode()
    assert "not worked today" in page
    client.post(address, {"day": day.isoformat(), "back": "yes"})
    assert hours(post, day) != []


@pytest.mark.django_db
def test_an_absence_without_a_stand_in_is_a_gap_and_with_one_is_none(client: Client) -> None:
    ada, bea = worker("Ada", FIRST), worker("Bea")
    day = today().isoformat()
    form = {"officer": of(ada).pk, "first": day, "last": day}
    page = client.post("/grid/shifts/away", form, follow=True).content.decode()
    assert "away, and nobody stands in" in page
    absence = Absence.objects.get()
    client.post(f"/grid/shifts/back/{absence.pk}")
    form["stand_in"] = of(bea).pk
    page = client.post("/grid/shifts/away", form, follow=True).content.decode()
    assert "away, and nobody stands in" not in page
    assert [each.officer.pk for each in on_duty(FIRST)] == [of(bea).pk]
    assert FIRST in client_of(bea).get("/grid/round/").content.decode()


@pytest.mark.django_db
def test_a_dispatcher_is_set(client: Client) -> None:
    post = post_of(worker("Ada"))
    client.post(f"/grid/shifts/{post.pk}/dispatcher", {"division": "D01"})
    assert Dispatcher.objects.get(division="D01").post == post


@pytest.mark.django_db
def test_planners_plan_for_their_own_department_alone(client: Client, planner: Account) -> None:
    foreign = post_of(officer("land", "Lee", permissions=("cases.handle",)))
    assert client.get(f"/grid/shifts/{foreign.pk}/").status_code == 404
    assert client.post(f"/grid/shifts/{foreign.pk}/week", {"week": ""}).status_code == 404
    nobody = client_of(officer("oldbridge", "Nan", permissions=()))
    for address in ("/grid/shifts/", "/grid/coverage/", "/grid/venues/", "/grid/patrol/"):
        assert nobody.get(address).status_code == 403


@needs.chromium
@pytest.mark.django_db(transaction=True)
def test_pages_of_shifts_patrol_and_visits_are_accessible_and_reflow(
    opened: Opening, planner: Account
) -> None:
    ada = worker("Ada", FIRST, SECOND)
    for account, addresses in (
        (planner, ("/grid/shifts/", f"/grid/shifts/{post_of(ada).pk}/", "/grid/venues/")),
        (ada, ("/grid/patrol/", "/grid/visits/new/", "/grid/round/find/")),
    ):
        for language in ("zh-hans", "en"):
            context = opened(account, language=language, size=(360, 740))
            page = context.new_page()
            said: list[str] = []
            page.on("pageerror", lambda fault, said=said: said.append(str(fault)))
            for address in addresses:
                page.goto(address)
                assert faults(page) == [], address
                assert small_texts(page) == [], address
                page.evaluate("document.documentElement.style.fontSize = '200%'")
                assert overflow(page) == 0, address
            assert said == []


@needs.chromium
@pytest.mark.django_db(transaction=True)
def test_a_button_chooses_what_was_found_and_words_bring_other_buttons(
    opened: Opening, planner: Account
) -> None:
    page = opened(worker("Ada", FIRST), language="en", size=(360, 740)).new_page()
    page.goto("/grid/round/find/")
    page.get_by_role("button", name="Street lamp out").click()
    assert page.locator("[name=item]").input_value() == "R101"
    page.get_by_label("A few words help").fill("rubbish heap")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Rubbish heap").click()
    assert page.locator("[name=item]").input_value() == "R301"
    assert page.locator("[aria-pressed=true]").count() == 1
