"""Fixtures of all tests: one browser for the whole run, since Playwright can't be started twice."""

import os

from hypothesis import HealthCheck, settings

from tests.pages.browser import chromium

__all__ = ["chromium"]

# How fast a machine is decides no property. A build's verdict hangs on the change alone, so its
# examples are the same each time; runs by hand and `make soak` look further at random.
settings.register_profile(
    "haihe",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("haihe")
