"""Reports that a phone keeps until it is online: filed once, or refused in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from haihe.kernel.files.models import StoredFile
from haihe.kernel.org.models import Account
from haihe.project.demo.grids import make_grids
from haihe.project.pack.load import loader
from haihe.systems.snap import actions
from haihe.systems.snap.jobs import FILER
from haihe.systems.snap.models import Receipt, SnapPhoto, SnapReport, Tally
from haihe.systems.snap.queries.keys import new_token, spoken
from tests import needs
from tests.desk.builders import picture
from tests.pages.browser import FLAGS, Opening, faults, overflow, small_texts
from tests.pages.cities import client_of

PHONE = (360, 740)
QUEUED = "/snap/report/queued"
SENT_MS = 45_000
"""Longer than the page waits before it tries again: the browser may miss the network's return."""


@pytest.fixture
def gridded(city: None) -> None:
    """Riverton with its grids."""
    make_grids(by=loader())


def kept(**changes: object) -> dict[str, object]:
    """What a phone sends of one report."""
    values: dict[str, object] = {
        "key": str(uuid4()),
        "token": new_token(),
        "words": "The lamp at the gate is out",
        "division": "D01W01",
        "category": "public",
        "photos": SimpleUploadedFile("a.jpg", picture().read(), "image/jpeg"),
    }
    return {**values, **changes}


def file_all() -> int:
    """What the worker does a moment after a report came in."""
    return actions.file_received(by=FILER)


def phone() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


@pytest.mark.django_db
def test_what_was_kept_is_filed_whole_and_its_number_told(gridded: None) -> None:
    client, given = phone(), kept()
    answer = client.post(QUEUED, given).json()
    page = client.get(answer["url"]).content.decode()
    assert "Your report is received" in page
    assert "The lamp at the gate is out" in page
    assert "The lamp at the gate is out" in client.get("/snap/").content.decode()
    assert file_all() == 1
    report = SnapReport.objects.get()
    assert answer["spoken"] == spoken(report.number)
    assert report.case.place_id == "D01W01"
    assert [photo.report_id for photo in SnapPhoto.objects.all()] == [report.pk]
    assert "The lamp at the gate is out" in client.get(answer["url"]).content.decode()
    # The browser holds its secret, as if it had been sent from the last page.
    assert f"/snap/mine/{report.number}/" in client.get("/snap/").content.decode()


@pytest.mark.django_db
def test_sent_again_it_is_the_same_report_and_keeps_no_second_photo(gridded: None) -> None:
    client, given = phone(), kept()
    first = client.post(QUEUED, given).json()
    tallies = dict(Tally.objects.values_list("key", "count"))
    again = phone().post(QUEUED, given | {"photos": picture()}).json()
    assert (file_all(), file_all()) == (1, 0)
    later = phone().post(QUEUED, given | {"photos": picture()}).json()
    assert first == again == later
    assert (file_all(), Receipt.objects.count()) == (0, 1)
    assert (SnapReport.objects.count(), SnapPhoto.objects.count()) == (1, 1)
    assert dict(Tally.objects.values_list("key", "count")) == tallies


@pytest.mark.django_db
def test_another_ones_key_tells_nothing(gridded: None) -> None:
    given = kept()
    phone().post(QUEUED, given)
    answer = phone().post(QUEUED, given | {"token": new_token()})
    assert (answer.status_code, answer.json()["code"]) == (404, "snap.report.unknown")
    file_all()
    answer = phone().post(QUEUED, given | {"token": new_token()})
    assert (answer.status_code, answer.json()["code"]) == (404, "snap.report.unknown")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"division": ""}, "snap.place.missing"),
        ({"division": "nowhere"}, "places.division.unknown"),
        ({"division": "", "longitude": "1", "latitude": "1", "datum": "WGS-84"},
         "cases.report.outside"),
        ({"category": "none"}, "cases.item.unknown"),
        ({"category": "R101"}, "cases.item.unknown"),
        ({"category": ""}, "snap.report.incomplete"),
        ({"phone": "call me"}, "snap.phone.bad"),
        ({"words": "", "photos": ""}, "snap.report.empty"),
        ({"photos": SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg")}, "snap.photo.type"),
        ({"key": "x"}, "snap.report.incomplete"),
        ({"token": "short"}, "snap.report.incomplete"),
        ({"is_named": "on"}, "snap.report.other_account"),
    ],
)  # fmt: skip
def test_a_refusal_comes_in_a_sentence_and_leaves_nothing(
    gridded: None, changes: dict[str, object], code: str
) -> None:
    answer = phone().post(QUEUED, kept(**changes))
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"] == code
    assert len(answer.json()["said"]) > 20
    assert not Receipt.objects.exists()
    assert not SnapPhoto.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.django_db
def test_beyond_its_limit_a_phone_hears_so_and_its_photos_are_not_kept(gridded: None) -> None:
    client = phone()
    client.get("/snap/report/")
    answers = [client.post(QUEUED, kept(photos=picture())) for _ in range(7)]
    assert [each.status_code for each in answers] == [200] * 6 + [429]
    assert answers[-1].json()["code"] == "snap.too_many"
    assert SnapPhoto.objects.count() == 6


@pytest.mark.django_db
def test_a_report_in_ones_name_is_not_filed_in_anothers(gridded: None, citizen: Account) -> None:
    client = client_of(citizen)
    page = client.get("/snap/report/").content.decode()
    sign = re.search(r'data-whom="([0-9a-f]{32})"', page)
    assert sign is not None
    wrong = client.post(QUEUED, kept(is_named="on", whom="0" * 32))
    assert wrong.json()["code"] == "snap.report.other_account"
    given = kept(is_named="on", whom=sign[1])
    assert client.post(QUEUED, given).status_code == 200
    file_all()
    assert SnapReport.objects.get().account_id == citizen.pk
    assert client.post(QUEUED, given).json()["spoken"] == spoken(SnapReport.objects.get().number)
    assert phone().post(QUEUED, given).status_code == 404


@pytest.mark.django_db
def test_photos_that_were_sent_up_before_need_not_come_again(gridded: None) -> None:
    client = phone()
    client.post("/snap/report/", {"words": "Lamp out", "photos": [picture()]})
    client.post("/snap/report/place/", {"division": "D01W01"})
    page = client.get("/snap/report/send/").content.decode()
    key, token = (re.search(f'data-{name}="([^"]+)"', page)[1] for name in ("begun", "secret"))  # type: ignore[index]
    light = {"key": key, "token": token, "words": "Lamp out", "category": "public"}
    elsewhere = phone().post(QUEUED, {**light, "is_light": "yes"})
    assert (elsewhere.status_code, elsewhere.json()) == (409, {"whole": True})
    assert client.post(QUEUED, {**light, "is_light": "yes"}).status_code == 200
    assert client.post(QUEUED, {**light, "is_light": "yes"}).status_code == 200
    file_all()
    assert SnapPhoto.objects.get().report == SnapReport.objects.get()
    # Read again, the last page leads to one's reports and does not ask to begin anew.
    assert client.get("/snap/report/send/").url == "/snap/"


@pytest.mark.django_db
def test_the_page_that_a_phone_keeps_names_nobody(gridded: None, citizen: Account) -> None:
    client = client_of(citizen)
    page = client.get("/snap/report/?kept=yes").content.decode()
    assert 'data-whom=""' in page
    assert "is_named" not in page
    assert "is_named" in client.get("/snap/report/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_turns_at_the_same_moment_file_one_report(gridded: None) -> None:
    client, given = phone(), kept()
    client.get("/snap/report/")

    def turn(_: int) -> object:
        try:
            one = phone()
            one.cookies["snap_device"] = client.cookies["snap_device"].value
            photos = SimpleUploadedFile("a.jpg", picture().read(), "image/jpeg")
            return one.post(QUEUED, given | {"photos": photos}).json()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(turn, range(4)))
    assert all(each == answers[0] for each in answers)
    assert file_all() == 1
    assert (SnapReport.objects.count(), SnapPhoto.objects.count()) == (1, 1)


class Restarting:
    """A browser on a phone with a disk of its own: closed and opened again, it is the same."""

    def __init__(self, browser: Browser, live: LiveServer, folder: Path) -> None:
        self.browser, self.live, self.folder = browser, live, folder
        self.context: BrowserContext | None = None

    def page(self, path: str) -> Page:
        """A page in the browser, which is started where it is not running."""
        if self.context is None:
            program = self.browser.browser_type
            self.context = program.launch_persistent_context(
                self.folder,
                executable_path=needs.CHROMIUM,
                args=FLAGS,
                base_url=self.live.url,
                viewport={"width": PHONE[0], "height": PHONE[1]},
            )
            language = {"name": "django_language", "value": "en", "url": self.live.url}
            self.context.add_cookies([language])  # type: ignore[list-item]
        page = self.context.new_page()
        page.goto(path)
        return page

    def close(self) -> None:
        """Switch the browser off."""
        if self.context is not None:
            self.context.close()
            self.context = None


@pytest.fixture
def device(chromium: Browser, live_server: LiveServer, tmp_path: Path) -> Iterator[Restarting]:
    found = Restarting(chromium, live_server, tmp_path / "phone")
    yield found
    found.close()


def shot() -> dict[str, object]:
    return {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture().read()}


def write(page: Page, *, division: str = "D01W01") -> None:
    """A report with a photo on the first page, sent off without a network."""
    page.locator("[name=words]").fill("The lamp at the gate is out")
    page.locator("[name=photos]").set_input_files([shot()])  # type: ignore[list-item]
    page.locator("[name=division]").select_option(division)
    page.locator("[name=category][value=public]").check()
    page.get_by_role("button", name="Send", exact=True).click()


def is_kept(page: Page) -> None:
    """Wait until the page lies on the phone and its keeper is at work."""
    for _ in range(100):
        if page.evaluate("caches.match(location.href, {ignoreVary: true}).then(Boolean)"):
            break
        page.wait_for_timeout(100)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


@needs.chromium
@pytest.mark.django_db(transaction=True)
def test_sent_off_without_a_network_it_waits_over_a_restart_and_is_filed_once(
    gridded: None, device: Restarting
) -> None:
    page = device.page("/snap/report/")
    is_kept(page)
    page.context.set_offline(True)
    page = device.page("/snap/")  # not kept itself: the phone shows where a report begins
    write(page)
    board = page.locator("[data-unsent]")
    expect(board).to_contain_text("1 report waits to be sent.")
    assert faults(page) == []
    assert (overflow(page), small_texts(page)) == (0, [])
    device.close()
    assert not SnapReport.objects.exists()

    page = device.page("/snap/")
    expect(page.locator("[data-unsent]")).to_contain_text("Sent. Its number:", timeout=SENT_MS)
    file_all()
    report = SnapReport.objects.get()
    expect(page.locator("[data-unsent]")).to_contain_text(spoken(report.number))
    assert [photo.report_id for photo in SnapPhoto.objects.all()] == [report.pk]
    page.get_by_role("button", name="Open the report").click()
    page.wait_for_url(f"**/snap/mine/{report.number}/**")
    expect(page.locator("main")).to_contain_text("The lamp at the gate is out")
    device.close()
    page = device.page("/snap/")
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-unsent]")).to_be_hidden()
    assert SnapReport.objects.count() == 1


@needs.chromium
@pytest.mark.django_db(transaction=True)
def test_the_open_page_sends_when_the_network_is_back(gridded: None, opened: Opening) -> None:
    page = opened(language="en", size=PHONE).new_page()
    page.goto("/snap/report/")
    page.context.set_offline(True)
    write(page)
    expect(page.locator("[data-unsent]")).to_contain_text("1 report waits to be sent.")
    expect(page.locator("[name=words]")).to_have_value("")
    write(page, division="D02W01")
    waits = page.locator("[data-unsent]")
    expect(page.locator("[data-later-fault]")).to_have_text("")
    expect(waits).to_contain_text("2 reports wait to be sent.", timeout=SENT_MS)
    page.context.set_offline(False)
    expect(page.locator("[data-unsent] li")).to_have_count(2, timeout=SENT_MS)
    expect(page.locator("[data-unsent]")).not_to_contain_text("wait to be sent", timeout=SENT_MS)
    file_all()
    numbers = [spoken(each.number) for each in SnapReport.objects.order_by("made_at")]
    assert len(numbers) == 2
    for number in numbers:
        expect(page.locator("[data-unsent]")).to_contain_text(number)


@needs.chromium
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_begun_online", [True, False])
def test_with_the_answer_lost_it_is_still_filed_once(
    gridded: None, opened: Opening, is_begun_online: bool
) -> None:
    """From the last of three pages, and from the first without a network."""
    context = opened(language="en", size=PHONE, service_workers="block")
    page, lost = context.new_page(), []

    def lose(route: Route) -> None:
        if not lost:
            answer = route.fetch()
            lost.append(answer.status)
            route.abort()
        else:
            route.continue_()

    context.route(f"**{QUEUED}", lose)
    page.goto("/snap/report/")
    if is_begun_online:
        page.locator("[name=words]").fill("The lamp at the gate is out")
        page.locator("[name=photos]").set_input_files([shot()])  # type: ignore[list-item]
        page.get_by_role("button", name="On to the place").click()
        page.goto("/snap/report/place/?in=D01W01")
        page.get_by_role("button", name="It is here").click()
        page.locator("[name=category][value=public]").check()
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.locator("[data-unsent]")).to_contain_text("1 report waits to be sent.")
        assert (lost, Receipt.objects.count()) == ([200], 1)
        page.reload()
    else:
        context.set_offline(True)
        write(page)
        expect(page.locator("[data-unsent]")).to_contain_text("1 report waits to be sent.")
        context.set_offline(False)
    expect(page.locator("[data-unsent]")).to_contain_text("Sent. Its number:", timeout=SENT_MS)
    assert lost == [200]
    file_all()
    report = SnapReport.objects.get()
    expect(page.locator("[data-unsent]")).to_contain_text(spoken(report.number))
    assert SnapPhoto.objects.filter(report=report).count() == 1


@needs.chromium
@pytest.mark.django_db(transaction=True)
def test_a_refusal_is_shown_and_what_was_written_can_be_changed(
    gridded: None, opened: Opening
) -> None:
    page = opened(language="en", size=PHONE).new_page()
    page.goto("/snap/report/")
    page.context.set_offline(True)
    page.locator("[name=phone]").fill("call me")
    write(page)
    expect(page.locator("[data-unsent]")).to_contain_text("1 report waits")
    page.context.set_offline(False)
    expect(page.locator("[data-unsent]")).to_contain_text(
        "This is no telephone number.", timeout=SENT_MS
    )
    assert not Receipt.objects.exists()
    assert faults(page) == []
    page.get_by_role("button", name="Change it").click()
    expect(page.locator("[name=words]")).to_have_value("The lamp at the gate is out")
    expect(page.locator("[name=phone]")).to_have_value("call me")
    assert page.locator("[name=photos]").evaluate("input => input.files.length") == 1
    page.get_by_role("button", name="On to the place").click()
    page.wait_for_url("**/snap/report/place/")


@needs.chromium
@pytest.mark.django_db(transaction=True)
def test_the_browser_sends_in_the_background_with_no_page_open(
    gridded: None, device: Restarting, live_server: LiveServer
) -> None:
    page = device.page("/snap/report/")
    is_kept(page)
    page.context.set_offline(True)
    write(page)
    expect(page.locator("[data-unsent]")).to_contain_text("1 report waits")
    workers = page.context.service_workers
    assert len(workers) == 1
    blank = page.context.new_page()
    page.close()
    blank.context.set_offline(False)
    worker = workers[0]
    worker.evaluate("dispatchEvent(new SyncEvent('sync', {tag: 'haihe-snap'}))")
    for _ in range(50):
        if Receipt.objects.exists():
            break
        blank.wait_for_timeout(100)
    assert file_all() == 1
    assert SnapReport.objects.count() == 1
    assert SnapPhoto.objects.get().report_id is not None
