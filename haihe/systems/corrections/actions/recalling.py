"""Recall: who was given the wrong value is told, confirms, and is counted; the objection closes."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import BadInput
from haihe.base.text import in_language
from haihe.engine.merkle.entries import actor_text
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases.models import Case
from haihe.systems.corrections import queries
from haihe.systems.corrections.errors import ConfirmedAlready, NotAReceiver, NotSeenYet
from haihe.systems.corrections.models import Objection, Receiver
from haihe.systems.corrections.procedure import RECALL
from haihe.systems.corrections.queries import Given
from haihe.systems.corrections.telling import (
    about,
    enter,
    follower,
    lead,
    locked,
    tell_department,
    tell_objector,
)

_WRONG = {
    "zh": "贵部门收到的一项数据有误，更正值将到达",
    "en": "A value that you were given is wrong; its correction will come",
}
_RIGHT = {
    "zh": "更正值已到达，请确认处置情况",
    "en": "The correction has arrived: confirm what you did",
}
_DONE = {"zh": "数据已更正并结案", "en": "The value is corrected everywhere"}


def recall(*, by: Actor, objection: Objection) -> list[Receiver]:
    """Tell every department that was given the wrong value and was not told; those newly told.

    Part of deciding and of seeing the correction arrive, which ask for their permission. Asked
    again it tells nobody twice. Errors: ``lake.unreachable``.
    """
    must_be_accepted(by=by, objection=objection)
    known = {each.department_id: each for each in objection.receivers.all()}
    told = []
    for each in queries.given(objection):
        if each.department in known:
            _count(known[each.department], each)
        else:
            told.append(_tell(objection, each, by=by))
    return told


@transaction.atomic
def confirm(*, by: Actor, objection: UUID, outcome: str) -> Receiver:
    """A receiver says what it did: ``corrected``, ``deleted`` or ``not_kept`` the value.

    Errors: ``corrections.not_a_receiver``, ``…not_seen_yet``, ``…confirmed_already``.
    """
    by.must("corrections.recall.confirm")
    found = locked(objection)
    receiver = found.receivers.select_for_update().filter(department=by.department).first()
    if receiver is None:
        raise NotAReceiver
    if receiver.confirmed_at is not None:
        raise ConfirmedAlready
    if found.seen_at is None:
        raise NotSeenYet
    if outcome not in Receiver.Outcome.values:
        raise BadInput
    receiver.outcome, receiver.confirmed_at = outcome, now()
    receiver.confirmed_by = actor_text(by)
    receiver.save(update_fields=["outcome", "confirmed_at", "confirmed_by"])
    cases.take_step(by=follower(by), case=receiver.case_id, action="confirm")
    enter(found, "corrections.recall.confirmed", by=by, outcome=outcome)
    close_if_done(by=by, objection=found)
    return receiver


def ask_to_confirm(*, by: Actor, objection: Objection) -> None:
    """The correction has been seen: each receiver is asked to confirm, its clock runs from now."""
    must_be_accepted(by=by, objection=objection)
    waiting = objection.receivers.select_related("case").filter(case__state="waiting")
    newly = {each.pk for each in recall(by=by, objection=objection)}
    for each in waiting.order_by("pk"):
        cases.take_step(by=follower(by), case=each.case_id, action="arrive")
        if each.pk not in newly:
            tell_department(objection, each.department_id, "recall-arrived", _RIGHT)


def close_if_done(*, by: Actor, objection: Objection) -> bool:
    """Close a seen objection whose receivers have all confirmed; whether it closed."""
    must_be_accepted(by=by, objection=objection)
    if objection.seen_at is None or objection.receivers.filter(confirmed_at=None).exists():
        return False
    lead(objection, "close", by=by)
    enter(objection, "corrections.objection.closed", by=by)
    tell_objector(objection, "closed", _DONE)
    return True


def must_be_accepted(*, by: Actor, objection: Objection) -> None:
    """Refuse (``corrections.not_seen_yet``) what nobody has accepted: nothing is recalled then."""
    if objection.accepted_at is None:
        raise NotSeenYet


def _tell(objection: Objection, given: Given, *, by: Actor) -> Receiver:
    receiver = Receiver.objects.create(
        objection=objection,
        department_id=given.department,
        case=_case(objection, given.department, by=by),
        ways=sorted(given.ways),
        times=given.times,
        first_at=given.first_at,
        last_at=given.last_at,
    )
    tell_department(objection, given.department, "recall", _WRONG)
    enter(objection, "corrections.recall.told", by=by, receiver=given.department)
    return receiver


def _case(objection: Objection, department: str, *, by: Actor) -> Case:
    return cases.open_case(
        by=follower(by),
        type=RECALL,
        department=department,
        title=in_language(about(objection), settings.LANGUAGE_CODE),
        subject=bytes(objection.subject),
        source="corrections",
    )


def _count(receiver: Receiver, given: Given) -> None:
    """Who goes on being given the wrong value: counted anew, told no second time."""
    if receiver.confirmed_at is None and receiver.times != given.times:
        receiver.ways, receiver.times = sorted(given.ways), given.times
        receiver.last_at = given.last_at or receiver.last_at
        receiver.save(update_fields=["ways", "times", "last_at"])
