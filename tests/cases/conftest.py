"""What the tests of cases share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from haihe.base.registry import registry
from tests.cases.builders import TYPES, Corner, corner


@pytest.fixture(autouse=True)
def _declared() -> Iterator[None]:
    registry.add_case_types(*TYPES)
    yield
    for each in TYPES:
        registry.case_types.pop(each.name, None)


@pytest.fixture
def here(db: None) -> Corner:
    """A corner of the city with an officer for each part."""
    return corner()
