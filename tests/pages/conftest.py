"""Fixtures of the pages' tests."""

from tests.pages.browser import opened
from tests.pages.cities import citizen, city
from tests.servers import department, department_server

__all__ = ["citizen", "city", "department", "department_server", "opened"]
