"""An officer is away: who stands in, and who is back early. Why, nobody is asked."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.errors import OfficerLeft
from haihe.kernel.org.models import Absence, Officer
from haihe.kernel.org.shift_errors import (
    AbsentAlready,
    BadTerm,
    NotAway,
    OtherDepartment,
    OwnStandIn,
    StandInAway,
    StandInElsewhere,
)


def name_stand_in(
    *, by: Actor, officer: Officer, stand_in: Officer | None, begins: datetime, ends: datetime
) -> Absence:
    """An officer is away for a time; another stands in, or nobody (then the dispatcher does).

    The moments are aware.
    Errors: ``org.shift.other_department``, ``org.absence.bad_term``, ``org.absence.overlaps``,
    ``org.officer.left``, ``org.stand_in.self``, ``org.stand_in.elsewhere``, ``org.stand_in.away``.
    """
    by.must("org.stand_in.name")
    if by.kind == "officer" and by.department != officer.department_id:
        raise OtherDepartment
    if ends <= begins or ends <= now():
        raise BadTerm
    with transaction.atomic():
        keys = {officer.pk, *([stand_in.pk] if stand_in else ())}
        # In the order of their keys: two that stand in for each other wait, and one is refused.
        held = Officer.objects.select_for_update().filter(pk__in=keys).order_by("pk")
        found = {each.pk: each for each in held}
        if any(each.left_at is not None for each in found.values()):
            raise OfficerLeft
        if _away(officer, begins, ends):
            raise AbsentAlready
        if stand_in is not None:
            _must_stand_in(found[officer.pk], found[stand_in.pk], begins, ends)
        absence = Absence.objects.create(
            officer=officer, stand_in=stand_in, begins=begins, ends=ends
        )
        body = {
            "account": officer.account_id,
            "stand_in": None if stand_in is None else stand_in.account_id,
            "begins": begins.isoformat(),
            "ends": ends.isoformat(),
        }
        ledger.record(by=by, kind="org.stand_in.named", body=body)
    return absence


def end_absence(*, by: Actor, absence: Absence) -> None:
    """The officer is back early, or does not go; the stand-in stands in no longer.

    Errors: ``org.shift.other_department``, ``org.absence.over``.
    """
    by.must("org.stand_in.name")
    if by.kind == "officer" and by.department != absence.officer.department_id:
        raise OtherDepartment
    with transaction.atomic():
        held = Absence.objects.select_for_update().filter(pk=absence.pk, ends__gt=now()).first()
        if held is None:
            raise NotAway
        if held.begins >= now():
            held.delete()
        else:
            held.ends = now()
            held.save(update_fields=["ends"])
        body = {"account": absence.officer.account_id}
        ledger.record(by=by, kind="org.absence.ended", body=body)


def _must_stand_in(officer: Officer, stand_in: Officer, begins: datetime, ends: datetime) -> None:
    if stand_in.pk == officer.pk:
        raise OwnStandIn
    if stand_in.department_id != officer.department_id:
        raise StandInElsewhere
    if _away(stand_in, begins, ends):
        raise StandInAway


def _away(officer: Officer, begins: datetime, ends: datetime) -> bool:
    return Absence.objects.filter(officer=officer, begins__lt=ends, ends__gt=begins).exists()
