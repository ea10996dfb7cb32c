"""What the tests of services share: the small city, committed, and a server of calls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from haihe.base.settings import settings
from tests.services.city import City, build
from tests.services.running import Served


@pytest.fixture(scope="module")
def city(own_database: str) -> City:
    """The small city, committed."""
    return build()


@pytest.fixture(scope="module")
def served(
    own_database: str, city: City, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """The real server of calls over the module's database."""
    log: Path = tmp_path_factory.mktemp("calls") / "calls.log"
    server = Served(url=own_database, data=str(settings().data), log=str(log))
    server.start()
    yield server
    server.stop()
