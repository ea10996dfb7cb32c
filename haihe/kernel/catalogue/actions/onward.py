"""Exceptions from the ban of onward use: asked by the receiver, decided by the provider alone.

Source: Decree 809, article 25 (what is shared is used for the agreed purpose and not passed on).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.text import Text
from haihe.kernel.catalogue.errors import MovedAlready
from haihe.kernel.catalogue.grant_errors import (
    BadException,
    BadTerms,
    GrantOver,
    UnknownException,
    UnknownGrant,
)
from haihe.kernel.catalogue.internals.clocks import city_calendar, limits
from haihe.kernel.catalogue.internals.finding import must_be_of
from haihe.kernel.catalogue.internals.notices import tell
from haihe.kernel.catalogue.internals.procedure import must_say, wait
from haihe.kernel.catalogue.internals.terms import check_onward, freeze
from haihe.kernel.catalogue.models import Grant, OnwardException
from haihe.kernel.ledger import actions as ledger

State = OnwardException.State


@transaction.atomic
def ask_onward(
    *, by: Actor, grant: Grant | UUID, to: Iterable[str], law: str, last: date, reason: str
) -> OnwardException:
    """Ask, as the holder, that a grant's data may be passed on to departments, by a law.

    ``last`` is the exception's last day, in the city; it can't lie past the grant's end.
    Errors: ``catalogue.grant.unknown``, ``catalogue.not_your_department``,
    ``catalogue.without_reason``, ``catalogue.grant.over``, ``catalogue.onward.bad``.
    """
    by.must("catalogue.onward.ask")
    found = _grant(grant)
    must_be_of(by, found.department_id)
    said = must_say(reason)
    _must_last(found)
    if found.exceptions.filter(state=State.ASKED).exists():
        raise BadException("A request for onward use waits for its answer already.")
    named = sorted(set(to))
    _must_name(found, named, law)
    made = OnwardException(
        grant=found, to=named, law=law.strip(), reason=said, asked_by=by.name,
        until=_until(found, last),
    )  # fmt: skip
    wait(made, limits().conditional)
    made.save()
    _record(by, made, "catalogue.onward.asked", reason=said)
    title = {"zh": "收到再提供例外申请", "en": "A request for onward use waits for you"}
    _tell(made, found.resource.department_id, "asked", title)
    return made


@transaction.atomic
def allow_onward(*, by: Actor, exception: OnwardException | UUID, reason: str) -> OnwardException:
    """Allow it, as the provider, with a reason; the grant's next document says so.

    Errors: ``catalogue.onward.unknown``, ``catalogue.not_your_department``,
    ``catalogue.without_reason``, ``catalogue.state.not_allowed``, ``catalogue.grant.over``,
    ``catalogue.onward.bad`` where its last day has passed or a department is no more.
    """
    by.must("catalogue.onward.decide")
    found, grant = _asked(by, exception)
    said = must_say(reason)
    _must_last(grant)
    _must_name(grant, found.to, found.law)
    if not now() < found.until <= grant.until:
        raise BadException("The last day that was asked for has passed, or the grant ends sooner.")
    _decide(found, State.ALLOWED, by=by, answer=said)
    body = {**_body(found), "reason": said}
    freeze(grant, by=by, kind="catalogue.onward.allowed", body=body)
    title = {"zh": "再提供例外已获同意", "en": "Onward use is allowed"}
    _tell(found, grant.department_id, "allowed", title)
    return found


@transaction.atomic
def refuse_onward(*, by: Actor, exception: OnwardException | UUID, reason: str) -> OnwardException:
    """Let the ban stand, as the provider, and say why.

    Errors: ``catalogue.onward.unknown``, ``catalogue.not_your_department``,
    ``catalogue.without_reason``, ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.onward.decide")
    found, grant = _asked(by, exception)
    said = must_say(reason)
    _decide(found, State.REFUSED, by=by, answer=said)
    _record(by, found, "catalogue.onward.refused", reason=said)
    title = {"zh": "再提供例外未获同意", "en": "Onward use was refused"}
    _tell(found, grant.department_id, "refused", title)
    return found


def _grant(given: Grant | UUID) -> Grant:
    key = given.pk if isinstance(given, Grant) else given
    rows = Grant.objects.select_for_update(of=("self",)).select_related("resource")
    found = rows.filter(pk=key).first()
    if found is None:
        raise UnknownGrant
    return found


def _asked(by: Actor, given: OnwardException | UUID) -> tuple[OnwardException, Grant]:
    key = given.pk if isinstance(given, OnwardException) else given
    held = OnwardException.objects.filter(pk=key).values_list("grant", flat=True).first()
    if held is None:
        raise UnknownException
    grant = _grant(held)  # before the exception: as whoever asks locks
    found = OnwardException.objects.select_for_update().get(pk=key)
    must_be_of(by, grant.resource.department_id)
    if found.state != State.ASKED:
        raise MovedAlready("This request is decided already.")
    return found, grant


def _must_last(grant: Grant) -> None:
    if grant.withdrawn_at is not None or grant.until <= now():
        raise GrantOver


def _must_name(grant: Grant, named: list[str], law: str) -> None:
    if not named:
        raise BadException("Onward use is asked for to departments that are named.")
    try:
        check_onward(
            named, law, receiver=grant.department_id, provider=grant.resource.department_id
        )
    except BadTerms as fault:
        raise BadException(fault.message) from None


def _until(grant: Grant, last: date) -> datetime:
    """The end of the last day in the city, or of the grant on its own last day."""
    zone = city_calendar().zone
    end = datetime.combine(last + timedelta(days=1), time.min, zone).astimezone(UTC)
    if end <= now():
        raise BadException("The last day has passed.")
    if last > grant.until.astimezone(zone).date():
        raise BadException("The exception would end after the grant.")
    return min(end, grant.until)


def _decide(found: OnwardException, state: str, *, by: Actor, answer: str) -> None:
    found.state, found.answer = state, answer
    found.decided_by, found.decided_at = by.name, now()
    found.decided_department_id = by.department
    found.save()


def _body(found: OnwardException) -> dict[str, object]:
    return {
        "exception": str(found.pk),
        "resource": found.grant.resource_id,
        "to": found.to,
        "law": found.law,
        "until": found.until.isoformat(),
    }


def _record(by: Actor, found: OnwardException, kind: str, *, reason: str) -> None:
    grant = found.grant
    body = {**_body(found), "reason": reason}
    ledger.record(by=by, kind=kind, purpose=grant.purpose_id, grant=grant.pk, body=body)


def _tell(found: OnwardException, department: str, event: str, title: Text) -> None:
    key = f"catalogue.onward:{found.pk}:{event}"
    tell(department, key=key, title=title, text=found.grant.resource.title)
