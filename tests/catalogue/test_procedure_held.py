"""The procedures, met in plain SQL: whoever writes past the actions meets the same rules."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest
from django.conf import LazySettings
from django.db import IntegrityError, connection, transaction

from haihe.base.actor import Actor
from haihe.base.ids import new_id
from haihe.kernel.catalogue import actions
from haihe.kernel.catalogue.declare import Procedure
from haihe.kernel.catalogue.models import Demand, Wanted
from haihe.kernel.org.models import Department
from tests.catalogue.builders import ALL, PROVIDER, RECEIVER, Small, demand
from tests.catalogue.test_database import breaks

JUDGE = Actor("officer", "9", department="bureau", permissions=ALL)
MOVES = {
    "checking": {"raised", "returned", "withdrawn"},
    "returned": {"checking", "withdrawn"},
    "raised": {"granted", "refused", "withdrawn"},
    "refused": {"objected"},
    "objected": {"granted", "deciding", "withdrawn"},
    "deciding": {"granted", "upheld", "withdrawn"},
    "granted": set(),
    "upheld": set(),
    "withdrawn": set(),
}
WANTED_MOVES = {
    "matching": {"publishing", "found", "refused", "withdrawn"},
    "publishing": {"found", "matching", "withdrawn"},
    "found": {"demanded", "withdrawn"},
    "demanded": set(),
    "refused": set(),
    "withdrawn": set(),
}
MOVE = (
    "update catalogue_demand set state = %s, reason = 'So', decided_department_id = %s"
    " where id = %s"
)
MOVE_WANTED = "update catalogue_wanted set state = %s, reason = 'So' where id = %s"


@pytest.fixture(autouse=True)
def bureau(db: None, settings: LazySettings) -> None:
    """A city whose bureau checks and decides."""
    Department.objects.create(
        code="bureau", name={"en": "Bureau", "zh": "数据局"}, kind="department"
    )
    settings.CATALOGUE_PROCEDURE = Procedure(authority="bureau", formal_check=True)


WAY = {
    "returned": ("return",),
    "withdrawn": ("withdraw",),
    "raised": ("pass",),
    "granted": ("pass", "grant"),
    "refused": ("pass", "refuse"),
    "objected": ("pass", "refuse", "object"),
    "deciding": ("pass", "refuse", "object", "bring"),
    "upheld": ("pass", "refuse", "object", "bring", "uphold"),
}
STEPS: dict[str, Callable[[Demand], object]] = {
    "return": lambda d: actions.return_demand(by=JUDGE, demand=d, reason="Say more"),
    "withdraw": lambda d: actions.withdraw_demand(by=RECEIVER, demand=d),
    "pass": lambda d: actions.pass_demand(by=JUDGE, demand=d),
    "grant": lambda d: actions.grant_demand(by=PROVIDER, demand=d),
    "refuse": lambda d: actions.refuse_demand(by=PROVIDER, demand=d, reason="No"),
    "object": lambda d: actions.negotiate_demand(by=RECEIVER, demand=d, reason="Yes"),
    "bring": lambda d: actions.bring_demand(by=RECEIVER, demand=d, reason="No agreement"),
    "uphold": lambda d: actions.decide_demand(by=JUDGE, demand=d, is_granted=False, reason="No"),
}


def standing_in(state: str, small: Small) -> Demand:
    """A demand that came to that state by the actions."""
    found = demand(small.resource)
    for step in WAY.get(state, ()):
        STEPS[step](found)
    return found


def refused_by(sql: str, *values: object) -> str:
    """The rule that refuses the statement; empty where it is done. Nothing stays."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
            transaction.set_rollback(True)
    except IntegrityError as fault:
        return fault.__cause__.diag.constraint_name or ""  # type: ignore[union-attr]
    return ""


@pytest.mark.parametrize("state", MOVES)
def test_a_demand_moves_along_its_way_alone(small: Small, state: str) -> None:
    found = standing_in(state, small)
    decides = "bureau" if state == "deciding" else "civil"
    allowed = set()
    for to in MOVES:
        Demand.objects.filter(pk=found.pk).update(checked_department="bureau")
        rule = refused_by(MOVE, to, decides, found.pk)
        assert rule in {"", "demand_moves"}, (state, to)
        allowed |= set() if rule else {to}
    assert allowed == MOVES[state] | {state}


@pytest.mark.parametrize("party", ["housing", "civil"])
def test_no_party_decides_between_both(small: Small, party: str) -> None:
    found = standing_in("deciding", small)
    for to in ("granted", "upheld"):
        breaks("no_party_decides", MOVE, to, party, found.pk)


def test_nobody_checks_a_demand_of_their_own(small: Small) -> None:
    found = standing_in("checking", small)
    sql = "update catalogue_demand set state = %s, checked_department_id = %s where id = %s"
    for to, who in product(("raised", "returned"), ("housing", None)):
        breaks("another_checks", sql, to, who, found.pk)


def test_what_is_asked_changes_only_while_it_is_corrected(small: Small) -> None:
    sql = "update catalogue_demand set basis = 'Another' where id = %s"
    for state in MOVES:
        rule = refused_by(sql, standing_in(state, small).pk)
        assert rule == ("" if state == "returned" else "demand_stays"), state


def test_a_refusal_that_is_upheld_has_a_reason(small: Small) -> None:
    found = standing_in("deciding", small)
    sql = (
        "update catalogue_demand set state = 'upheld', reason = ' ',"
        " decided_department_id = 'bureau' where id = %s"
    )
    breaks("refusal_has_a_reason", sql, found.pk)


def test_no_demand_starts_before_the_authority(small: Small) -> None:
    sql = (
        "insert into catalogue_demand (id, department_id, resource_id, purpose_id, basis, scene,"
        " mode, rate_per_minute, months, state, raised_by, decided_by, reason, again_of_id)"
        " values (%s, 'housing', 'civil/households', 'housing.fund', 'Act', '', 'interface', 600,"
        " 12, 'deciding', '2', '', '', %s)"
    )
    granted = standing_in("granted", small)
    breaks("demand_starts_raised", sql, new_id(), None)
    breaks("demand_starts_raised", sql, new_id(), granted.pk)


@pytest.mark.parametrize("state", WANTED_MOVES)
def test_wanted_data_move_along_their_way_alone(small: Small, state: str) -> None:
    found = sought_in(state, small)
    for to in WANTED_MOVES:
        rule = refused_by(MOVE_WANTED, to, found.pk)
        if to in WANTED_MOVES[state] | {state}:
            assert rule != "wanted_moves", (state, to)
        else:
            assert rule == "wanted_moves", (state, to)


def sought_in(state: str, small: Small) -> Wanted:
    """Wanted data that came to that state by the actions."""
    found = actions.seek_data(
        by=RECEIVER, title="Heating", items=["Kind"], purpose="housing.fund", basis="Act"
    )
    if state == "publishing":
        actions.ask_provider(by=JUDGE, wanted=found, department="civil")
    if state in {"found", "demanded"}:
        actions.match_wanted(by=JUDGE, wanted=found, resource=small.resource)
    if state == "demanded":
        actions.raise_demand(
            by=RECEIVER,
            resource=small.resource,
            columns=["person"],
            purpose="housing.fund",
            basis="Act",
            mode="interface",
            wanted=found,
        )
    if state == "refused":
        actions.refuse_wanted(by=JUDGE, wanted=found, reason="No")
    if state == "withdrawn":
        actions.withdraw_wanted(by=RECEIVER, wanted=found)
    return found


def test_a_dispute_is_of_a_party_over_a_grant_and_settled_by_a_third(small: Small) -> None:
    insert = (
        "insert into catalogue_dispute (id, demand_id, department_id, about, claim, answer, state,"
        " raised_by, outcome, reason, settled_by)"
        " values (%s, %s, %s, 'other', %s, '', 'raised', '2', '', '', '')"
    )
    waiting, granted = standing_in("raised", small), standing_in("granted", small)
    breaks("party_disputes_a_grant", insert, new_id(), waiting.pk, "housing", "Slow")
    breaks("party_disputes_a_grant", insert, new_id(), granted.pk, "tax", "Slow")
    breaks("dispute_says_what_is_wrong", insert, new_id(), granted.pk, "housing", " ")
    raised = actions.raise_dispute(by=RECEIVER, demand=granted, about="other", claim="Slow")
    breaks("one_open_dispute_a_demand", insert, new_id(), granted.pk, "civil", "Slow")
    settle = (
        "update catalogue_dispute set state = 'settled', outcome = %s, reason = %s,"
        " settled_department_id = %s where id = %s"
    )
    for party in ("housing", "civil", None):
        breaks("no_party_settles", settle, "kept", "So", party, raised.pk)
    breaks("settlement_has_a_reason", settle, "kept", " ", "bureau", raised.pk)
    breaks("settlement_has_a_reason", settle, "", "So", "bureau", raised.pk)
    breaks("dispute_stays", "update catalogue_dispute set claim = 'x' where id = %s", raised.pk)


def test_an_evaluation_stays_and_what_was_done_is_kept(small: Small) -> None:
    granted = standing_in("granted", small)
    actions.evaluate_grant(by=RECEIVER, grant=granted.grant, score=3, effect="Some")
    raised = actions.raise_dispute(by=RECEIVER, demand=granted, about="other", claim="Slow")
    sought = sought_in("matching", small)
    breaks("evaluation_stays", "update catalogue_evaluation set score = 5")
    for table, key in (("dispute", raised.pk), ("wanted", sought.pk)):
        breaks("kept_on_record", f"delete from catalogue_{table} where id = %s", key)
    breaks("kept_on_record", "delete from catalogue_evaluation")
