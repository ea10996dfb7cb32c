"""What was solved, for everybody: counted in the database, equal to counting one by one."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache

from haihe.base.clock import now
from haihe.kernel.cases.models import Case, Item
from haihe.kernel.places.models import Division
from haihe.systems.snap.models import SnapReport
from haihe.systems.snap.queries import overview, solved
from haihe.systems.snap.queries.solved import KEPT_SECONDS, MOST
from tests.desk.builders import reported
from tests.snap.test_reports import browser, desks


@pytest.fixture
def many(city: None) -> list[SnapReport]:
    """Reports of all kinds: handled or not, long ago, of a category kept back, without a place."""
    cache.clear()
    draw = random.Random(3)  # noqa: S311 - made-up data
    pattern = reported(desks())
    items = [*Item.objects.filter(kind="component"), *Item.objects.filter(kind="category")]
    places = [*Division.objects.filter(level=2).values_list("pk", flat=True), None]
    cases, reports = [], []
    for n in range(700):
        fields = {field.attname: getattr(pattern, field.attname) for field in Case._meta.fields}
        changed: dict[str, Any] = {
            "id": uuid4(),
            "state": draw.choice(("answered", "closed", "closed", "handling", "rejected")),
            "place_id": draw.choice(places),
            "category": draw.choice(items).pk,
        }
        cases.append(Case(**{**fields, **changed}))
        made = now() - timedelta(days=draw.randint(0, 120), seconds=n)
        reports.append(
            SnapReport(case=cases[-1], number=f"{n:09}", draft=uuid4(), made_at=made)
        )  # fmt: skip
    Case.objects.bulk_create(cases)
    return SnapReport.objects.bulk_create(reports)


def _one_by_one(many: list[SnapReport]) -> list[tuple[SnapReport, str, str]]:
    found = []
    for report in many:
        item = Item.objects.get(pk=report.case.category)
        is_new = report.made_at >= now() - timedelta(days=90)
        if is_new and report.case.state in {"answered", "closed"}:
            category = item.pk if item.kind == "category" else item.category_id
            found.append((report, category or item.pk, (report.case.place_id or "")[:3]))
    return found


def test_counts_in_the_database_equal_counts_one_by_one(
    many: list[SnapReport], settings: Any
) -> None:
    settings.CITY = {**settings.CITY, "snap": {"kept_back": ["order"]}}
    wanted = [each for each in _one_by_one(many) if each[1] != "order"]
    found = overview()
    assert found.total == len(wanted) == solved() > MOST
    assert {t["en"]: n for t, n in found.by_category} == _named(wanted, 1)
    assert {t["en"]: n for t, n in found.by_district} == _named(wanted, 2)
    assert len(found.lines) == MOST
    newest = sorted(wanted, key=lambda each: each[0].made_at, reverse=True)[:MOST]
    titles = dict(Item.objects.values_list("pk", "title"))
    assert [each.category for each in found.lines] == [titles[each[1]] for each in newest]
    narrowed = overview(category="public", district="D01")
    assert narrowed.total == sum(each[1:] == ("public", "D01") for each in wanted) > 0
    assert overview(category="nothing' or 1=1", district="X").total == found.total


def _named(wanted: list[tuple[SnapReport, str, str]], part: int) -> Counter[str]:
    names: dict[str, Any] = dict(Item.objects.values_list("pk", "title"))
    names |= dict(Division.objects.filter(level=1).values_list("pk", "name"))
    return Counter(names[each[part]]["en"] for each in wanted if each[part] in names)


def test_counts_are_kept_for_minutes_and_no_longer(many: list[SnapReport]) -> None:
    before = solved()
    Case.objects.filter(state="handling").update(state="closed")
    assert solved() == before
    assert KEPT_SECONDS <= 600
    cache.clear()
    assert solved() > before
    assert str(solved()) in browser().get("/snap/solved/").content.decode()
