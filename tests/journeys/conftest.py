"""A whole Haihe for each city of the house, and a visitor to its pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.journeys.browsing import Visitor
from tests.journeys.cities import CITIES, City
from tests.project.running import Installation


@pytest.fixture(scope="package", params=sorted(CITIES))
def city(request: pytest.FixtureRequest) -> City:
    """One city after the other."""
    return CITIES[request.param]


@pytest.fixture(scope="package")
def visitor(
    tmp_path_factory: pytest.TempPathFactory, chromium: Browser, city: City
) -> Iterator[Visitor]:
    """The city runs, filled as a demonstration: one house for all its journeys."""
    settings = {"HAIHE_DEMO_SCALE": "400", "HAIHE_CITY": city.pack}
    installation = Installation(tmp_path_factory.mktemp(city.pack) / "data", settings=settings)
    with installation.up("--demo"):
        yield Visitor(installation, chromium)
        for context in chromium.contexts:  # else their pages ask on till the last test of all
            context.close()
