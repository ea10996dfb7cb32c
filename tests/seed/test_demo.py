"""The demo fills an installation from nothing, and is begun again without doubling anything."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from haihe.base.settings import settings
from haihe.kernel.catalogue.models import Demand, Grant
from haihe.kernel.exchange.models import Batch, Link
from haihe.kernel.ledger.models import Entry
from haihe.kernel.ledger.queries import access_record
from haihe.kernel.org.models import Account, Officer
from haihe.kernel.people import queries as people
from haihe.kernel.services.models import Service
from haihe.kernel.services.queries import held_on
from haihe.project.demo import fill
from haihe.systems.corrections.models import Objection
from tests.cities.test_packs import copy, lose, spoil

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo_mode(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Demo mode, over the small city without the departments that the test does not ask."""
    city = copy(tmp_path)
    for name in ("trade", "land", "labour"):
        lose(f"catalogue/{name}.yaml")(city)
    lose("upward.yaml")(city)
    spoil("demo.yaml", "stands_in: [individual_business]", "stands_in: [household]")(city)
    monkeypatch.setenv("HAIHE_CITY", str(city))
    monkeypatch.setenv("HAIHE_DEMO", "yes")
    monkeypatch.setenv("HAIHE_DEMO_SCALE", "600")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.timeout(600)
def test_the_small_city_is_filled_and_filling_again_doubles_nothing(demo_mode: None) -> None:
    said: list[str] = []
    accounts = fill(said.append)
    assert {"steward", "auditor", "citizen"} <= {each.username for each in accounts}
    _check_gathered()
    _check_demands()
    _check_citizen()
    counts = _counts()
    assert counts["Objection"] == 3, said
    again = fill(said.append)
    assert _counts() == counts
    assert [each.password for each in again] == [each.password for each in accounts]


def _counts() -> dict[str, int]:
    rows = (Account, Officer, Batch, Link, Demand, Grant, Service, Entry, Objection)
    return {model.__name__: model.objects.count() for model in rows}


def _check_gathered() -> None:
    failed = Batch.objects.exclude(state="done").values_list("link", "error_code")
    assert list(failed) == []
    batches = Batch.objects.filter(link__grant__isnull=True)
    assert batches.count() == 7
    assert all(batch.is_reconciled for batch in batches)
    assert sum(batch.rows_quarantined for batch in batches) > 10


def _check_demands() -> None:
    assert {"granted", "refused", "raised"} == set(Demand.objects.values_list("state", flat=True))
    delivery = Batch.objects.get(link__grant__isnull=False)
    assert delivery.rows_written > 0
    negative = Grant.objects.filter(columns__negative_entries__isnull=False)
    assert not negative.exists()


def _check_citizen() -> None:
    """The demo's citizen sees what is held, the delivery, and the officers' looks."""
    person = people.person_of(Account.objects.get(username="citizen"))
    assert person is not None
    subject = people.subject_key(person)
    held = {each.resource for each in held_on(subject)}
    assert {"welfare.low_income", "housing.housing_fund", "registry.person"} <= held
    kinds = [line.kind for line in access_record(subject)]
    assert "exchange.batch.delivered" in kinds
    assert kinds.count("services.page.viewed") == 2
