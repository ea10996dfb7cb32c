"""Fixtures of all tests: one browser for the whole run, since Playwright can't be started twice."""

from hypothesis import HealthCheck, settings

from tests.pages.browser import chromium

__all__ = ["chromium"]

# How fast a machine is decides no property.
settings.register_profile("haihe", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("haihe")
