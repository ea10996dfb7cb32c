"""What the tests of corrections share: databases of departments, calls over real HTTP."""

import pytest

from tests.corrections.builders import Case, wrong_value
from tests.pages.browser import opened
from tests.servers import Database, department, department_server, receiver
from tests.services.conftest import migrated, own_database

__all__ = ["department", "department_server", "migrated", "opened", "own_database", "receiver"]


@pytest.fixture
def wrong(db: None, department: Database) -> Case:
    """A citizen on whom a wrong value stands, given to one department."""
    return wrong_value(department)
