"""The round: what waits where one is on shift, each thing that a phone sends done once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from haihe.base.actor import Actor
from haihe.base.clock import now, told
from haihe.base.errors import HaiheError
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries
from haihe.kernel.cases.errors import WrongState
from haihe.kernel.cases.models import Case
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org import actions as org
from haihe.kernel.org.models import Posting
from haihe.kernel.org.queries import actor_of, officer_of, posts_held
from haihe.kernel.org.shift_declare import week
from haihe.project.demo.grids import make_grids
from haihe.project.pack.load import loader
from haihe.systems.grid import actions, jobs
from haihe.systems.grid.declare import Finding, Taken
from haihe.systems.grid.models import Sent, Visit
from haihe.systems.grid.queries.walks import middle_of, my_grids
from tests import needs
from tests.desk.builders import Desks, at_desk, desks, picture
from tests.pages import photos
from tests.pages.browser import Opening, faults, overflow, small_texts

VISITOR = Actor("visitor", "somebody")
GRID = "D01W01G01"


@pytest.fixture
def here(city: None) -> Desks:
    """Riverton with its grids; the worker walks all of one ward at every hour."""
    return walked_city()


def walked_city() -> Desks:
    make_grids(by=loader())
    found = desks()
    officer = officer_of(found.worker)
    assert officer is not None
    (post,) = posts_held(officer)
    Posting.objects.update(since=now() - timedelta(days=9))
    org.plan_week(by=loader(), post=post, spans=week("1-9 00:00-23:59"))
    org.cover_grids(by=loader(), post=post, grids=[GRID, "D01W01G02"])
    return found


def reported(**changes: object) -> Case:
    point = middle_of(GRID)
    assert point is not None
    given = {"by": VISITOR, "point": point, "category": "public", "title": "Lamp", "source": "snap"}
    return cases.file_report(**{**given, **changes})  # type: ignore[arg-type]


def shot() -> Taken:
    return Taken(picture().read(), "image/jpeg")


def on_shift() -> datetime:
    """Ten o'clock in the city, today."""
    return now().replace(hour=2, minute=0)


@pytest.mark.django_db
def test_a_report_waits_on_the_round_of_whoever_walks_its_grid(here: Desks) -> None:
    with told(on_shift()):
        case = reported()
        assert case.grid == GRID
        assert case.post_id == posts_held(officer_of(here.worker)).get().pk  # type: ignore[arg-type]
        client = at_desk(here.worker)
        assert f"/grid/round/{case.pk}/" in client.get("/grid/round/").content.decode()
        elsewhere = reported(point=middle_of("D02W01G01"))
        assert f"/grid/round/{elsewhere.pk}/" not in client.get("/grid/round/").content.decode()
        assert client.get(f"/grid/round/{elsewhere.pk}/").status_code == 403


@pytest.mark.django_db
def test_verified_by_the_form_alone_without_script_or_typing(here: Desks) -> None:
    with told(on_shift()):
        case = reported()
        client = at_desk(here.worker)
        given = {"key": str(uuid4()), "photos": picture()}
        client.post(f"/grid/round/{case.pk}/verify", given)
        assert queries.case(case.pk).state == "opening"
        other = reported()
        client.post(f"/grid/round/{other.pk}/refute", {"key": str(uuid4()), "reason": "gone"})
        assert queries.case(other.pk).state == "rejected"
        assert queries.history(other)[-1].remark["note"] == "It is no longer there"


@pytest.mark.django_db
def test_what_a_phone_sends_twice_is_done_once_and_a_refusal_uses_no_key_up(here: Desks) -> None:
    by = actor_of(here.worker)
    with told(on_shift()):
        case, key = reported(), uuid4()
        with pytest.raises(HaiheError):
            actions.take_step(by=by, key=key, case=case.pk, action="verify")
        assert actions.take_step(by=by, key=key, case=case.pk, action="verify", taken=[shot()])
        assert not actions.take_step(by=by, key=key, case=case.pk, action="verify", taken=[shot()])
        assert queries.case(case.pk).steps == 2


@pytest.mark.django_db
def test_whatever_the_order_and_number_of_deliveries_each_step_is_taken_once(here: Desks) -> None:
    by = actor_of(here.worker)
    kinds = ("verify", "refute", "settle")

    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(kinds)), max_size=12))
    def delivered(sent: list[tuple[int, str]]) -> None:
        with transaction.atomic(), told(on_shift()):
            found = [reported() for _ in range(3)]
            done: dict[int, str] = {}
            for which, action in sent:
                key = UUID(int=which * 10 + kinds.index(action))
                given_: dict[str, Any] = (
                    {"note": "Gone"} if action == "refute" else {"taken": [shot()]}
                )
                case = found[which].pk
                if which in done and done[which] != action:
                    with pytest.raises(WrongState):
                        actions.take_step(by=by, key=key, case=case, action=action, **given_)
                    continue
                is_new = actions.take_step(by=by, key=key, case=case, action=action, **given_)
                assert is_new == (which not in done)
                done[which] = action
            for which, case in enumerate(found):
                assert queries.case(case.pk).steps == 1 + (which in done)
            transaction.set_rollback(True)

    delivered()


@pytest.mark.django_db
def test_what_a_worker_finds_is_filed_and_verified_at_once(here: Desks) -> None:
    by = actor_of(here.worker)
    point = middle_of(GRID)
    assert point is not None
    with told(on_shift()):
        key = uuid4()
        first = actions.report(by=by, key=key, finding=Finding(point, "R301"), taken=[shot()])
        again = actions.report(by=by, key=key, finding=Finding(point, "R301"), taken=[shot()])
        assert first == again
        assert queries.case(first).state == "opening"
        assert queries.case(first).source == "grid"
        settled = Finding(point, "R301", is_settled=True)
        done = actions.report(by=by, key=uuid4(), finding=settled, taken=[shot()])
        assert queries.case(done).state == "closing"


@pytest.mark.django_db
def test_a_check_in_counts_the_grid_and_names_nobody(here: Desks) -> None:
    with told(on_shift()):
        client = at_desk(here.worker)
        client.post("/grid/round/check-in", {"grid": GRID})
        client.post("/grid/round/check-in", {"grid": "D02W01G01"})
    assert [(row.grid, row.times) for row in Visit.objects.all()] == [(GRID, 1)]
    assert not {"account", "officer", "by"} & {field.name for field in Visit._meta.get_fields()}
    assert Entry.objects.filter(kind="grid.checked_in").count() == 1


@pytest.mark.django_db
def test_off_shift_nothing_is_ones_own(here: Desks) -> None:
    officer = officer_of(here.worker)
    assert officer is not None
    (post,) = posts_held(officer)
    org.plan_week(by=loader(), post=post, spans=week("1-7 02:30-03:00"))
    with told(on_shift()):
        assert my_grids(officer) == []


@pytest.mark.django_db
def test_old_keys_of_phones_end(here: Desks) -> None:
    Sent.objects.create(key=uuid4(), account=here.worker)
    assert jobs.forget_sent() == 0
    with told(now() + timedelta(days=31)):
        assert jobs.forget_sent() == 1


@pytest.mark.django_db
def test_the_script_hears_in_json_why_something_was_not_taken(here: Desks) -> None:
    with told(on_shift()):
        case = reported()
        client: Client = at_desk(here.worker)
        cases.take_step(by=VISITOR, case=case, action="withdraw")
        given = {"key": str(uuid4()), "photos": picture()}
        answer = client.post(
            f"/grid/round/{case.pk}/verify", given, headers={"X-Haihe-Queued": "1"}
        )
    assert answer.status_code == 409
    assert answer.json()["code"] == "cases.state.not_allowed"


@needs.chromium
@pytest.mark.django_db(transaction=True)
def test_the_round_holds_on_a_small_phone_in_large_type(city: None, opened: Opening) -> None:
    here = walked_city()
    case = reported()
    for language in ("zh-hans", "en"):
        page = opened(here.worker, language=language, size=(360, 640)).new_page()
        page.goto("/grid/round/")
        page.locator("button[name=large]").first.click()
        for path in ("/grid/round/", f"/grid/round/{case.pk}/", "/grid/round/find/"):
            page.goto(path)
            assert faults(page) == []
            assert overflow(page) <= 0
            assert small_texts(page) == []


@needs.chromium
@pytest.mark.django_db(transaction=True)
def test_the_nearest_task_comes_first_and_the_phone_tells_nobody_where_it_is(
    city: None, opened: Opening
) -> None:
    here = walked_city()
    lon, lat, _ = middle_of(GRID)  # type: ignore[misc]
    for title, north in (("Far", 0.02), ("Near", 0.0002), ("Middle", 0.003)):
        cases.open_case(
            by=VISITOR,
            type="cases.report",
            department="oldbridge",
            officer=here.worker.officer.pk,
            place="D01W01",
            grid=GRID,
            point=(lon, lat + north, "WGS-84"),
            category="public",
            title=title,
        )
    context = opened(
        here.worker,
        language="en",
        size=(360, 640),
        geolocation={"longitude": lon, "latitude": lat},
        permissions=["geolocation"],
    )
    page = context.new_page()
    page.goto("/grid/round/")
    assert page.locator("[data-stops] strong").all_inner_texts() == ["Far", "Near", "Middle"]
    page.wait_for_load_state("networkidle")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    context.set_offline(True)
    page.get_by_role("button", name="Nearest first").click()
    page.get_by_text("Where you are stays on this phone").wait_for()
    assert page.locator("[data-stops] strong").all_inner_texts() == ["Near", "Middle", "Far"]
    assert page.locator("[data-far]").all_inner_texts() == [
        "20 metres",
        "330 metres",
        "2.2 kilometres",
    ]
    assert asked == []
    assert faults(page) == []
    assert overflow(page) <= 0
    context.clear_permissions()
    page.get_by_role("button", name="Nearest first").click()
    page.get_by_text("does not say where it is").wait_for()


@needs.chromium
@pytest.mark.django_db(transaction=True)
def test_a_worker_s_photo_is_made_smaller_before_it_is_kept_and_sent(
    city: None, opened: Opening
) -> None:
    here = walked_city()
    page = opened(here.worker, language="en", size=(360, 640)).new_page()
    page.goto("/grid/round/find/")
    photos.choose(page, photos.shot())
    page.locator("[name=item]").select_option("R301")
    page.locator("[name=grid]").select_option(GRID)
    page.get_by_role("button", name="Send", exact=True).click()
    page.wait_for_url("**/grid/round/")
    picture, size = photos.stored()
    assert picture.size == (1536, 2048)
    assert size < 1_000_000
    assert Case.objects.get().source == "grid"
