"""Riverton with its grids, an officer for each part, and callers with keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings

from haihe.kernel.services.actions import make_caller
from haihe.project.demo.grids import make_grids
from haihe.project.pack.load import loader
from haihe.systems.districts.queries.platforms import platforms
from tests.desk.builders import Desks, desks
from tests.pages.cities import city

__all__ = ["city"]


@pytest.fixture
def here(city: None) -> Desks:
    """The city with its grids and officers."""
    make_grids(by=loader())
    return desks()


@pytest.fixture
def key(here: Desks) -> str:
    """The key of a caller whom no platform names."""
    return make_caller(by=loader(), department="millfield", subsystem="app")


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, object]]]:
    """A list of declared platforms, to be filled before the first is asked for."""
    found: list[dict[str, object]] = []
    monkeypatch.setattr(settings, "CITY_PLATFORMS", found, raising=False)
    platforms.cache_clear()
    yield found
    platforms.cache_clear()
