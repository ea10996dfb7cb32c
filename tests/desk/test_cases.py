"""Cases at the desk: whose inbox holds what, every step through its form, who may see."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from haihe.base.registry import registry
from haihe.kernel.cases import actions, queries
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org.queries import actor_of
from haihe.systems.desk.forms import StepForm
from tests import needs
from tests.desk.builders import Desks, at_desk, desks, picture, reported, state, step
from tests.pages.browser import NARROW, PHONE, Opening, faults, overflow, small_texts
from tests.pages.cities import officer


@pytest.fixture
def here(city: None) -> Desks:
    """Riverton with an officer for each part."""
    return desks()


def test_a_report_is_walked_to_its_end_through_the_forms_of_the_pages(here: Desks) -> None:
    case = reported(here)
    worker, sue, cole, lana, tess = (
        at_desk(each)
        for each in (here.worker, here.supervisor, here.commander, here.land, here.trade)
    )
    step(worker, case, "verify", photos=picture())
    assert state(case) == "opening"
    assert "R101" in sue.get(f"/desk/cases/{case.pk}/").content.decode()
    step(sue, case, "register", item="R105")
    page = cole.get(f"/desk/cases/{case.pk}/").content.decode()
    assert '<option value="land" selected>' in page
    assert '<option value="trade" selected>' in page
    step(cole, case, "dispatch", lead="land", assisting=["trade"])
    step(tess, case, "send_back", note="Not ours")
    step(lana, case, "finish", note="Towed away", photos=picture())
    assert state(case) == "dispatching"
    step(cole, case, "dispatch", lead="land", assisting=["trade"])
    step(tess, case, "finish", note="Owner fined")
    step(lana, case, "finish", note="Towed away")
    step(worker, case, "deny", note="Still there")
    step(lana, case, "finish", note="Now it is gone")
    step(worker, case, "confirm", photos=picture())
    step(sue, case, "close")
    assert state(case) == "answered"
    assert queries.replay(case) == queries.standing(case)


def test_each_part_finds_the_case_where_it_waits(here: Desks) -> None:
    case = reported(here)
    link = f"/desk/cases/{case.pk}/"
    assert link in at_desk(here.worker).get("/desk/cases/?view=mine").content.decode()
    sue = at_desk(here.supervisor)
    assert link not in sue.get("/desk/cases/?view=supervision").content.decode()
    step(at_desk(here.worker), case, "verify", photos=picture())
    assert link in sue.get("/desk/cases/?view=supervision").content.decode()
    step(sue, case, "register", item="R101")
    assert link in at_desk(here.commander).get("/desk/cases/?view=command").content.decode()


def test_who_has_no_part_sees_neither_case_nor_photo(here: Desks) -> None:
    case = reported(here)
    step(at_desk(here.worker), case, "verify", photos=picture())
    photo = queries.history(case)[1].remark["photos"][0]
    stan = at_desk(here.stranger)
    for path in (f"/desk/cases/{case.pk}/", f"/desk/cases/{case.pk}/photos/{photo}"):
        assert stan.get(path).status_code == 403
    assert step(stan, case, "register", item="R101")
    assert state(case) == "opening"
    lana = at_desk(here.supervisor).get(f"/desk/cases/{case.pk}/photos/{photo}")
    assert lana["Content-Type"] == "image/jpeg"
    assert Entry.objects.filter(kind="files.opened").count() == 1


def test_a_look_at_a_case_that_concerns_somebody_is_in_the_ledger_first(here: Desks) -> None:
    case = reported(here, subject=b"s" * 16)
    at_desk(here.supervisor).get(f"/desk/cases/{case.pk}/")
    entry = Entry.objects.get(kind="cases.case.read")
    assert entry.purpose == "cases.case"
    assert bytes(entry.subject) == b"s" * 16


def test_a_refused_step_keeps_what_was_typed_and_changes_nothing(here: Desks) -> None:
    case = reported(here)
    page = step(at_desk(here.worker), case, "refute", note="")
    assert "This field is required" in page
    page = step(at_desk(here.worker), case, "verify", note="Typed with care")
    assert "Typed with care" in page
    assert state(case) == "verifying"


def test_many_are_dispatched_at_once_by_the_list_and_one_that_can_t_is_told(here: Desks) -> None:
    able, unable = reported(here), reported(here, title="Without an item")
    worker, sue = at_desk(here.worker), at_desk(here.supervisor)
    step(worker, able, "verify", photos=picture())
    step(sue, able, "register", item="R105")
    cole = at_desk(here.commander)
    given = {"case": [str(able.pk), str(unable.pk)], "do": "dispatch"}
    page = cole.post("/desk/cases/at-once?view=all", given, follow=True).content.decode()
    assert state(able) == "handling"
    assert state(unable) == "verifying"
    assert "1 case done." in page
    assert "Without an item" in page
    tasks = {task.department_id: task.role for task in queries.case(able.pk).tasks.all()}
    assert tasks == {"land": "lead", "trade": "assisting"}


def test_an_inbox_goes_out_as_a_file_and_the_ledger_knows_how_many(here: Desks) -> None:
    reported(here, title="=HYPERLINK(1)")
    reported(here)
    answer = at_desk(here.supervisor).post("/desk/cases/export?view=all")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 3
    assert {row[1] for row in rows[1:]} == {"'=HYPERLINK(1)", "Street lamp out"}
    assert Entry.objects.get(kind="cases.taken_out").body["cases"] == 2


def test_every_action_of_every_shipped_type_has_a_form_that_asks_for_what_it_needs(
    here: Desks,
) -> None:
    case = reported(here)
    for case_type in registry.case_types.values():
        for name, action in case_type.actions.items():
            form = StepForm({}, {}, case=case, name=name, action=action)
            wanted = {"note": "note", "photo": "photos", "item": "item", "assignee": "department"}
            required = {field for field in form.fields if form.fields[field].required}
            assert {wanted[each] for each in action.asks} <= required, (case_type.name, name)
            assert form.is_valid() == (not required), (case_type.name, name)
            assert form.as_div()


def test_an_officer_whose_posts_deal_with_no_cases_is_told_so(here: Desks) -> None:
    nobody = at_desk(officer("housing", "Nora", permissions=()))
    answer = nobody.get("/desk/cases/")
    assert answer.status_code == 403
    assert b"desk.inbox.none" in answer.content


@needs.chromium
@pytest.mark.django_db(transaction=True)
def test_the_pages_hold_at_every_size_and_the_list_goes_by_keyboard(
    city: None, opened: Opening
) -> None:
    here = desks()
    case = reported(here)
    actions.take_step(
        by=actor_of(here.supervisor), case=case, action="reject", note="Not in this city"
    )
    for _ in range(3):
        reported(here)
    for language in ("zh-hans", "en"):
        for size in (PHONE, NARROW):
            page = opened(here.supervisor, language=language, size=size).new_page()
            for path in ("/desk/cases/?view=all", "/desk/cases/map/?view=all",
                         f"/desk/cases/{case.pk}/"):  # fmt: skip
                page.goto(path)
                assert faults(page) == []
                assert overflow(page) <= 0
                assert small_texts(page) == []
    page = opened(here.supervisor, language="en").new_page()
    page.goto("/desk/cases/?view=all")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("input[name=case]:checked").count() == 1
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases/*-*/")
