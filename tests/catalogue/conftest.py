"""What the catalogue's tests share."""

from __future__ import annotations

import pytest

from tests.catalogue.builders import Small, small_catalogue


@pytest.fixture
def small(db: None) -> Small:
    """The small catalogue."""
    return small_catalogue()
