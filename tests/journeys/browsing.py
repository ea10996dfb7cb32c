"""A person at a real browser before a whole Haihe that runs as in production, in processes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.project.running import Installation

DESKTOP = (1440, 900)
PHONE = (390, 844)


@dataclass(frozen=True)
class Visitor:
    """Opens windows of the pages of one installation, signed in as its demo accounts."""

    installation: Installation
    chromium: Browser

    @property
    def address(self) -> str:
        """Where the pages are."""
        return f"http://localhost:{self.installation.port}"

    def open(self, *, size: tuple[int, int] = DESKTOP, language: str = "en") -> Page:
        """A window of its own: nobody is signed in."""
        context = self.chromium.new_context(
            base_url=self.address, viewport={"width": size[0], "height": size[1]}
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": self.address}])
        return context.new_page()

    def password(self, username: str) -> str:
        """What the start printed for a demo account."""
        path = Path(self.installation.data) / "demo.accounts"
        accounts = json.loads(path.read_text(encoding="utf-8"))
        return str(next(each["password"] for each in accounts if each["username"] == username))

    def sign_in(self, username: str, *, size: tuple[int, int] = DESKTOP) -> Page:
        """A window signed in with password, and with the one-time code where one is asked."""
        page = self.open(size=size)
        page.goto("/")
        row = page.locator("tr", has=page.locator(f"th code:text-is('{username}')"))
        code = row.locator("td").last.inner_text().strip()
        page.goto("/account/login/")
        page.locator("input[name=login]").fill(username)
        page.locator("input[name=password]").fill(self.password(username))
        page.locator("main form button").first.click()
        if code.isdecimal():
            page.locator("input[name=code]").fill(code)
            page.locator("main form:has(input[name=code]) button").first.click()
        return page
