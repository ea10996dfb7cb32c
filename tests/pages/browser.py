"""A real Chromium on live pages: one browser a session, signed-in contexts, axe-core."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from haihe.kernel.org.models import Account
from tests.needs import CHROMIUM
from tests.pages.cities import client_of

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP, PHONE, NARROW = (1440, 900), (360, 740), (320, 640)
LANGUAGES = ("zh-hans", "en")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

Opening = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser. Playwright runs an event loop, so Django must be told that all is well."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Browser, live_server: LiveServer) -> Iterator[Opening]:
    """Opens contexts on the live pages: for an account, in a language, at a size."""
    contexts: list[BrowserContext] = []

    def open_context(
        account: Account | None = None,
        *,
        language: str = "zh-hans",
        size: tuple[int, int] = DESKTOP,
        **options: Any,
    ) -> BrowserContext:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": size[0], "height": size[1]}, **options
        )
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if account is not None:
            session = client_of(account).cookies[settings.SESSION_COOKIE_NAME].value
            cookies[settings.SESSION_COOKIE_NAME] = session
        context.add_cookies(
            [{"name": name, "value": v, "url": live_server.url} for name, v in cookies.items()]
        )
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()


def faults(page: Page) -> list[str]:
    """What axe-core finds wrong with a page, one sentence each."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def overflow(page: Page) -> int:
    """How many pixels a page is wider than its window."""
    return int(
        page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


SMALL = """() => [...document.querySelectorAll('body *')].filter(e =>
  [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) &&
  e.checkVisibility() && parseFloat(getComputedStyle(e).fontSize) < 16
).map(e => e.outerHTML.slice(0, 120))"""


def small_texts(page: Page) -> list[str]:
    """Visible texts under 16 px."""
    found: list[str] = page.evaluate(SMALL)
    return found
