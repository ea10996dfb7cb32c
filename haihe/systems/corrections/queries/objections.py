"""Objections as pages list them: one's own, to be decided, to be confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Grant
from haihe.kernel.org.models import Account
from haihe.systems.corrections.declare import CONFIRM, DECIDE, RAISE, REVIEW
from haihe.systems.corrections.errors import UnknownObjection
from haihe.systems.corrections.models import Objection, ObjectionWords, Receiver, Verdict
from haihe.systems.corrections.procedure import Limits
from haihe.systems.corrections.queries.held import owns_of, rows_of
from haihe.systems.corrections.queries.receivers import lines_given

VIEWS = ("decide", "confirm", "raised", "appeals", "all")


def limits() -> Limits:
    """The city's limits and authority."""
    return Limits.of(settings.CITY.get("corrections", {}))


def objections() -> QuerySet[Objection]:
    """Objections with what a line names, newest first."""
    confirmed = Count("receivers", filter=Q(receivers__confirmed_at__isnull=False))
    return (
        Objection.objects.select_related(
            "case__version", "resource__department", "column", "department", "grant__purpose"
        )
        .annotate(told=Count("receivers"), confirmed=confirmed)
        .order_by("-raised_at", "-pk")
    )


def own_objections(account: Account) -> QuerySet[Objection]:
    """What concerns a citizen: raised on them or on enterprises they act for, by whomever.

    Errors: ``corrections.not_proofed``.
    """
    keys = [bytes(each.key) for each in owns_of(account)]
    return objections().filter(subject__in=keys)


def own_objection(account: Account, key: UUID) -> Objection:
    """One of those; ``corrections.objection.unknown``, ``corrections.not_proofed``."""
    found = own_objections(account).filter(pk=key).first()
    if found is None:
        raise UnknownObjection
    return found


def listed(by: Actor, view: str) -> QuerySet[Objection]:
    """What an officer's list shows: to decide, to confirm, raised by us, appeals with us."""
    own = by.department
    open_ones = objections().filter(ended_at__isnull=True)
    if view == "confirm":
        mine = Receiver.objects.filter(department=own, confirmed_at__isnull=True)
        return objections().filter(pk__in=mine.values("objection"))
    if view == "raised":
        return objections().filter(department=own)
    if view == "appeals":
        return open_ones.filter(case__state="appealed", case__department=own)
    if view == "decide":
        waiting = ("deciding", "correcting")
        return open_ones.filter(resource__department=own, case__state__in=waiting)
    return objections().filter(_concerning(own))


def counted(by: Actor) -> dict[str, int]:
    """How many wait in each list of what is still to be done."""
    return {view: listed(by, view).count() for view in ("decide", "confirm", "appeals")}


def _concerning(department: str) -> Q:
    received = Receiver.objects.filter(department=department).values("objection")
    appealed = Q(appealed_at__isnull=False) if department == limits().authority else Q(pk=None)
    return (
        Q(resource__department=department)
        | Q(department=department)
        | Q(pk__in=received)
        | appealed
    )


def for_officer(by: Actor, key: UUID) -> Objection:
    """One objection with which the officer's department has to do.

    Only for who may do something about it; ``corrections.objection.unknown``.
    """
    found = objections().filter(_concerning(by.department), pk=key).first()
    if found is None or not any(by.may(each) for each in (RAISE, DECIDE, REVIEW, CONFIRM)):
        raise UnknownObjection
    return found


@dataclass(frozen=True)
class Part:
    """What an officer's department is in an objection, and whether it may see the values."""

    is_provider: bool
    is_objector: bool
    is_authority: bool
    receiver: Receiver | None
    grant: Grant | None

    @property
    def sees_values(self) -> bool:
        """Provider and authority decide on them; others see them under a grant that is live."""
        return self.is_provider or self.is_authority or self.grant is not None


def part_of(by: Actor, objection: Objection) -> Part:
    """The part of an officer's department."""
    own = by.department
    receiver = Receiver.objects.filter(objection=objection, department=own).first()
    is_provider = objection.resource.department_id == own
    is_authority = objection.appealed_at is not None and own == limits().authority
    grant = None
    if receiver is not None or objection.department_id == own:
        grant = _grant_to_see(own, objection)
    return Part(is_provider, objection.department_id == own, is_authority, receiver, grant)


def _grant_to_see(department: str, objection: Objection) -> Grant | None:
    """A live grant under which a department may see the values, if it was ever given them.

    Who was told yes or no of a value was not given it; and the row must stand within the grant's
    rule of rows, if it has one.
    """
    lines = lines_given(bytes(objection.subject), objection.resource_id, objection.column.name)
    if not any(line.department == department for line in lines):
        return None
    held = live_grants(department).filter(
        resource=objection.resource_id, columns=objection.column_id
    )
    return next((each for each in held if _gives_row(each, objection)), None)


def _gives_row(held: Grant, objection: Objection) -> bool:
    """Whether the row that was objected to stands within a grant's rule of rows.

    A rule over a column that may no longer be shared gives no row, as in calls.
    """
    if not held.rows:
        return True
    words = ObjectionWords.objects.filter(objection=objection).first()
    try:
        tests = catalogue.granted_rows(held)
    except HaiheError:
        return False
    rows = rows_of(bytes(objection.subject), held.resource, tests=tests)
    return words is not None and any(row and row[0].key == words.row for row in rows)


def is_authoritys(objection: Objection) -> bool:
    """Whether the decision that stands is the authority's."""
    last = objection.verdicts.order_by("-at").first()
    return last is not None and last.instance == Verdict.Instance.AUTHORITY


def live_grants(department: str) -> QuerySet[Grant]:
    """Grants of a department that hold now, with what a form names."""
    held = Grant.objects.filter(department=department, withdrawn_at__isnull=True, until__gt=now())
    return held.select_related("resource__department", "purpose").order_by("since")


def objected_columns(subject: bytes, resource: str) -> list[str]:
    """Columns of a subject's rows under an objection that is not closed, by name."""
    found = Objection.objects.filter(
        subject=subject, resource=resource, ended_at__isnull=True, seen_at__isnull=True
    )
    return sorted(set(found.values_list("column__name", flat=True)))
