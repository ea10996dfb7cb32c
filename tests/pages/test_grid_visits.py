"""Visits: on the round of whoever works the grid; whom they concern is told to them alone."""

from __future__ import annotations

import pytest
from django.test import Client

from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries
from haihe.kernel.cases.declare import NewCase
from haihe.kernel.cases.models import Case
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org import actions as org
from haihe.kernel.org.models import Account
from haihe.kernel.people.queries import person_of, subject_key
from haihe.systems.grid import actions
from haihe.systems.grid.declare import VISIT
from haihe.systems.grid.errors import NotYourGrid, NoVisit
from tests.pages.cities import actor, client_of
from tests.pages.grids import FIRST, FOUNDER, SECOND, gridded, key, post_of, worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(citizen: Account) -> Account:
    """A worker in the first grid, in a city with a citizen."""
    gridded()
    return worker("Ada", FIRST)


@pytest.fixture
def client(ada: Account) -> Client:
    found = client_of(ada)
    found.cookies["django_language"] = "en"
    return found


def given(citizen: Account, ada: Account) -> Case:
    """A visit to the citizen, one of many that another opened."""
    person = person_of(citizen)
    assert person is not None
    line = NewCase(
        department="oldbridge",
        title="To Wang Li at once",
        category="alone",
        grid=FIRST,
        post=post_of(ada).pk,
        subject=bytes(subject_key(person)),
    )
    [made] = cases.open_many(by=FOUNDER, type=VISIT.name, cases=[line])
    return queries.case(made)


def test_a_visit_stands_on_the_round_without_saying_whom(
    client: Client, citizen: Account, ada: Account
) -> None:
    case = given(citizen, ada)
    for address in ("/grid/round/", f"/grid/round/{case.pk}/"):
        page = client.get(address).content.decode()
        assert "An older person living alone" in page
        assert "Wang" not in page


def test_whoever_has_the_task_sees_whom_and_the_person_sees_the_look(
    client: Client, citizen: Account, ada: Account
) -> None:
    case = given(citizen, ada)
    assert client.get(f"/grid/visits/{case.pk}/person").status_code == 405
    page = client.post(f"/grid/visits/{case.pk}/person")
    assert "Wang Li" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    entry = Entry.objects.get(kind="grid.person.seen")
    assert entry.purpose == "grid.visit"
    assert bytes(entry.subject) == bytes(case.subject or b"")
    looks = client_of(citizen).get("/portal/looks/").content.decode()
    assert "网格员查看走访对象" in looks or "A grid worker saw whom to visit" in looks


def test_nobody_else_sees_whom_and_after_the_visit_nobody_does(
    client: Client, citizen: Account, ada: Account
) -> None:
    case = given(citizen, ada)
    other = client_of(worker("Bea", SECOND))
    assert other.post(f"/grid/visits/{case.pk}/person").status_code == 403
    actions.take_step(by=actor(ada), key=key(1), case=case.pk, action="done")
    assert queries.case(case.pk).state == "visited"
    assert client.post(f"/grid/visits/{case.pk}/person").status_code == 403
    assert Entry.objects.filter(kind="grid.person.seen").count() == 0


def test_a_handed_over_task_is_no_longer_ones_own(citizen: Account, ada: Account) -> None:
    case = given(citizen, ada)
    org.cover_grids(by=FOUNDER, post=post_of(ada), grids=[])
    bea = worker("Bea", FIRST)
    Case.objects.filter(pk=case.pk).update(post=post_of(bea))
    with pytest.raises(NotYourGrid):
        actions.see_person(by=actor(ada), case=case.pk)
    assert actions.see_person(by=actor(bea), case=case.pk).name == "Wang Li"


def test_a_worker_adds_a_visit_by_taps_and_nobody_there_keeps_its_clock(
    client: Client, ada: Account
) -> None:
    given_ = {"grid": FIRST, "purpose": "safety", "note": "Mill Lane 4"}
    page = client.post("/grid/visits/new/", given_, follow=True).content.decode()
    assert "A safety check" in page
    assert "Mill Lane" not in page
    case = Case.objects.get(category="safety")
    due = case.due
    form = {"key": str(key(2)), "reason": "away"}
    client.post(f"/grid/round/{case.pk}/nobody", form)
    case.refresh_from_db()
    assert (case.state, case.due) == ("again", due)
    assert "Visit once more" in client.get("/grid/round/").content.decode()
    whom = actions.see_person(by=actor(ada), case=case.pk)
    assert (whom.name, whom.said) == ("", "Mill Lane 4")


def test_a_visit_lies_in_ones_own_grid_and_has_a_purpose(ada: Account) -> None:
    for grid, purpose in ((SECOND, "safety"), (FIRST, "curiosity"), ("", "safety")):
        with pytest.raises(NoVisit):
            actions.open_visit(by=actor(ada), grid=grid, purpose=purpose)
