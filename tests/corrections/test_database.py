"""The rules of objections, tried past the actions: in SQL."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from haihe.systems.corrections import actions
from haihe.systems.corrections.models import Objection
from tests.corrections.builders import CIVIL, REVIEWER, RIGHT, Case

pytestmark = pytest.mark.django_db
SEEN = "update corrections_objection set seen_at = now()"
CLOSE = "update corrections_objection set \"end\" = 'closed', ended_at = now()"
CONFIRM = (
    "update corrections_receiver set outcome = 'deleted', confirmed_by = 'officer:1',"
    " confirmed_at = now()"
)
VERDICT = (
    "insert into corrections_verdict"
    ' (objection_id, instance, is_accepted, reason, department_id, "by", at)'
    " select id, '{}', {}, '{}', '{}', 'officer:1', now() from corrections_objection"
)


def rule(statement: str) -> str:
    """The constraint that refuses a statement; empty if none does."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError as fault:
        return str(fault.__cause__.diag.constraint_name)  # type: ignore[union-attr]
    return ""


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for each in statements:
            cursor.execute(each)


@pytest.fixture
def raised(wrong: Case) -> Objection:
    """An objection that waits for its provider."""
    return wrong.object()


@pytest.fixture
def accepted(raised: Objection) -> Objection:
    """One that was accepted; a receiver was told."""
    return actions.accept(by=CIVIL, objection=raised.pk, value=RIGHT)


def test_nothing_moves_before_it_is_decided(raised: Objection) -> None:
    assert rule(SEEN) == "correction_is_seen_after_it_is_accepted"
    assert rule("update corrections_objection set accepted_at = now()") == "acceptance_is_decided"
    assert rule("update corrections_objection set appealed_at = now()") == (
        "appeal_is_against_a_rejection"
    )
    assert rule(CLOSE) == "objection_closes_after_it_is_seen"
    assert rule(VERDICT.format("authority", "true", "", "data_office")) == (
        "authority_decides_appeals"
    )
    assert rule(VERDICT.format("provider", "true", "", "tax")) == "provider_decides_objection"
    assert rule(VERDICT.format("provider", "false", "  ", "civil")) == "rejection_has_a_reason"
    assert rule("delete from corrections_objection") == "objection_is_kept"
    assert rule("update corrections_objection set department_id = 'tax'") == "objection_stays"


def test_nobody_is_left_out_and_nobody_confirms_twice(accepted: Objection) -> None:
    assert rule(CONFIRM) == "confirmed_after_it_is_seen"
    assert rule(CLOSE) == "closing_leaves_nobody_out"
    run(SEEN)
    assert rule(SEEN.replace("now()", "now() + interval '1 day'")) == "objection_moves_once"
    assert rule(CLOSE) == "closing_leaves_nobody_out"
    assert rule("delete from corrections_receiver") == "receiver_is_kept"
    assert rule("update corrections_receiver set outcome = 'deleted'") == (
        "confirmation_says_what_and_who"
    )
    run(CONFIRM)
    assert rule(CONFIRM.replace("deleted", "corrected")) == "one_confirmation_a_receiver"
    assert rule(CLOSE) == ""
    assert rule("update corrections_objection set \"end\" = 'refused'") == "objection_moves_once"


def test_a_decision_stands_and_each_instance_decides_once(accepted: Objection) -> None:
    assert rule("update corrections_verdict set is_accepted = false") == "verdict_stays"
    assert rule("delete from corrections_verdict") == "verdict_is_kept"
    assert rule(VERDICT.format("provider", "false", "No", "civil")) == "one_verdict_an_instance"


def test_the_reason_of_a_decision_stays_the_authority_s_too(raised: Objection, wrong: Case) -> None:
    reason = "update corrections_verdict set reason = {} where instance = '{}'"
    actions.reject(by=CIVIL, objection=raised.pk, reason="As the register has it")
    assert rule(reason.format("'Another'", "provider")) == "verdict_reason_stays"
    assert rule(reason.format("''", "provider")) in {
        "verdict_reason_stays", "rejection_has_a_reason",
    }  # fmt: skip
    assert rule(reason.format("reason || ' and more'", "provider")) == ""
    actions.appeal(by=wrong.by, objection=raised.pk, why="It is not")
    actions.uphold(by=REVIEWER, objection=raised.pk, value=RIGHT, reason="The receipt shows it")
    for changed in ("'Another'", "''", "reason || ' and more'"):
        assert rule(reason.format(changed, "authority")) == "verdict_reason_stays"
    authority = "update corrections_verdict set {} where instance = 'authority'"
    for changed in ("is_accepted = false", "\"by\" = 'officer:9'", "department_id = 'tax'"):
        assert rule(authority.format(changed)) == "verdict_stays"
    assert rule("delete from corrections_verdict where instance = 'authority'") == "verdict_is_kept"
    run(authority.format("reason = '', forgotten_at = now()"))
    assert rule(reason.format("'Another'", "authority")) == "verdict_stays"


def test_a_receiver_is_told_once_and_is_never_the_provider(accepted: Objection) -> None:
    copied = (
        "insert into corrections_receiver (objection_id, department_id, case_id, ways, times,"
        " first_at, last_at, told_at, outcome, confirmed_by) select objection_id, {}, {}, ways,"
        " times, first_at, last_at, told_at, '', '' from corrections_receiver limit 1"
    )
    case = f"'{uuid4()}'::uuid"
    assert rule(copied.format("department_id", case)) == "one_recall_a_receiver"
    assert rule(copied.format("'civil'", case)) == "provider_receives_nothing"


def test_one_value_has_one_open_objection(raised: Objection) -> None:
    copied = (
        "insert into corrections_objection (id, case_id, resource_id, column_id, subject, mark,"
        " raised_at, \"end\") select {}, {}, resource_id, column_id, subject, mark, now(), ''"
        " from corrections_objection"
    )
    keys = [f"'{uuid4()}'::uuid" for _ in range(2)]
    assert rule(copied.format(*keys)) == "one_open_objection_a_value"
