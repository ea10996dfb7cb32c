"""Fixtures of the pages' tests."""

from tests.pages.browser import chromium, opened
from tests.pages.cities import citizen, city

__all__ = ["chromium", "citizen", "city", "opened"]
