"""A demand's whole way in a real Chromium: looked for, raised, returned, refused, disputed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from django.conf import LazySettings
from playwright.sync_api import Page, expect

from haihe.base.calendars import Calendar
from haihe.base.clock import day_in
from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue.declare import Limits, Procedure
from haihe.kernel.catalogue.jobs import COUNTER
from haihe.kernel.catalogue.models import Demand, Dispute, Grant
from haihe.kernel.org.models import Account
from tests import needs
from tests.pages.browser import DESKTOP, PHONE, Opening, faults, overflow
from tests.pages.cities import officer

pytestmark = [needs.chromium, pytest.mark.django_db(transaction=True)]
RESOURCE = "registry.person"


@dataclass
class Desk:
    """One officer's window."""

    page: Page

    def see(self, address: str) -> None:
        """Open a page; it is accessible and fits a desktop and a phone."""
        for width, height in (PHONE, DESKTOP):
            self.page.set_viewport_size({"width": width, "height": height})
            self.page.goto(address)
            assert faults(self.page) == []
            assert overflow(self.page) == 0

    def take(self, step: str, **given: str) -> None:
        """Take a step that the page offers: fill in its form and send it."""
        button = self.page.get_by_role("button", name=step, exact=True)
        form = self.page.locator("form").filter(has=button)
        if not button.is_visible():
            self.page.locator("summary").filter(has_text=step).first.click()
        for name, value in given.items():
            field = form.locator(f"[name$='-{name}']")
            if field.first.get_attribute("type") == "radio":
                form.locator(f"[name$='-{name}'][value='{value}']").check()
            elif field.first.evaluate("e => e.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        button.click()
        expect(
            self.page.get_by_role("alert").or_(self.page.locator(".hh-note")).first
        ).to_be_visible()

    def sees(self, text: str) -> None:
        """The page says it."""
        expect(self.page.get_by_text(text).first).to_be_visible()


@pytest.fixture
def housing(city: None) -> Account:
    """Ann, whose department asks."""
    return officer("housing", "Ann")


def crossing(year: int, calendar: Calendar) -> int:
    """So many working days from today that the last one is the sixth of the next year."""
    day, days = day_in("Asia/Shanghai"), 0
    worked = 0
    while day.year <= year or worked < 6:
        day += timedelta(days=1)
        if calendar.is_worked(day):
            days += 1
            worked += day.year > year
    return days


@dataclass
class Three:
    """Who asks, who provides, and the authority, each at a desk."""

    ann: Desk
    bob: Desk
    dee: Desk


def test_the_whole_way_of_a_demand(
    opened: Opening, housing: Account, settings: LazySettings
) -> None:
    settings.CATALOGUE_PROCEDURE = Procedure(authority="data_office", formal_check=True)
    three = Three(
        *(
            Desk(opened(each, language="en").new_page())
            for each in (housing, officer("registry", "Bob"), officer("data_office", "Dee"))
        )
    )
    _looked_for_and_found(three)
    here = three.ann.page.url
    _returned_and_corrected(three, here)
    _refused_and_objected_to(three, here)
    three.dee.see(here)
    three.dee.take("Decide", is_granted="yes", reason="Section 2 names the fund.")
    grant = Grant.objects.get()
    assert grant.demand.decided_department_id == "data_office"
    _said_how_it_served(three.ann, here)
    _disputed(three, here)
    grant.refresh_from_db()
    assert grant.withdrawn_at is not None
    assert Dispute.objects.get().state == "settled"
    assert Demand.objects.get().wanted.state == "demanded"


def _looked_for_and_found(three: Three) -> None:
    ann, page = three.ann, three.ann.page
    ann.see("/sharing/wanted/new")
    page.locator("[name=title]").fill("Who lives where")
    page.locator("[name=items]").fill("Home address\nSince when")
    page.locator("[name=basis]").fill("Riverton Registers Act, s. 2")
    page.locator("[name=purpose]").select_option(index=1)
    page.get_by_role("button", name="Ask the authority to find it").click()
    ann.sees("The authority looks for it now.")
    sought = page.url
    three.dee.see(sought)
    three.dee.take("A resource holds it", resource=RESOURCE)
    ann.see(sought)
    page.get_by_role("link", name="Raise the demand").click()
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Raise the demand").click()
    ann.sees("Form being checked")


def _returned_and_corrected(three: Three, here: str) -> None:
    ann, dee = three.ann, three.dee
    dee.see(here)
    dee.take("Return it for correction", reason="Say for which scene.")
    ann.see(here)
    ann.sees("Say for which scene.")
    ann.page.get_by_role("link", name="Correct it and send it in again").click()
    ann.page.locator("[name=scene]").fill("No paper for the fund")
    ann.page.get_by_role("button", name="Send in again").click()
    ann.sees("Form being checked")
    dee.see(here)
    dee.take("The form is in order")


def _refused_and_objected_to(three: Three, here: str) -> None:
    ann, bob = three.ann, three.bob
    bob.see(here)
    bob.take("Take more time, once", days="2", reason="Many demands at once.")
    bob.take("Refuse with this reason", reason="Not for the fund.")
    ann.see(here)
    ann.sees("Not for the fund.")
    ann.take("Object to the refusal", reason="Section 2 names the fund.")
    bob.see(here)
    bob.take("Say something", text="For new cases only?")
    ann.see(here)
    ann.sees("For new cases only?")
    ann.take("Bring it to the authority", reason="Section 2 makes no such difference.")


def _said_how_it_served(ann: Desk, here: str) -> None:
    ann.see(here)
    ann.page.locator("summary").filter(has_text="Say how it served").click()
    ann.page.locator("[name=evaluate-score][value='4']").check()
    ann.page.locator("[name=evaluate-effect]").fill("312 people brought no paper.")
    ann.page.get_by_role("button", name="Send", exact=True).click()
    ann.sees("312 people brought no paper.")


def _disputed(three: Three, here: str) -> None:
    ann, bob, dee = three.ann, three.bob, three.dee
    bob.see(here)
    bob.take("Raise a dispute", about="misuse", claim="Passed on to a bank.")
    ann.see(here)
    ann.take("Reply", text="It was not.")
    dee.see(here)
    dee.sees("It was not.")
    dee.take("Settle the dispute", outcome="withdrawn", reason="The bank's copy was found.")
    ann.see(here)
    ann.sees("The bank's copy was found.")


def test_a_limit_over_new_year_is_shown_as_provisional_until_the_calendar_is_published(
    opened: Opening, housing: Account, settings: LazySettings
) -> None:
    year = day_in("Asia/Shanghai").year
    known = dict(settings.CITY_CALENDAR.changed)
    until_now = replace(
        settings.CITY_CALENDAR,
        years=frozenset({year}),
        changed={day: worked for day, worked in known.items() if day.year <= year},
    )
    settings.CITY_CALENDAR = until_now
    settings.CATALOGUE_LIMITS = Limits(conditional=crossing(year, until_now))
    desk = Desk(opened(housing, language="en").new_page())
    desk.page.goto(f"/sharing/catalogue/demand/{RESOURCE}")
    desk.page.get_by_role("checkbox").first.check()
    desk.page.locator("[name=purpose]").select_option(index=1)
    desk.page.locator("[name=basis]").fill("Riverton Registers Act, s. 2")
    desk.page.get_by_role("button", name="Raise the demand").click()
    desk.sees("The last day is provisional")
    before = Demand.objects.get().due
    here = desk.page.url
    settings.CITY_CALENDAR = replace(
        until_now,
        years=until_now.years | {year + 1},
        changed={**until_now.changed, **_festival(year + 1)},
    )
    assert actions.recount_dues(by=COUNTER) == 1
    desk.see(here)
    after = Demand.objects.get().due
    assert before is not None
    assert after is not None
    assert after > before
    expect(desk.page.get_by_text("The last day is provisional")).to_have_count(0)


def _festival(year: int) -> dict[date, bool]:
    """A published New Year: three days free, the first weekend day after them worked instead."""
    free = {date(year, 1, day): False for day in (1, 2, 3)}
    later = (date(year, 1, 4) + timedelta(days=n) for n in range(7))
    weekend = next(day for day in later if day.isoweekday() > 5)
    return {**free, weekend: True}
