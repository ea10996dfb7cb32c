"""The city's list of items: loaded whole, ended but kept, and what it does to clocks."""

from __future__ import annotations

import pytest

from haihe.base.actor import Actor
from haihe.base.registry import registry
from haihe.kernel.cases import actions, queries
from haihe.kernel.cases.declare import ItemDraft
from haihe.kernel.cases.errors import FaultyItems, UnknownItem
from haihe.kernel.cases.models import Item
from haihe.kernel.cases.report import REPORT
from tests.cases.builders import (
    COMMANDER,
    ITEMS,
    LOADER,
    PHOTO,
    SUPERVISOR,
    Corner,
    at,
    clock,
    local,
)


def _load(*drafts: ItemDraft) -> int:
    return actions.load_items(by=LOADER, items=drafts)


def test_a_list_is_loaded_once_and_again_changes_only_what_changed(here: Corner) -> None:
    assert _load(*ITEMS) == len(ITEMS)
    assert _load(*ITEMS) == 0
    changed = ItemDraft("R101", "component", {"zh": "灯", "en": "Lamp"}, "R1", "public", "parks")
    assert _load(*ITEMS[:2], changed, ITEMS[3]) == 1
    assert queries.item("R101").title["zh"] == "灯"


def test_an_item_that_the_list_drops_is_ended_and_still_told(here: Corner) -> None:
    _load(*ITEMS)
    _load(*ITEMS[:3])
    assert Item.objects.get(pk="R103").is_ended
    assert [each.code for each in queries.items(category="public")] == ["R101"]
    assert queries.category_of("R103") == "public"


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        (ItemDraft("R101", "event", {"zh": "重", "en": "Twice"}, "R1"), "stands twice"),
        (ItemDraft("R9", "event", {"zh": "无类", "en": "No class"}, "R8"), "no class R8"),
        (ItemDraft("R9", "event", {"zh": "无", "en": "x"}, "R1", "R1"), "no category R1"),
        (ItemDraft("R9", "event", {"en": "x"}, "R1"), "no title in zh"),
        (ItemDraft("R9", "event", {"zh": "x", "en": "x"}, "R1", lead="moon"), "no department moon"),
        (ItemDraft("R9", "thing", {"zh": "x", "en": "x"}), "kind thing is unknown"),
        (ItemDraft("R9", "class", {"zh": "x", "en": "x"}, lead="parks"), "only events and"),
    ],
)
def test_a_faulty_list_changes_nothing_and_says_what_is_wrong(
    here: Corner, draft: ItemDraft, said: str
) -> None:
    with pytest.raises(FaultyItems, match=said):
        _load(*ITEMS, draft)
    assert not Item.objects.exists()


def _report(here: Corner) -> object:
    registry.add_case_types(REPORT)
    case = actions.open_case(
        by=Actor("visitor", "somebody"),
        type=REPORT.name,
        department="street",
        category="public",
        officer=here.officer.pk,
    )
    actions.take_step(by=here.worker, case=case, action="verify", photos=PHOTO)
    return case.pk


def test_the_item_says_how_long_a_department_has_and_in_which_time(here: Corner) -> None:
    _load(*ITEMS)
    with at("2026-08-14 16:30"):  # a Friday before a worked Saturday
        urgent, usual = _report(here), _report(here)
        for key, item in ((urgent, "R103"), (usual, "R101")):
            actions.take_step(by=SUPERVISOR, case=key, action="register", item=item)
            actions.dispatch(by=COMMANDER, case=key, lead="parks")
    assert clock(queries.case(urgent), "task").due == local("2026-08-14 20:30")
    assert clock(queries.case(usual), "task").due == local("2026-08-18 16:30")
    assert queries.case(urgent).category == "R103"
    assert queries.replay(urgent) == queries.standing(urgent)


def test_a_case_can_not_be_about_what_is_not_on_the_list(here: Corner) -> None:
    _load(*ITEMS)
    key = _report(here)
    with pytest.raises(UnknownItem):
        actions.take_step(by=SUPERVISOR, case=key, action="register", item="R999")
    assert queries.case(key).state == "opening"
