"""Citizens' reports: three steps without a script, a secret link, limits, progress, the hotline."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from haihe.base.actor import Actor
from haihe.base.clock import now, told
from haihe.base.errors import HaiheError
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries
from haihe.kernel.files.internals.shelf import path_of
from haihe.kernel.files.models import StoredFile
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org.queries import actor_of
from haihe.project.demo.grids import make_grids
from haihe.project.pack.load import loader
from haihe.systems.snap import actions, jobs
from haihe.systems.snap.actions import Sent
from haihe.systems.snap.actions.limits import Source
from haihe.systems.snap.models import Follower, SnapPhoto, SnapReport
from haihe.systems.snap.queries import keyed, visitor
from haihe.systems.snap.queries.keys import new_number, read_number, spoken
from tests.desk.builders import Desks, at_desk, desks, picture
from tests.pages.cities import officer

POINT = (150.055813, 30.152941, "WGS-84")
VISITOR = Actor("visitor", "visitor")
pytestmark = pytest.mark.django_db


@pytest.fixture
def here(city: None) -> Desks:
    """Riverton with its grids and an officer for each part."""
    make_grids(by=loader())
    return desks()


def browser() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def plain(colour: str) -> bytes:
    """A JPEG of one colour."""
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return out.getvalue()


def sent(**changes: object) -> Sent:
    values: dict[str, object] = {
        "draft": uuid4(),
        "point": POINT,
        "category": "public",
        "text": "The lamp at the gate is out",
        "source": Source(device="phone-1", address="192.0.2.1"),
        **changes,
    }
    return Sent(**values)  # type: ignore[arg-type]


def filed(token: str = "t1", **changes: object) -> SnapReport:  # noqa: S107 - a test's own
    return actions.file_report(by=VISITOR, sent=sent(**changes), token=token)


def walked(report: SnapReport, of: Desks) -> None:
    """Handled and answered, so that it can be rated."""
    sue, cole, lana = (actor_of(each) for each in (of.supervisor, of.commander, of.land))
    cases.take_step(by=sue, case=report.case_id, action="reject", note="Twice")
    cases.reopen(by=visitor("t1"), case=report.case_id, note="Still out")
    cases.take_step(by=sue, case=report.case_id, action="register", item="R101")
    cases.dispatch(by=cole, case=report.case_id, lead="land")
    cases.finish_task(by=lana, case=report.case_id, note="A new lamp stands there")
    cases.take_step(by=sue, case=report.case_id, action="close")


def test_a_report_is_filed_in_three_steps_without_script_map_or_account(here: Desks) -> None:
    client = browser()
    client.get("/snap/report/")
    begun = client.post("/snap/report/", {"words": "Street lamp out", "photos": [picture()]})
    assert begun.url == "/snap/report/place/"
    page = client.get("/snap/report/place/?in=D01").content.decode()
    assert "?in=D01W01" in page
    assert client.post("/snap/report/place/", {"division": "D01W01"}).url == "/snap/report/send/"
    page = client.get("/snap/report/send/").content.decode()
    assert re.search(r'value="public"[^>]*checked', page)
    answer = client.post("/snap/report/send/", {"category": "public"})
    page = client.get(answer.url).content.decode()
    assert "Your report is received" in page
    assert "Street lamp out" in page
    assert actions.file_received(by=jobs.FILER) == 1
    report = SnapReport.objects.get()
    assert f"/snap/mine/{report.number}/" in answer.url
    assert report.case.place_id == "D01W01"
    assert report.case.grid.startswith("D01W01")
    page = client.get(answer.url).content.decode()
    assert "Street lamp out" in page
    assert "Waits for somebody to look at it" in page
    key = answer.url.partition("key=")[2]
    assert key.encode() not in bytes(report.token_hash or b"")
    assert keyed("token", key) == bytes(report.token_hash or b"")


def test_only_whoever_has_the_secret_sees_an_anonymous_report(here: Desks) -> None:
    report = filed("secret-token")
    address = f"/snap/mine/{report.number}/"
    assert browser().get(address).status_code == 404
    assert browser().get(f"{address}?key=wrong").status_code == 404
    assert browser().get(f"{address}?key=secret-token").status_code == 200
    assert browser().post(f"{address}withdraw", {"key": "wrong"}).status_code == 404
    browser().post(f"{address}withdraw", {"key": "secret-token"})
    assert queries.case(report.case_id).state == "withdrawn"


def test_a_named_report_stands_in_the_citizens_own_record(here: Desks, citizen: object) -> None:
    by = actor_of(citizen)  # type: ignore[arg-type]
    report = actions.file_report(by=by, sent=sent())
    assert report.account_id == int(by.name)
    assert report.case.subject is not None
    assert Entry.objects.filter(kind="snap.report.filed", subject=report.case.subject).exists()


def test_a_draft_that_is_sent_twice_is_filed_once(here: Desks) -> None:
    draft = uuid4()
    first, second = filed(draft=draft), filed(draft=draft)
    assert first.pk == second.pk
    assert SnapReport.objects.count() == 1


def test_a_device_may_send_only_so_much_in_an_hour(here: Desks) -> None:
    for number in range(6):
        filed(f"t{number}")
    with pytest.raises(HaiheError) as refused:
        filed("t7")
    assert refused.value.code == "snap.too_many"
    filed("t8", source=Source(device="phone-2", address="192.0.2.1"))
    with told(now() + timedelta(hours=2)):
        filed("t9")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": "", "photos": ()}, "snap.report.empty"),
        ({"phone": "call me"}, "snap.phone.bad"),
        ({"point": (2.35, 48.85, "WGS-84")}, "cases.report.outside"),
        ({"category": "moon"}, "cases.item.unknown"),
    ],
)
def test_bad_reports_are_refused_with_a_reason_and_leave_nothing(
    here: Desks, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(HaiheError) as refused:
        filed(**changes)
    assert refused.value.code == code
    assert refused.value.hint
    assert not SnapReport.objects.exists()


def test_a_photo_in_heic_is_refused_with_a_way_out(here: Desks) -> None:
    heic = b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40
    with pytest.raises(HaiheError) as refused:
        actions.keep_photo(by=VISITOR, content=heic, media_type="image/heic", source=Source())
    assert refused.value.code == "snap.photo.heic"
    assert not StoredFile.objects.exists()


def test_one_who_has_the_same_trouble_is_counted_once(here: Desks) -> None:
    report = filed()
    for device in ("a", "a", "b"):
        actions.follow(by=VISITOR, case=report.case_id, source=Source(device=device))
    assert Follower.objects.count() == 2


def test_what_lies_near_is_offered_before_a_second_report_of_it_is_sent(here: Desks) -> None:
    filed()
    client = browser()
    client.post("/snap/report/", {"words": "Lamp at the gate is out"})
    given = {"longitude": POINT[0], "latitude": POINT[1], "datum": POINT[2]}
    client.post("/snap/report/place/", given)
    page = client.get("/snap/report/send/").content.decode()
    assert "Is it one of these?" in page
    assert "The lamp at the gate is out" not in page


def test_a_report_is_rated_by_its_secret_and_tells_only_what_was_written_for_the_citizen(
    here: Desks,
) -> None:
    report = filed("t1")
    walked(report, here)
    address = f"/snap/mine/{report.number}/"
    page = browser().get(f"{address}?key=t1").content.decode()
    assert "A new lamp stands there" in page
    assert "Twice" not in page
    browser().post(f"{address}rate", {"key": "t1", "score": "2"})
    case = queries.case(report.case_id)
    assert (case.state, case.rating) == ("closed", 2)


def test_a_photo_is_public_only_blurred_and_only_when_an_officer_let_it_through(
    here: Desks,
) -> None:
    photo = actions.keep_photo(
        by=VISITOR, content=picture().read(), media_type="image/jpeg", source=Source()
    )
    report = filed("t1", photos=(photo.pk,))
    walked(report, here)
    public = f"/snap/solved/photos/{photo.pk}"
    assert jobs.blur_photos() == 1
    assert jobs.blur_photos() == 0
    assert browser().get(public).status_code == 404
    sue = at_desk(officer("data_office", "Pia", permissions=("snap.photo.publish",)))
    assert str(photo.pk) in sue.get("/snap/photos/").content.decode()
    sue.post("/snap/photos/decide", {"photo": str(photo.pk), "do": "publish"})
    assert browser().get(public)["Content-Type"] == "image/jpeg"
    assert str(photo.pk) in browser().get("/snap/solved/").content.decode()
    sue.post("/snap/photos/decide", {"photo": str(photo.pk), "do": "refuse"})
    assert browser().get(public).status_code == 404


def test_a_photo_that_cannot_be_blurred_is_never_public_and_holds_up_no_other(here: Desks) -> None:
    photos = [
        actions.keep_photo(
            by=VISITOR, content=plain(colour), media_type="image/jpeg", source=Source()
        )
        for colour in ("red", "green")
    ]
    report = filed("t1", photos=tuple(photo.pk for photo in photos))
    walked(report, here)
    path_of(bytes(photos[0].original.sha256)).write_bytes(b"a disk's fault")
    assert jobs.blur_photos() == 2
    states = [SnapPhoto.objects.get(pk=photo.pk).state for photo in photos]
    assert states == [SnapPhoto.State.FAILED, SnapPhoto.State.BLURRED]
    sue = at_desk(officer("data_office", "Pia", permissions=("snap.photo.publish",)))
    sue.post("/snap/photos/decide", {"photo": str(photos[0].pk), "do": "publish"})
    assert browser().get(f"/snap/solved/photos/{photos[0].pk}").status_code == 404


def test_past_its_term_photos_phone_and_secret_are_gone_and_the_case_stays(here: Desks) -> None:
    photo = actions.keep_photo(
        by=VISITOR, content=picture().read(), media_type="image/jpeg", source=Source()
    )
    report = filed("t1", photos=(photo.pk,), phone="555 0100 2000")
    cases.take_step(by=visitor("t1"), case=report.case_id, action="withdraw")
    assert jobs.forget_due() == 0
    with told(now() + timedelta(days=200)):
        assert jobs.forget_due() == 1
    report.refresh_from_db()
    assert report.phone_sealed is None
    assert report.token_hash is None
    assert not SnapPhoto.objects.exists()
    assert not StoredFile.objects.exists()
    assert queries.case(report.case_id).state == "withdrawn"
    assert Entry.objects.filter(kind="snap.report.forgotten").count() == 1


def test_the_hotline_files_by_keyboard_alone_and_looks_up_only_for_a_purpose(here: Desks) -> None:
    operator = at_desk(officer("data_office", "Olga", permissions=("cases.open", "files.store")))
    given = {
        "words": "Water stands in the street", "place": "D01W01", "category": "look",
        "phone": "555 0100 2000", "draft": str(uuid4()),
    }  # fmt: skip
    page = operator.post("/snap/hotline/", given, follow=True).content.decode()
    report = SnapReport.objects.get()
    assert spoken(report.number) in page
    assert report.case.source == "hotline"
    page = operator.post(
        "/snap/hotline/report/", {"number": spoken(report.number), "purpose": "snap.progress"}
    ).content.decode()
    assert "555 0100 2000" in page
    assert Entry.objects.get(kind="snap.report.looked_up").purpose == "snap.progress"
    nobody = at_desk(officer("data_office", "Nils", permissions=()))
    assert nobody.get("/snap/hotline/").status_code == 403
    page = operator.post("/snap/hotline/", {**given, "place": "Ward"}).content.decode()
    assert "Which one?" in page


@given(st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_of_a_number_is_always_noticed(place: int, shift: int) -> None:
    number = new_number()
    wrong = (int(number[place]) + shift) % 10
    assert read_number(spoken(number)) == number
    assert read_number(f"{number[:place]}{wrong}{number[place + 1 :]}") == ""
