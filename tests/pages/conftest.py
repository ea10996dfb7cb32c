"""Fixtures of the pages' tests."""

from tests.pages.cities import citizen, city

__all__ = ["citizen", "city"]
