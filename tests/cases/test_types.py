"""Case types: every fault at once, drafted by one and approved by another, versions that stay."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from django.db import DatabaseError, transaction

from haihe.base.errors import NotPermitted
from haihe.base.registry import HOOKS, NoHook, registry
from haihe.kernel.cases import actions, queries
from haihe.kernel.cases.declare import Level
from haihe.kernel.cases.errors import BadType
from haihe.kernel.cases.models import Case, CaseTypeVersion, Event
from haihe.kernel.cases.types.documents import checked, document_of
from tests.cases.builders import PARKS, SECOND, STEWARD, SUPERVISOR, TYPES, Corner, again, report
from tests.cases.demand import DEMAND
from tests.cases.photo_report import PHOTO_REPORT
from tests.cases.test_steps import refused

Document = dict[str, Any]


def document(**changes: Any) -> Document:
    """The demand's document as a steward would send it, with changes by dotted path (__)."""
    found: Document = deepcopy(msgspec.json.decode(msgspec.json.encode(document_of(DEMAND))))
    for path, value in changes.items():
        *way, last = path.split("__")
        place = found
        for part in way:
            place = place[part]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return found


def faults(**changes: Any) -> str:
    with pytest.raises(BadType) as fault:
        checked(document(**changes))
    return fault.value.message


@pytest.mark.parametrize("case_type", TYPES, ids=lambda each: each.name)
def test_a_declaration_and_its_document_are_the_same_type(case_type: Any) -> None:
    text = msgspec.json.encode(document_of(case_type))
    found = checked(msgspec.json.decode(text))
    assert found == case_type


def test_a_document_with_defaults_left_out_is_stored_with_every_default_written_out() -> None:
    sparse = document(states__raised__kind=None)
    assert "kind" not in sparse["states"]["raised"]
    assert document_of(checked(sparse)) == document_of(DEMAND)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"opens": "dreaming"}, "opens in dreaming"),
        ({"opens": "granted"}, "where it has ended"),
        ({"name": "Demand"}, "not dotted"),
        ({"title": {"zh": "数据"}}, "The type has no title in en."),
        ({"states__raised__title": {"en": " "}}, "The state raised has no title in zh and en."),
        ({"states__raised__clocks": ["sun"]}, "unknown clock sun"),
        ({"states__raised__clocks": []}, "The clock formal runs in no state."),
        ({"states__granted__clocks": ["decide"]}, "runs in granted"),
        ({"states__deciding__kind": "odd"}, "unknown kind odd"),
        ({"actions__grant__when": ["moon"]}, "starts from the unknown state moon"),
        ({"actions__grant__to": "moon"}, "leads to the unknown state moon"),
        ({"actions__grant__to": ""}, "leads nowhere"),
        ({"actions__grant__roles": ["king"]}, "the unknown role king"),
        ({"actions__grant__roles": []}, "is nobody's"),
        ({"actions__grant__effect": "explode"}, "unknown effect explode"),
        ({"actions__grant__asks": ["blood"]}, "asks for blood"),
        ({"actions__grant__fields__months__kind": "choice"}, "if and only if it is a choice"),
        ({"actions__negotiate": None}, "The state negotiating is never reached."),
        ({"actions__grant__when": ["granted"]}, "where the case has ended"),
        ({"actions__negotiate__effect": "suspend"}, "suspends where nothing resumes"),
        ({"actions__negotiate__effect": "extend"}, "no limit of extensions"),
        ({"limits__send_backs": 2}, "limits send_backs, but nothing"),
        ({"joint": {"rule": "all", "then": "granted"}}, "but no task to finish"),
        ({"clocks__decide__time": "lunch"}, "unknown time lunch"),
        ({"clocks__decide__of": "task"}, "but there are no tasks"),
        ({"clocks__decide__limit": 0}, "has no time"),
        ({"clocks__decide__levels": [{"tells": ["moon"], "permille": 1}]}, "the unknown moon"),
        ({"clocks__decide__levels": [{"tells": ["unit"]}]}, "either permille or minutes after"),
        ({"clocks__decide__levels": [{"takes": "grant", "permille": 9}]}, "the clock can't take"),
        ({"colour": "red"}, "colour is nothing that a case type has"),
        ({"actions__grant__script": "x()"}, "actions.grant.script is nothing"),
    ],
)
def test_a_fault_is_named(changes: dict[str, Any], said: str) -> None:
    assert said in faults(**changes)


def test_a_state_that_only_leads_round_is_a_dead_end() -> None:
    title = {"zh": "圈", "en": "Round"}
    turn = {"title": title, "when": ["negotiating"], "to": "round", "roles": ["unit"]}
    back = {"title": title, "when": ["round"], "to": "round", "roles": ["unit"]}
    said = faults(states__round={"title": title}, actions__turn=turn, actions__go_round=back)
    assert said == "The state round is a dead end."


def test_a_state_that_only_the_clock_leaves_is_no_dead_end_if_a_level_takes_it() -> None:
    title = {"zh": "等", "en": "Wait"}
    into = {"title": title, "when": ["deciding"], "to": "resting", "roles": ["unit"]}
    out = {"title": title, "when": ["resting"], "to": "refused", "roles": ["clock"]}
    changes: dict[str, Any] = {
        "states__resting": {"title": title, "clocks": ["rest"]},
        "actions__rest": into,
        "actions__time_out": out,
        "clocks__rest": {"title": title, "limit": 1},
    }
    assert "dead end" in faults(**changes)
    changes["clocks__rest"]["levels"] = [{"minutes_after": 0, "takes": "time_out"}]
    checked(document(**changes))


def test_all_faults_are_named_at_once() -> None:
    said = faults(opens="x", title={}, actions__grant__roles=["king"], clocks__formal__limit=0)
    assert all(part in said for part in ("opens in x", "zh and en", "king", "no time"))


def test_what_is_no_document_at_all_is_refused() -> None:
    assert "no case type" in faults(states=["raised"])
    assert "no case type" in faults(clocks__decide__limit="ten")


def test_a_draft_is_approved_by_another_and_then_published(here: Corner) -> None:
    draft = actions.draft_type(by=STEWARD, document=document(name="city.leaves"))
    with refused("cases.draft.moved"):
        actions.publish_type(by=STEWARD, draft=draft)
    with refused("cases.draft.own"):
        actions.approve_type(by=STEWARD, draft=draft)
    with pytest.raises(NotPermitted):
        actions.approve_type(by=PARKS, draft=draft)
    actions.approve_type(by=SECOND, draft=draft)
    with refused("cases.draft.moved"):
        actions.approve_type(by=SECOND, draft=draft)
    version = actions.publish_type(by=STEWARD, draft=draft)
    assert (version.name, version.number, version.source) == ("city.leaves", 1, "steward")
    case = actions.open_case(by=STEWARD, type="city.leaves", department="parks")
    assert again(case).version == version
    with refused("cases.draft.unknown"):
        actions.approve_type(by=SECOND, draft=case.pk)


def publish(changed: Document) -> CaseTypeVersion:
    draft = actions.draft_type(by=STEWARD, document=changed)
    actions.approve_type(by=SECOND, draft=draft)
    return actions.publish_type(by=STEWARD, draft=draft)


def shorter() -> Document:
    """The photo report without a separate opening; verification in two hours."""
    changed = deepcopy(document_of(PHOTO_REPORT))
    changed["clocks"]["verify"]["limit"] = 120
    changed["actions"]["verify"]["to"] = "dispatching"
    for name in ("register", "reject", "split"):
        del changed["actions"][name]
    changed["actions"]["reopen"]["to"] = "verifying"
    for action in changed["actions"].values():
        action["when"] = [state for state in action["when"] if state != "opening"]
    del changed["states"]["opening"]
    changed["actions"]["split"] = {
        "title": {"zh": "取消合并", "en": "Split"},
        "when": ["merged"],
        "to": "dispatching",
        "roles": ["supervisor"],
    }
    return changed


def test_running_cases_keep_their_version_until_they_are_moved(here: Corner) -> None:
    old, moved = report(here), report(here)
    registry.case_types.pop("test.photo_report")  # the city's own: no system counts on its states
    actions.take_step(by=here.worker, case=moved, action="verify", photos=[moved.pk])
    seen = actions.preview_type(by=STEWARD, document=shorter())
    assert seen.affected == 2
    assert seen.stranded == {"opening"}
    assert {"clock verify", "state opening", "action verify"} <= set(seen.changed)
    assert publish(shorter()).number == 2
    new = report(here)
    assert [again(each).version.number for each in (old, moved, new)] == [1, 1, 2]
    assert "register" in queries.actions_for(SUPERVISOR, again(moved))
    given: dict[str, Any] = {"by": STEWARD, "type": "test.photo_report", "from_": 1, "to": 2}
    with refused("cases.mapping.bad"):
        actions.migrate_cases(**given, mapping={"verifying": "verifying"})
    with refused("cases.mapping.bad"):
        actions.migrate_cases(**given, mapping={"verifying": "verifying", "opening": "closed"})
    with refused("cases.type.no_version"):
        actions.migrate_cases(**{**given, "to": 9}, mapping={})
    mapping = {"verifying": "verifying", "opening": "dispatching"}
    assert actions.migrate_cases(**given, mapping=mapping) == 2
    assert [again(each).version.number for each in (old, moved, new)] == [2, 2, 2]
    assert again(moved).state == "dispatching"
    for each in (old, moved, new):
        assert queries.replay(each) == queries.standing(each)


def test_a_declaration_that_changed_becomes_the_next_version_once(here: Corner) -> None:
    first = report(here)
    registry.case_types[PHOTO_REPORT.name] = replace(
        PHOTO_REPORT, title={"zh": "拍一拍", "en": "Snap"}
    )
    numbers = [again(report(here)).version.number for _ in range(2)]
    assert numbers == [2, 2]
    assert again(first).version.number == 1
    assert [each.number for each in queries.versions(PHOTO_REPORT.name)] == [2, 1]


def test_history_and_versions_are_only_inserted(here: Corner) -> None:
    case = report(here)
    for rows, change in (
        (Event.objects.filter(case=case), {"by": "citizen:1"}),
        (CaseTypeVersion.objects.all(), {"number": 7}),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.update(**change)
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows._raw_delete("default")
    with pytest.raises(DatabaseError, match="continue"), transaction.atomic():
        Event.objects.create(
            case=case, ordinal=3, action="x", by="x", at=case.opened_at, start="x", to="x"
        )


def test_the_database_itself_refuses_what_no_case_can_be(here: Corner) -> None:
    case = report(here)
    wrong: tuple[dict[str, Any], ...] = (
        {"lon": None},
        {"rating": 9},
        {"ended_at": case.opened_at},
        {"duplicate_of": case},
    )
    for change in wrong:
        with pytest.raises(DatabaseError), transaction.atomic():
            Case.objects.filter(pk=case.pk).update(**change)


def test_there_are_at_most_twelve_hooks_and_each_is_described() -> None:
    assert len(HOOKS) <= 12
    assert all(len(said) > 40 for said in HOOKS.values())
    with pytest.raises(NoHook):
        registry.add_hook("moon_rises", print)


def test_levels_stand_in_the_order_of_time() -> None:
    late = (Level(("unit",), minutes_after=0), Level(("unit",), permille=500))
    clocks = {**DEMAND.clocks, "decide": replace(DEMAND.clocks["decide"], levels=late)}
    with pytest.raises(BadType, match="not in order of time"):
        checked(document_of(replace(DEMAND, clocks=clocks)))
