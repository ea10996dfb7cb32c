"""Cases opened by the thousand are as whole as those opened one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from haihe.base.errors import NotPermitted
from haihe.base.registry import registry
from haihe.kernel.cases import actions, queries
from haihe.kernel.cases.declare import NewCase
from haihe.kernel.cases.models import Case
from haihe.kernel.ledger.models import Entry, SubjectEntry
from tests.cases.builders import PARKS, PHOTO_REPORT, STEWARD, Corner, at, sweep
from tests.cases.test_steps import refused
from tests.org import builders as org


def drafts(here: Corner, count: int = 5) -> list[NewCase]:
    return [
        NewCase(
            "street",
            f"A\tlamp\\ {n}\n%s",
            "c",
            "D01W01",
            point=(117.0, 39.0 + n / 10, "WGS-84"),
            officer=here.officer.pk if n % 2 else None,
            subject=bytes([n // 2]) * 16 if n else None,
        )
        for n in range(count)
    ]


def shape(case: Case) -> Any:
    """A case's standing and history without what is each case's own."""
    standing, history = queries.standing(case), queries.history(case)
    event = history[0].event
    standing["tasks"] = list(standing["tasks"].values())
    clocks = {key.split(":")[0]: clock for key, clock in standing["clocks"].items()}
    shown = (case.title, case.lat, case.category, case.subject and bytes(case.subject), case.source)
    return {**standing, "clocks": clocks}, (event.action, event.by, event.at, event.to), shown


@pytest.mark.parametrize("opens", ["verifying", "handling"])
def test_many_are_like_each_opened_alone(here: Corner, opens: str) -> None:
    registry.case_types[PHOTO_REPORT.name] = replace(PHOTO_REPORT, opens=opens)
    chosen = drafts(here)
    if opens == "handling":  # some states are then never reached: only the clocks matter here
        del registry.case_types[PHOTO_REPORT.name]
        registry.add_case_types(HANDLED_AT_ONCE)
    name = HANDLED_AT_ONCE.name if opens == "handling" else PHOTO_REPORT.name
    with at("2026-08-12 09:00"):
        keys = actions.open_many(by=STEWARD, type=name, cases=chosen, source="model")
        for key, each in zip(keys, chosen, strict=True):
            many = queries.case(key)
            alone = actions.open_case(
                by=STEWARD,
                type=name,
                department=each.department,
                title=each.title,
                category=each.category,
                place=each.place,
                point=each.point,
                officer=each.officer,
                subject=each.subject,
                source="model",
            )
            assert shape(many) == shape(queries.case(alone.pk))
            assert queries.replay(many) == queries.standing(many)


HANDLED_AT_ONCE = replace(
    PHOTO_REPORT,
    name="test.at_once",
    opens="handling",
    states={name: PHOTO_REPORT.states[name] for name in ("handling", "checking", "closed")},
    actions={
        "finish": PHOTO_REPORT.actions["finish"],
        "escalate": PHOTO_REPORT.actions["escalate"],
        "close": replace(PHOTO_REPORT.actions["pass"], to="closed", when=("checking",)),
    },
    clocks={name: PHOTO_REPORT.clocks[name] for name in ("whole", "task")},
    limits=type(PHOTO_REPORT.limits)(),
)


def test_each_of_many_has_an_entry_that_its_subject_sees(here: Corner) -> None:
    keys = actions.open_many(by=STEWARD, type=PHOTO_REPORT.name, cases=drafts(here))
    entries = Entry.objects.filter(kind="cases.case.opened").order_by("pk")
    assert {entry.body["case"] for entry in entries} == {str(key) for key in keys}
    alone = SubjectEntry.objects.filter(entry__in=[entry.pk for entry in entries])
    assert alone.count() == 4
    assert len({bytes(entry.leaf) for entry in entries}) == 5


def test_many_opened_then_walk_and_ring_like_others(here: Corner) -> None:
    with at("2026-08-12 09:00"):
        keys = actions.open_many(by=STEWARD, type=PHOTO_REPORT.name, cases=drafts(here))
    with at("2026-08-12 15:00"):
        assert sweep() == 5
        actions.take_step(by=here.worker, case=keys[1], action="refute", note="Nothing")
    assert queries.case(keys[1]).state == "rejected"
    for key in keys:
        assert queries.replay(key) == queries.standing(key)


def test_one_wrong_case_among_many_opens_none(here: Corner) -> None:
    good = drafts(here)
    post = org.post(org.queries.department("parks"))
    wrong = {
        "cases.department.unknown": {"department": "moon", "officer": None},
        "cases.place.unknown": {"place": "D77"},
        "cases.point.bad": {"point": (1.0, 2.0, "MARS")},
        "cases.assignee.bad": {"post": post.pk},
    }
    for code, change in wrong.items():
        with refused(code):
            actions.open_many(
                by=STEWARD, type=PHOTO_REPORT.name, cases=[*good, replace(good[0], **change)]
            )
    with pytest.raises(NotPermitted):
        actions.open_many(by=PARKS, type=PHOTO_REPORT.name, cases=good)
    assert not Case.objects.exists()
    assert actions.open_many(by=STEWARD, type=PHOTO_REPORT.name, cases=[]) == []


def test_what_the_database_refuses_while_entries_are_made_opens_none(here: Corner) -> None:
    good = drafts(here)
    bad = replace(good[2], title="A text\0 that the database takes from nobody")
    entries = Entry.objects.count()
    with pytest.raises(Exception, match="0x00"), transaction.atomic():
        actions.open_many(by=STEWARD, type=PHOTO_REPORT.name, cases=[*good, bad])
    assert not Case.objects.exists()
    assert Entry.objects.count() == entries
    assert len(actions.open_many(by=STEWARD, type=PHOTO_REPORT.name, cases=good)) == 5
