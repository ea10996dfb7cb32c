"""Patrols: points with consent alone, deleted at their term; codes of venues; coverage of grids."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from haihe.base.clock import now, told
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org.models import Account
from haihe.systems.grid import actions
from haihe.systems.grid.errors import NoConsent
from haihe.systems.grid.models import PatrolPoint, Visit
from haihe.systems.grid.pages.patrol import code_of
from haihe.systems.grid.queries.walks import middle_of
from tests.pages.cities import actor, client_of, officer
from tests.pages.grids import FIRST, SECOND, gridded, worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(city: None) -> Account:
    gridded()
    return worker("Ada", FIRST)


@pytest.fixture
def client(ada: Account) -> Client:
    found = client_of(ada)
    found.cookies["django_language"] = "en"
    return found


def points(grid: str) -> list[tuple[tuple[float, float, str], object]]:
    at = middle_of(grid)
    assert at is not None
    return [(at, now())]


def kept(ada: Account, grid: str = FIRST) -> int:
    return actions.keep_points(by=actor(ada), points=points(grid))  # type: ignore[arg-type]


def test_without_consent_no_point_is_kept(client: Client, ada: Account) -> None:
    with pytest.raises(NoConsent):
        kept(ada)
    body = json.dumps([[117.2, 39.1, now().isoformat()]])
    answer = client.post("/grid/patrol/points", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (403, "grid.patrol.no_consent")
    assert PatrolPoint.objects.count() == 0


def test_points_are_kept_in_ones_own_grids_alone(ada: Account) -> None:
    actions.give_consent(by=actor(ada))
    assert kept(ada) == 1
    assert kept(ada, SECOND) == 0
    assert PatrolPoint.objects.values_list("grid", flat=True).get() == FIRST


@pytest.mark.parametrize("body", ["", "{}", "[1]", '[[1,2]]', '[[1,2,"x"]]', '[["a",2,"x"]]',
                                  '[[1,2,"2026-01-01T00:00:00"]]', "[" * 5000])  # fmt: skip
def test_what_are_no_points_is_refused(client: Client, ada: Account, body: str) -> None:
    actions.give_consent(by=actor(ada))
    answer = client.post("/grid/patrol/points", body, content_type="application/json")
    assert answer.status_code == 400 or answer.json() == {"kept": 0}
    assert PatrolPoint.objects.count() == 0


def test_consent_is_given_and_withdrawn_on_one_page_and_its_points_go(
    client: Client, ada: Account
) -> None:
    assert "I agree" in client.get("/grid/patrol/").content.decode()
    page = client.post("/grid/patrol/consent", {"answer": "yes"}, follow=True).content.decode()
    assert "wording 2026-11" in page
    assert "data-patrol" in page
    kept(ada)
    page = client.post("/grid/patrol/consent", {"answer": "no"}, follow=True).content.decode()
    assert "I agree" in page
    assert PatrolPoint.objects.count() == 0
    entry = Entry.objects.get(kind="grid.consent.withdrawn")
    assert entry.body == {"points": 1}
    with pytest.raises(NoConsent):
        kept(ada)


def test_points_past_their_term_go_and_the_ledger_counts_them(ada: Account) -> None:
    actions.give_consent(by=actor(ada))
    kept(ada)
    assert actions.forget_points() == 0
    with told(now() + timedelta(days=31)):
        kept(ada)
        assert actions.forget_points() == 1
        assert actions.forget_points() == 0
    assert PatrolPoint.objects.count() == 1
    assert Entry.objects.get(kind="grid.points.forgotten").body == {"days": 30, "points": 1}


def test_a_scanned_code_opens_one_button_that_checks_in(client: Client) -> None:
    planner = officer("oldbridge", "Pat", permissions=("places.grids.plan",))
    venue = actions.make_venue(by=actor(planner), grid=FIRST, title="Mill gate")
    address = f"/grid/check-in/{code_of(venue)}"
    assert "Mill gate" in client.get(address).content.decode()
    assert Visit.objects.count() == 0
    client.post(address)
    assert Visit.objects.get().grid == FIRST
    picture = client_of(planner).get(f"/grid/venues/{code_of(venue)}.svg")
    assert picture.content.lstrip().startswith(b"<?xml")
    assert "Mill gate" in client_of(planner).get("/grid/venues/").content.decode()


def test_a_made_up_code_is_no_venue(client: Client) -> None:
    planner = officer("oldbridge", "Pat", permissions=("places.grids.plan",))
    venue = actions.make_venue(by=actor(planner), grid=FIRST, title="Mill gate")
    for code in (f"{venue.pk}-000000000000", f"{venue.pk}", "x", f"{venue.pk + 1}-{'a' * 12}"):
        assert client.get(f"/grid/check-in/{code}").status_code == 404


def test_a_code_of_another_workers_grid_checks_nobody_in(client: Client) -> None:
    planner = officer("oldbridge", "Pat", permissions=("places.grids.plan",))
    venue = actions.make_venue(by=actor(planner), grid=SECOND, title="Far gate")
    page = client.post(f"/grid/check-in/{code_of(venue)}", follow=True).content.decode()
    assert "You do not walk this grid now" in page
    assert Visit.objects.count() == 0


def test_supervision_sees_which_grids_were_visited_and_nobody_s_name(
    client: Client, ada: Account
) -> None:
    client.post("/grid/round/check-in", {"grid": FIRST})
    supervisor = client_of(officer("data_office", "Sue", permissions=("cases.supervise",)))
    supervisor.cookies["django_language"] = "en"
    page = supervisor.get("/grid/coverage/").content.decode()
    assert "1 of" in page
    assert FIRST in page
    assert "Ada" not in page
    assert client.get("/grid/coverage/").status_code == 403
