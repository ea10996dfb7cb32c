"""Fixtures of all tests: one browser for the whole run, since Playwright can't be started twice."""

from tests.pages.browser import chromium

__all__ = ["chromium"]
