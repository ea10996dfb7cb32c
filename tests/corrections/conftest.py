"""What the tests of corrections share: databases of departments, calls over real HTTP."""

import pytest

from tests.corrections.builders import Case, wrong_value
from tests.servers import Database


@pytest.fixture
def wrong(db: None, department: Database) -> Case:
    """A citizen on whom a wrong value stands, given to one department."""
    return wrong_value(department)
