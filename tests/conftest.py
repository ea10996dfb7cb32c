"""Fixtures of all tests; each stands here alone, for one of two places would start twice.

One browser for the whole run, since Playwright can't be started twice; one server a kind.
"""

import os

from hypothesis import HealthCheck, settings

from tests.own_database import migrated, own_database
from tests.pages.browser import chromium, opened
from tests.servers import department, department_server, lake, maria, maria_server, receiver
from tests.standins.national import national

__all__ = [
    "chromium",
    "department",
    "department_server",
    "lake",
    "maria",
    "maria_server",
    "migrated",
    "national",
    "opened",
    "own_database",
    "receiver",
]

# How fast a machine is decides no property. A build's verdict hangs on the change alone, so its
# examples are the same each time; runs by hand and `make soak` look further at random.
settings.register_profile(
    "haihe",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("haihe")
