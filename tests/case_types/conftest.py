"""Fixtures of the tests of case types."""

from tests.pages.cities import citizen, city

__all__ = ["citizen", "city"]
