"""Deciding an objection: by its provider, and once more by the authority on appeal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.text import Text
from haihe.engine.merkle.entries import actor_text
from haihe.kernel.org.models import Department
from haihe.kernel.people.queries import person_of
from haihe.systems.corrections import queries
from haihe.systems.corrections.actions.recalling import recall
from haihe.systems.corrections.declare import MOST_WORDS
from haihe.systems.corrections.errors import (
    AuthorityDecided,
    NoAuthority,
    NoReason,
    NotTheAuthority,
    NotTheProvider,
    NotYours,
    SameValue,
)
from haihe.systems.corrections.models import Objection, Verdict
from haihe.systems.corrections.queries.values import GONE, read_value, same
from haihe.systems.corrections.telling import (
    enter,
    lead,
    locked,
    tell_department,
    tell_objector,
)

_ACCEPTED: Text = {"zh": "数据异议已认可，待源头更正", "en": "Your objection was accepted"}
_REJECTED: Text = {"zh": "数据异议未获认可，可申诉", "en": "Your objection was rejected"}
_UPHELD: Text = {"zh": "申诉成立，待源头更正", "en": "Your appeal was upheld"}
_DISMISSED: Text = {"zh": "申诉未获支持，维持原值", "en": "Your appeal was dismissed"}


@transaction.atomic
def accept(
    *, by: Actor, objection: UUID, value: str, reason: str = "", is_gone: bool = False
) -> Objection:
    """The provider accepts, and says what will stand there once its own database is corrected.

    Whoever was given the wrong value is told at once.
    Errors: ``corrections.not_the_provider``, ``…value.bad``, ``…value.same``,
    ``cases.state.not_allowed``, ``lake.unreachable``.
    """
    by.must("corrections.objection.decide")
    found = _of_provider(by, objection)
    lead(found, "accept", by=by)
    _decide(found, by=by, instance=Verdict.Instance.PROVIDER, is_accepted=True, reason=reason)
    _take_up(found, by=by, value=value, is_gone=is_gone)
    tell_objector(found, "accepted", _ACCEPTED)
    return found


@transaction.atomic
def reject(*, by: Actor, objection: UUID, reason: str) -> Objection:
    """The provider rejects with a reason; the objector may appeal once.

    Errors: ``corrections.not_the_provider``, ``…no_reason``, ``cases.state.not_allowed``.
    """
    by.must("corrections.objection.decide")
    found = _of_provider(by, objection)
    lead(found, "reject", by=by)
    _decide(found, by=by, instance=Verdict.Instance.PROVIDER, is_accepted=False, reason=reason)
    tell_objector(found, "rejected", _REJECTED)
    return found


@transaction.atomic
def appeal(*, by: Actor, objection: UUID, why: str) -> Objection:
    """Whoever objected appeals to the authority against a rejection, once.

    Errors: ``corrections.not_yours``, ``…no_reason``, ``…no_authority``,
    ``cases.state.not_allowed``.
    """
    found = locked(objection)
    must_be_objector(by=by, objection=found)
    words, authority = queries.words_of(found), queries.limits().authority
    if not why.strip():
        raise NoReason
    if not Department.objects.filter(pk=authority).exists():
        raise NoAuthority
    lead(found, "appeal", by=by, department=authority)
    found.appealed_at = now()
    found.save(update_fields=["appealed_at"])
    words.appeal_why = why.strip()[:MOST_WORDS]
    words.save(update_fields=["appeal_why"])
    enter(found, "corrections.objection.appealed", by=by, authority=authority)
    title = {"zh": "有数据异议申诉待复核", "en": "An appeal awaits your decision"}
    tell_department(found, authority, "appealed", title)
    return found


@transaction.atomic
def uphold(
    *, by: Actor, objection: UUID, value: str, reason: str = "", is_gone: bool = False
) -> Objection:
    """The authority upholds the appeal: the provider must correct.

    Errors: ``corrections.not_the_authority``; those of ``accept``.
    """
    by.must("corrections.objection.review")
    found = _of_authority(by, objection)
    lead(found, "uphold", by=by, department=found.resource.department_id)
    _decide(found, by=by, instance=Verdict.Instance.AUTHORITY, is_accepted=True, reason=reason)
    _take_up(found, by=by, value=value, is_gone=is_gone)
    title = {"zh": "申诉成立，请在源头更正", "en": "An appeal was upheld: correct at the source"}
    tell_department(found, found.resource.department_id, "upheld", title)
    tell_objector(found, "upheld-objector", _UPHELD)
    return found


@transaction.atomic
def dismiss(*, by: Actor, objection: UUID, reason: str) -> Objection:
    """The authority dismisses the appeal with a reason: the value stays.

    Errors: ``corrections.not_the_authority``, ``…no_reason``, ``cases.state.not_allowed``.
    """
    by.must("corrections.objection.review")
    found = _of_authority(by, objection)
    _decide(found, by=by, instance=Verdict.Instance.AUTHORITY, is_accepted=False, reason=reason)
    lead(found, "dismiss", by=by)
    tell_objector(found, "dismissed", _DISMISSED)
    return found


@transaction.atomic
def restate(
    *, by: Actor, objection: UUID, value: str, reason: str, is_gone: bool = False
) -> Objection:
    """The provider says that another value than decided will stand there, and why.

    Errors: ``corrections.not_the_provider``, ``…no_reason``, ``…value.bad``, ``…value.same``,
    ``…authority_decided``.
    """
    by.must("corrections.objection.decide")
    found = _of_provider(by, objection)
    if not reason.strip():
        raise NoReason
    if queries.is_authoritys(found):
        raise AuthorityDecided
    lead(found, "restate", by=by)
    _state_right(found, value=value, is_gone=is_gone)
    verdict = found.verdicts.order_by("-at").first()
    if verdict is not None:
        verdict.reason = "\n".join(filter(None, (verdict.reason, reason.strip())))[: 2 * MOST_WORDS]
        verdict.save(update_fields=["reason"])
    enter(found, "corrections.objection.restated", by=by)
    title = {"zh": "提供方改述了更正值", "en": "The provider states another correction"}
    tell_objector(found, f"restated-{found.case.steps}", title)
    return found


@transaction.atomic
def withdraw(*, by: Actor, objection: UUID) -> Objection:
    """Whoever objected takes it back before it is accepted.

    Errors: ``corrections.not_yours``, ``cases.state.not_allowed``.
    """
    found = locked(objection)
    must_be_objector(by=by, objection=found)
    lead(found, "withdraw", by=by)
    enter(found, "corrections.objection.withdrawn", by=by)
    title = {"zh": "数据异议已撤回", "en": "An objection was withdrawn"}
    tell_department(found, found.resource.department_id, "withdrawn", title)
    return found


def must_be_objector(*, by: Actor, objection: Objection) -> None:
    """Refuse whoever did not raise it; ``corrections.not_yours``.

    A department's own officers who may raise objections act for it; of a citizen's it is the
    citizen, or whom the row concerns.
    """
    if objection.department_id is not None:
        by.must("corrections.objection.raise")
        if by.department != objection.department_id:
            raise NotYours
        return
    account = objection.account
    if by.kind != "citizen" or account is None or by.name != str(account.pk):
        raise NotYours
    if person_of(account) is None:
        raise NotYours


def _of_provider(by: Actor, key: UUID) -> Objection:
    found = locked(key)
    if by.department != found.resource.department_id:
        raise NotTheProvider
    return found


def _of_authority(by: Actor, key: UUID) -> Objection:
    found = locked(key)
    if by.department != queries.limits().authority:
        raise NotTheAuthority
    return found


def _decide(
    objection: Objection, *, by: Actor, instance: str, is_accepted: bool, reason: str
) -> None:
    if not is_accepted and not reason.strip():
        raise NoReason
    Verdict.objects.create(
        objection=objection,
        instance=instance,
        is_accepted=is_accepted,
        reason=reason.strip()[:MOST_WORDS],
        department_id=by.department,
        by=actor_text(by),
    )
    is_first = instance == Verdict.Instance.PROVIDER
    kind = "corrections.objection.decided" if is_first else "corrections.objection.reviewed"
    enter(objection, kind, by=by, accepted=is_accepted)


def _take_up(objection: Objection, *, by: Actor, value: str, is_gone: bool) -> None:
    """What was accepted stands from now; whoever has the wrong value is told."""
    _state_right(objection, value=value, is_gone=is_gone)
    objection.accepted_at = now()
    objection.save(update_fields=["accepted_at"])
    recall(by=by, objection=objection)


def _state_right(objection: Objection, *, value: str, is_gone: bool) -> None:
    words, column = queries.words_of(objection), objection.column
    right: dict[str, Any] = GONE if is_gone else {"value": read_value(value, column)}
    if not is_gone and same(right["value"], words.given, column):
        raise SameValue
    words.right = right
    words.save(update_fields=["right"])
