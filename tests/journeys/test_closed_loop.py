"""The closed loop: a citizen's phone, a grid worker without network, two departments, the desk.

For each city of the house, in a real Chromium over a whole running Haihe: reported, verified,
dispatched to two, sent back, suspended over a holiday, handled, not put right, handled, rated low,
opened again, closed.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from io import BytesIO
from time import monotonic, sleep
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from haihe.base.calendars import Calendar, read_calendar
from haihe.project.pack.find import pack_folder
from tests import needs
from tests.journeys.browsing import PHONE, Visitor
from tests.journeys.cities import City

pytestmark = [needs.chromium, pytest.mark.timeout(900)]
ZONE = "Asia/Shanghai"
WORDS = "Something stands in the way at the corner"
_CASE = "select case_id from snap_snapreport where number = %s"


def picture() -> dict[str, Any]:
    """A photo, as a file input takes it."""
    kept = BytesIO()
    Image.new("RGB", (320, 240), (120, 96, 70)).save(kept, "JPEG")
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": kept.getvalue()}


class Loop:
    """The people of one loop, each at a window of their own, and the case between them."""

    def __init__(self, visitor: Visitor, city: City) -> None:
        self.visitor, self.city = visitor, city
        self.windows: dict[str, Page] = {}
        self.case = ""

    def at(self, who: str, *, size: tuple[int, int] = (1280, 900)) -> Page:
        """Somebody's window, signed in."""
        if who not in self.windows:
            self.windows[who] = self.visitor.sign_in(who, size=size)
        return self.windows[who]

    def step(self, who: str, action: str, **fields: str | list[str]) -> Page:
        """Take a step of the case on its page at the desk."""
        page = self.at(who)
        page.goto(f"/desk/cases/{self.case}/")
        box = page.locator(f"#step-{action}")
        if box.get_attribute("open") is None:
            box.locator("summary").click()
        for name, value in fields.items():
            field = box.locator(f"[name={name}]")
            if field.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(str(value))
        box.locator("form button").last.click()
        page.wait_for_load_state()
        expect(page.locator(".hh-error")).to_have_count(0)
        return page

    def state(self) -> str:
        """In which state the case is, by its row."""
        return str(self.asked("select state from cases_case where id = %s", self.case)[0][0])

    def asked(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database of the running city answers."""
        said = re.search(r"Database\s+(\S+)", self.visitor.installation.output())
        assert said
        with psycopg.connect(said[1]) as connection:
            return connection.execute(question, values).fetchall()


@pytest.fixture(scope="module")
def loop(visitor: Visitor, city: City) -> Loop:
    return Loop(visitor, city)


@pytest.fixture(scope="module")
def calendar(city: City) -> Calendar:
    return read_calendar(pack_folder(city.pack) / "calendar.csv", zone=ZONE)


def report(loop: Loop) -> str:
    """File a report by phone, in the citizen's name, without a map; its number's address."""
    page = loop.at("citizen", size=PHONE)
    page.goto("/snap/")
    page.get_by_role("link", name="Report it").click()
    page.locator("[name=photos]").set_input_files([picture()])
    page.locator("[name=words]").fill(WORDS)
    page.get_by_role("button", name="On to the place").click()
    page.goto(f"/snap/report/place/?in={loop.city.corner}")
    parts = page.locator(".hh-rows a")
    if parts.count():
        parts.first.click()
    page.get_by_role("button", name="It is here").click()
    page.locator("[name=category]").first.check()
    page.get_by_role("button", name="Send").click()
    page.wait_for_url(re.compile(r"/snap/mine/\d{9}/"))
    return page.url.partition("?")[0]


def filed(loop: Loop, number: str) -> str:
    """The case of a report, once the worker has filed it."""
    until = monotonic() + 90
    while not (found := loop.asked(_CASE, number)):
        assert monotonic() < until, "the report is not filed"
        sleep(0.2)
    return str(found[0][0])


def on_duty(loop: Loop) -> Page:
    """The window of whoever is on duty there: the worker, and at night the dispatcher."""
    for who in ("worker", "dispatcher"):
        page = loop.at(who, size=PHONE)
        page.goto("/grid/round/")
        if page.locator(f"a[href='/grid/round/{loop.case}/']").count():
            return page
    raise AssertionError("nobody is on duty at the report's grid")


def verify_offline(page: Page, key: str) -> None:
    """Verify by photo without a network; the phone keeps it over a restart and sends it once."""
    for _ in range(100):
        if page.evaluate("a => caches.match(a).then(Boolean)", f"/grid/round/{key}/"):
            break
        page.wait_for_timeout(200)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.goto(f"/grid/round/{key}/")
    page.locator("details[open] [name=photos]").set_input_files([picture()])
    page.locator("details[open] form button").last.click()
    expect(page.locator("[data-unsent]")).to_contain_text("Not sent yet: 1")
    again = page.context.new_page()
    again.goto("/grid/round/")
    expect(again.locator("[data-unsent]")).to_contain_text("Not sent yet: 1")
    again.close()
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-unsent]")).to_be_hidden()


def on_spot(page: Page, key: str, action: str, *, reason: str = "") -> None:
    """What the worker does on the spot, by photo or by a ready-made reason."""
    page.goto(f"/grid/round/{key}/")
    box = page.locator(f"details:has(form[action$='/{action}'])")
    if box.get_attribute("open") is None:
        box.locator("summary").click()
    if reason:
        box.locator(f"[value={reason}]").check()
    else:
        box.locator("[name=photos]").set_input_files([picture()])
    box.locator("form button").last.click()
    page.wait_for_url("**/grid/round/")
    expect(page.locator("[data-unsent]")).to_be_hidden()


def holiday(calendar: Calendar, today: datetime) -> datetime:
    """Nine o'clock of the day after the next days off that the calendar names."""
    days = sorted(day for day, works in calendar.changed.items() if not works)
    ahead = [day for day in days if day > today.date()] or [today.date() + timedelta(days=2)]
    last = ahead[0]
    while last + timedelta(days=1) in ahead:
        last += timedelta(days=1)
    return datetime(last.year, last.month, last.day, 9, tzinfo=ZoneInfo(ZONE)) + timedelta(days=1)


def suspend_over_a_holiday(loop: Loop, calendar: Calendar) -> None:
    """Every clock stands; resumed, each is due to the minute after what it had left."""
    until = holiday(calendar, datetime.now(ZoneInfo(ZONE)))
    typed = until.strftime("%Y-%m-%dT%H:%M")
    page = loop.step("commander", "suspend", until=typed, note="A holiday lies between")
    expect(page.locator(".hh-acts")).to_contain_text(typed.replace("T", " "))
    clocks = "select name, state, left_seconds, due from cases_clock where case_id = %s"
    stopped = [row for row in loop.asked(clocks, loop.case) if row[1] == "stopped"]
    assert {row[0] for row in stopped} == {"whole", "task"}
    assert all(row[3] is None for row in stopped)
    loop.step("commander", "resume")
    running = f"{clocks} and state = 'running'"
    since = "select since, left_seconds, due, time from cases_clock where case_id = %s"
    assert len(loop.asked(running, loop.case)) == len(stopped)
    for begun, left, due, time in loop.asked(f"{since} and state = 'running'", loop.case):
        span = timedelta(seconds=left)
        expected = calendar.add_time(begun, span) if time == "working" else begun + span
        assert due == expected


def handle(loop: Loop, who: str, note: str) -> None:
    """A department is done with its part."""
    loop.step(who, "finish", note=note)


def test_a_report_goes_round_and_comes_back_to_whoever_filed_it(
    loop: Loop, city: City, calendar: Calendar
) -> None:
    mine = report(loop)
    number = mine.rstrip("/").rpartition("/")[2]
    loop.case = filed(loop, number)

    verify_offline(on_duty(loop), loop.case)
    assert loop.state() == "opening"

    loop.step("supervisor", "register", item=city.item)
    loop.step("commander", "dispatch")
    assert loop.state() == "handling"
    tasks = "select role, state from cases_task where case_id = %s order by role"
    assert loop.asked(tasks, loop.case) == [("assisting", "open"), ("lead", "open")]

    loop.step(city.assisting, "send_back", note="Not ours, please look again")
    handle(loop, city.lead, "Our part is done")
    assert loop.state() == "dispatching"
    loop.step("commander", "dispatch")
    suspend_over_a_holiday(loop, calendar)
    handle(loop, city.assisting, "Done on our side")
    handle(loop, city.lead, "Put right")
    assert loop.state() == "confirming"

    worker = on_duty(loop)
    on_spot(worker, loop.case, "deny", reason="half")
    assert loop.state() == "handling"
    handle(loop, city.lead, "Now put right wholly")
    on_spot(worker, loop.case, "confirm")
    loop.step("supervisor", "close")

    citizen = loop.at("citizen")
    citizen.goto(mine)
    expect(citizen.locator("main")).to_contain_text("Now put right wholly")
    expect(citizen.locator("main")).not_to_contain_text("Not ours")
    citizen.locator("[name=score][value='2']").check()
    citizen.get_by_role("button", name="Rate it").click()
    citizen.locator("[name=again-note]").fill("It came back the next day")
    citizen.get_by_role("button", name="Open it again").click()
    assert loop.state() == "opening"

    loop.step("supervisor", "register", item=city.item)
    loop.step("commander", "dispatch")
    handle(loop, city.assisting, "Done again")
    handle(loop, city.lead, "Put right for good")
    on_spot(on_duty(loop), loop.case, "confirm")
    loop.step("supervisor", "close")
    citizen.goto(mine)
    citizen.locator("[name=score][value='5']").check()
    citizen.get_by_role("button", name="Rate it").click()
    assert loop.state() == "closed"


def test_the_citizen_was_told_at_each_stage_and_sees_who_looked(loop: Loop) -> None:
    citizen = loop.at("citizen")
    citizen.goto("/portal/messages/")
    text = citizen.locator("main").inner_text()
    assert "It is done. Please rate it." in text
    assert "A department is at work on it." in text
    citizen.goto("/portal/looks/")
    expect(citizen.locator("main")).to_contain_text("Case read")
