"""An officer's own desk: kept views, messages counted, cases handed over by page."""

from __future__ import annotations

import pytest

from haihe.kernel.cases import queries
from haihe.kernel.messages import actions as messages
from haihe.kernel.messages.models import Message
from haihe.kernel.org.models import Department
from haihe.systems.desk import actions
from haihe.systems.desk.errors import BadView, TooManyViews
from haihe.systems.desk.models import SavedView
from tests.desk.builders import Desks, at_desk, desks, reported
from tests.pages.cities import actor, officer


@pytest.fixture
def here(city: None) -> Desks:
    """Riverton with an officer for each part."""
    return desks()


def test_a_view_is_kept_opened_and_dropped(here: Desks) -> None:
    client = at_desk(here.supervisor)
    client.post("/desk/cases/views?view=all&overdue=on&csrf=x&after=12", {"title": "Late ones"})
    kept = SavedView.objects.get()
    assert kept.query == "view=all&overdue=on"
    page = client.get("/desk/cases/").content.decode()
    assert "/desk/cases/?view=all&amp;overdue=on" in page
    assert client.get(f"/desk/cases/?{kept.query}").status_code == 200
    client.post(f"/desk/cases/views/{kept.pk}")
    assert not SavedView.objects.exists()


def test_a_kept_view_gives_no_right_and_is_nobody_elses(here: Desks) -> None:
    at_desk(here.supervisor).post("/desk/cases/views?view=all", {"title": "All"})
    kept = SavedView.objects.get()
    stan = at_desk(here.stranger)
    assert "All</a>" not in stan.get("/desk/cases/").content.decode()
    stan.post(f"/desk/cases/views/{kept.pk}")
    assert SavedView.objects.filter(pk=kept.pk).exists()
    actions.keep_view(by=actor(here.stranger), title="Mine", query=kept.query)
    case = reported(here)
    assert str(case.pk) not in stan.get(f"/desk/cases/?{kept.query}").content.decode()


def test_a_view_without_a_name_or_one_too_many_is_refused_in_a_sentence(here: Desks) -> None:
    by = actor(here.supervisor)
    for title in ("", "  ", "x" * 41):
        with pytest.raises(BadView):
            actions.keep_view(by=by, title=title, query="view=all")
    for number in range(20):
        actions.keep_view(by=by, title=f"v{number}", query="view=all")
    with pytest.raises(TooManyViews):
        actions.keep_view(by=by, title="one more", query="view=all")
    actions.keep_view(by=by, title="v3", query="view=mine")
    assert SavedView.objects.get(title="v3").query == "view=mine"


def test_messages_to_an_officer_and_to_the_department_are_counted_and_read(here: Desks) -> None:
    case = reported(here)
    land = Department.objects.get(pk="land")
    Message.objects.all().delete()
    text = {"zh": "到期", "en": "Due"}
    for number, to in enumerate((here.land, land, land, here.trade)):
        messages.write(key=f"k{number}", title=text, text=text, to=to, url=f"cases.case:{case.pk}")
    lana = at_desk(here.land)
    assert '<span class="hh-count">3</span>' in lana.get("/desk/").content.decode()
    own = Message.objects.get(key="k0")
    answer = lana.post(f"/desk/messages/{own.pk}")
    assert answer["Location"] == f"/desk/cases/{case.pk}/"
    assert '<span class="hh-count">2</span>' in lana.get("/desk/").content.decode()
    other = Message.objects.get(key="k3")
    assert lana.post(f"/desk/messages/{other.pk}").status_code == 404
    lana.post("/desk/messages/read-all")
    assert "hh-count" not in lana.get("/desk/").content.decode()
    assert Message.objects.get(key="k3").read_at is None


def test_what_is_no_message_of_the_inbox_is_not_marked_as_read(here: Desks) -> None:
    Message.objects.all().delete()
    text = {"zh": "到期", "en": "Due"}
    messages.write(key="a", title=text, text=text, to=here.land)
    messages.write(key="b", title=text, text=text, to=here.land, channel="sms")
    at_desk(here.land).post("/desk/messages/read-all")
    assert Message.objects.get(key="a").read_at is not None
    assert Message.objects.get(key="b").read_at is None


def test_all_cases_of_an_officer_are_handed_over_by_one_page(here: Desks) -> None:
    cases = [reported(here) for _ in range(3)]
    chief = at_desk(officer("data_office", "Chief", permissions=("cases.hand_over",)))
    worker, other = here.worker.officer, officer("oldbridge", "Olga", permissions=()).officer
    own = chief.get("/desk/cases/hand-over/").content.decode()
    assert f'value="o{worker.pk}"' not in own
    address = "/desk/cases/hand-over/?of=oldbridge"
    assert f'value="o{worker.pk}"' in chief.get(address).content.decode()
    chief.post(address, {"source": f"o{worker.pk}", "target": f"o{other.pk}"})
    assert {queries.case(case.pk).officer_id for case in cases} == {other.pk}
    chief.post(address, {"source": f"o{other.pk}", "target": "dland"})
    for case in cases:
        found = queries.case(case.pk)
        assert (found.officer_id, found.department_id) == (None, "land")
        assert queries.replay(case) == queries.standing(case)
    refused = chief.post(address, {"source": f"o{other.pk}", "target": f"o{other.pk}"})
    assert refused.status_code == 422
    stranger = chief.post(address, {"source": f"o{here.land.officer.pk}"})
    assert stranger.status_code == 422
    assert at_desk(here.land).get("/desk/cases/hand-over/").status_code == 403
