"""Rates are exact across processes: two servers, one bucket."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from haihe.base.settings import settings
from haihe.engine.calls.rates import MINUTE_US, interval_us, wait_s
from haihe.kernel.ledger.models import Entry
from tests.services.city import ANN, City, give
from tests.services.running import Served

RATE = 30


@pytest.fixture(scope="module")
def two(
    own_database: str, city: City, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[Served]]:
    """Two servers over one database."""
    folder: Path = tmp_path_factory.mktemp("two")
    servers = [
        Served(url=own_database, data=str(settings().data), log=str(folder / f"{n}.log"))
        for n in (1, 2)
    ]
    for server in servers:
        server.start()
    yield servers
    for server in servers:
        server.stop()


def test_two_processes_together_admit_the_rate_and_not_one_more(
    two: list[Served], city: City
) -> None:
    give("person", to="tax", purpose="tax.rare", rate_per_minute=RATE)
    time.sleep(0.7)
    began = time.monotonic()

    def call(n: int) -> int:
        return two[n % 2].call(
            ANN, key=city.tax_key, client="RV/GOV/tax/tax-app", purpose="tax.rare"
        )[0]

    with ThreadPoolExecutor(12) as callers:
        statuses = Counter(callers.map(call, range(3 * RATE)))
    refilled = int((time.monotonic() - began) / 60 * RATE)
    assert set(statuses) == {200, 429}
    assert RATE <= statuses[200] <= RATE + refilled
    entered = Entry.objects.filter(kind="services.call.answered", purpose="tax.rare").count()
    assert entered == statuses[200]


@pytest.mark.parametrize("rate", [1, 7, 60, 600, 90_000, 10_000_000])
def test_a_minute_holds_the_rate(rate: int) -> None:
    assert MINUTE_US // interval_us(rate) >= rate
    assert wait_s(spent_until_us=MINUTE_US, at_us=0, rate=rate) >= 1


def test_no_rate_admits_nothing() -> None:
    assert MINUTE_US // interval_us(0) == 0
