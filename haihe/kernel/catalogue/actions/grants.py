"""What becomes of a grant: withdrawn, evaluated, or renewed by its provider, never by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.text import Text
from haihe.kernel.catalogue.actions.demands import raise_demand
from haihe.kernel.catalogue.declare import DIVISION, Terms
from haihe.kernel.catalogue.errors import (
    BadDemand,
    MovedAlready,
    WithoutReason,
)
from haihe.kernel.catalogue.grant_errors import (
    BadRenewal,
    BadReturnFlow,
    GrantOver,
    UnknownGrant,
    UnknownRenewal,
)
from haihe.kernel.catalogue.internals.clocks import limits, months_after
from haihe.kernel.catalogue.internals.cuts import withdraw
from haihe.kernel.catalogue.internals.finding import must_be_of, resource_of
from haihe.kernel.catalogue.internals.notices import tell
from haihe.kernel.catalogue.internals.procedure import must_say, wait
from haihe.kernel.catalogue.internals.sharing import refuse_unshareable
from haihe.kernel.catalogue.internals.terms import freeze
from haihe.kernel.catalogue.models import (
    Column,
    Demand,
    Evaluation,
    Grant,
    Mode,
    Purpose,
    Renewal,
    Resource,
)
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Department

MOST_MONTHS = 60
"""A grant ends five years from now at the latest, however often it is renewed."""


@transaction.atomic
def withdraw_grant(*, by: Actor, grant: Grant | UUID, reason: str) -> Grant:
    """End a grant now, as the provider or as the department that holds it.

    Errors: ``catalogue.grant.unknown``, ``catalogue.without_reason``,
    ``catalogue.not_your_department``, ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.grant.withdraw")
    found = _locked(grant)
    must_be_of(by, found.resource.department_id, found.department_id)
    if not reason.strip():
        raise WithoutReason
    if found.withdrawn_at is not None:
        raise MovedAlready("This grant is withdrawn already.")
    withdraw(found, by=by, reason=reason)
    return found


@transaction.atomic
def evaluate_grant(*, by: Actor, grant: Grant | UUID, score: int, effect: str) -> Evaluation:
    """Say how well a grant served one's department, 1 to 5, and what came of it; once.

    Errors: ``catalogue.without_reason``, ``catalogue.not_your_department``,
    ``catalogue.demand.bad``, ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.grant.evaluate")
    found = _locked(grant)
    must_be_of(by, found.department_id)
    said = must_say(effect)
    if not 1 <= score <= 5:
        raise BadDemand("An evaluation is 1 to 5.")
    if Evaluation.objects.filter(grant=found).exists():
        raise MovedAlready("This grant is evaluated already.")
    made = Evaluation.objects.create(grant=found, score=score, effect=said, made_by=by.name)
    ledger.record(
        by=by,
        kind="catalogue.grant.evaluated",
        purpose=found.purpose_id,
        grant=found.pk,
        body={"resource": found.resource_id, "score": score},
    )
    return made


def ask_return_flow(
    *,
    by: Actor,
    resource: Resource | str,
    columns: Iterable[Column | str],
    purpose: Purpose | str,
    basis: str,
    column: str = "",
    months: int = 12,
    terms: Terms | None = None,
) -> Demand:
    """Ask, as a district, for its own people's rows back as a table (回流): an ordinary demand.

    The rows rule is the district's division as what ``column`` begins with; by default the one
    column of the resource that holds a division. ``terms`` may narrow further, never widen.
    Errors: ``catalogue.return_flow.bad`` and those of ``raise_demand``.
    """
    by.must("catalogue.demand.raise")
    own = Department.objects.filter(pk=by.department).first()
    found = resource_of(resource)
    holding = [each.name for each in found.columns.all() if each.element == DIVISION]
    if own is None or own.division_id is None:
        raise BadReturnFlow("Only a district's government gets rows back.")
    if not column and len(holding) != 1:
        raise BadReturnFlow(f"{found.code} has {len(holding)} columns that hold a division.")
    given = terms or Terms()
    rule = {"column": column or holding[0], "test": "prefix", "values": [own.division_id]}
    return raise_demand(
        by=by,
        resource=found,
        columns=columns,
        purpose=purpose,
        basis=basis,
        mode=Mode.TABLE,
        months=months,
        terms=replace(given, rows=[rule, *given.rows], is_return_flow=True),
    )


@transaction.atomic
def ask_renewal(*, by: Actor, grant: Grant | UUID, months: int, reason: str) -> Renewal:
    """Ask, as its holder, that a grant in force last that many months more.

    Errors: ``catalogue.grant.unknown``, ``catalogue.not_your_department``,
    ``catalogue.without_reason``, ``catalogue.grant.over``, ``catalogue.renewal.bad``.
    """
    by.must("catalogue.grant.ask_renewal")
    found = _locked(grant)
    must_be_of(by, found.department_id)
    if not reason.strip():
        raise WithoutReason
    _must_last(found)
    if found.renewals.filter(state=Renewal.State.ASKED).exists():
        raise BadRenewal("A renewal of this grant waits for its answer already.")
    if not 1 <= months <= MOST_MONTHS:
        raise BadRenewal(f"A grant is renewed by 1 to {MOST_MONTHS} months.")
    until = months_after(found.until, months)
    _must_end_in_time(until)
    renewal = Renewal(
        grant=found,
        until_before=found.until,
        until_after=until,
        reason=reason,
        asked_by=by.name,
    )
    wait(renewal, limits().conditional)
    renewal.save()
    _record(by, renewal, "catalogue.renewal.asked", reason=reason)
    provider = found.resource.department_id
    _tell(renewal, provider, "asked", {"zh": "收到授权续期申请", "en": "A renewal waits for you"})
    return renewal


@transaction.atomic
def renew_grant(*, by: Actor, renewal: Renewal | UUID) -> Grant:
    """Let a grant last as long as was asked, as its provider; its next document says so.

    Errors: ``catalogue.renewal.unknown``, ``catalogue.not_your_department``,
    ``catalogue.state.not_allowed``, ``catalogue.grant.over``, ``catalogue.renewal.bad``,
    ``catalogue.column.on_negative_list``, ``catalogue.column.withheld``.
    """
    by.must("catalogue.grant.renew")
    found = _asked(by, renewal)
    grant = _locked(found.grant_id)
    _must_last(grant)
    _must_end_in_time(found.until_after)
    refuse_unshareable(grant.resource, list(grant.columns.all()))
    _decide(found, Renewal.State.RENEWED, by=by)
    grant.until = found.until_after
    grant.save(update_fields=["until"])
    freeze(grant, by=by, kind="catalogue.renewal.granted", body=_body(found))
    _tell(found, grant.department_id, "renewed", {"zh": "授权已续期", "en": "Grant renewed"})
    return grant


@transaction.atomic
def refuse_renewal(*, by: Actor, renewal: Renewal | UUID, reason: str) -> Renewal:
    """Let a grant end on its day, as its provider, and say why.

    Errors: ``catalogue.renewal.unknown``, ``catalogue.not_your_department``,
    ``catalogue.without_reason``, ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.grant.renew")
    found = _asked(by, renewal)
    if not reason.strip():
        raise WithoutReason
    _decide(found, Renewal.State.REFUSED, by=by, answer=reason)
    _record(by, found, "catalogue.renewal.refused", reason=reason)
    title = {"zh": "授权续期未获同意", "en": "The renewal was refused"}
    _tell(found, found.grant.department_id, "refused", title)
    return found


def _locked(given: Grant | UUID) -> Grant:
    key = given.pk if isinstance(given, Grant) else given
    rows = Grant.objects.select_for_update(of=("self",)).select_related("resource", "purpose")
    found = rows.filter(pk=key).first()
    if found is None:
        raise UnknownGrant
    return found


def _asked(by: Actor, given: Renewal | UUID) -> Renewal:
    key = given.pk if isinstance(given, Renewal) else given
    rows = Renewal.objects.select_for_update(of=("self",)).select_related("grant__resource")
    found = rows.filter(pk=key).first()
    if found is None:
        raise UnknownRenewal
    must_be_of(by, found.grant.resource.department_id)
    if found.state != Renewal.State.ASKED:
        raise MovedAlready("This renewal is decided already.")
    return found


def _must_last(grant: Grant) -> None:
    if grant.withdrawn_at is not None or grant.until <= now():
        raise GrantOver


def _must_end_in_time(until: datetime) -> None:
    if until > months_after(now(), MOST_MONTHS):
        raise BadRenewal(f"The grant would end later than {MOST_MONTHS} months from today.")


def _decide(renewal: Renewal, state: str, *, by: Actor, answer: str = "") -> None:
    renewal.state, renewal.answer = state, answer
    renewal.decided_by, renewal.decided_at = by.name, now()
    renewal.decided_department_id = by.department
    renewal.save()


def _body(renewal: Renewal) -> dict[str, str]:
    return {
        "renewal": str(renewal.pk),
        "resource": renewal.grant.resource_id,
        "until_before": renewal.until_before.isoformat(),
        "until_after": renewal.until_after.isoformat(),
    }


def _record(by: Actor, renewal: Renewal, kind: str, **facts: str) -> None:
    grant = renewal.grant
    ledger.record(
        by=by,
        kind=kind,
        purpose=grant.purpose_id,
        grant=grant.pk,
        body={**_body(renewal), **facts},
    )


def _tell(renewal: Renewal, department: str, event: str, title: Text) -> None:
    key = f"catalogue.renewal:{renewal.pk}:{event}"
    tell(department, key=key, title=title, text=renewal.grant.resource.title)
