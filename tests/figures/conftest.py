"""A city's corner with a month of reports behind it, and officers who read its figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from haihe.kernel.org.models import Account, Department, Posting
from tests.cases.builders import corner, local
from tests.cases.month import month
from tests.pages.cities import city, officer

__all__ = ["city"]
READER = ("figures.read", "figures.weekly.file")


@dataclass(frozen=True)
class Readers:
    """Who reads figures: of the city, of a district; and somebody who may not."""

    city: Account
    district: Account
    nobody: Account


def readers() -> Readers:
    """Make them, in departments of their own."""
    Department.objects.create(
        code="council", name={"en": "Council"}, kind="district", division_id="D01"
    )
    found = Readers(
        officer("centre", "Cara", permissions=(*READER, "cases.supervise")),
        officer("council", "Dora", permissions=READER),
        officer("centre", "Nora", permissions=("cases.handle",)),
    )
    Posting.objects.update(since=local("2026-01-01 00:00"))
    return found


@pytest.fixture(scope="module")
def there(django_db_setup: None, django_db_blocker: Any) -> Iterator[Readers]:
    """Made once for a module; each of its tests undoes what it writes."""
    with django_db_blocker.unblock(), transaction.atomic():
        month(corner())
        yield readers()
        transaction.set_rollback(True)
