"""Fixtures of these tests."""

from tests.pages.cities import citizen, city

__all__ = ["citizen", "city"]
