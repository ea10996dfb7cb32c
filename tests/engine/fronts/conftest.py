"""A table of the front, and the city's landing database."""

from __future__ import annotations

from uuid import uuid4

import pytest

from haihe.engine.fronts import FrontTable
from tests.servers import Database

COLUMNS = {"number": "text", "name": "text", "amount": "decimal"}


@pytest.fixture
def table() -> FrontTable:
    """A table of the front that no other test uses."""
    name = f"t{uuid4().hex[:10]}"
    return FrontTable(link=f"test.{name}", table=name, columns=COLUMNS, key=("number",))


@pytest.fixture
def landing(department: Database) -> Database:
    """The city's landing database, empty."""
    return department
