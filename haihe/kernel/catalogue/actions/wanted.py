"""Data looked for (供需对接): told to the authority, found or published, then demanded."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.text import Text
from haihe.kernel.catalogue.errors import (
    HeldAlready,
    NotYourDepartment,
    OwnResource,
    ResourceNotPublished,
    WithoutBasis,
    WithoutColumns,
)
from haihe.kernel.catalogue.internals.clocks import limits
from haihe.kernel.catalogue.internals.finding import (
    department_of,
    must_be_of,
    purpose_of,
    resource_of,
)
from haihe.kernel.catalogue.internals.leading import already_held
from haihe.kernel.catalogue.internals.procedure import (
    authority,
    locked_wanted,
    moved,
    must_be_authority,
    must_say,
    must_stand,
    rest,
    say_to,
    wait,
)
from haihe.kernel.catalogue.models import Purpose, Resource, Wanted
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Department

MOST_ITEMS = 100
State = Wanted.State


@transaction.atomic
def seek_data(
    *,
    by: Actor,
    title: str,
    items: Sequence[str],
    purpose: Purpose | str,
    basis: str,
    scene: str = "",
    why_not_held: str = "",
) -> Wanted:
    """Say which data one's department needs and does not find; the authority looks for them.

    ``items`` are titles of data, one each. Those that the city holds are pointed out and refused
    (no repeat collection, Decree 809), unless ``why_not_held`` says why they do not serve.
    Errors: ``catalogue.without_authority``, ``catalogue.not_your_department``,
    ``catalogue.without_basis``, ``catalogue.purpose.unknown``, ``catalogue.without_columns``,
    ``catalogue.wanted.held_already``.
    """
    by.must("catalogue.demand.raise")
    judge, why = authority(), purpose_of(purpose)
    if not by.department:
        raise NotYourDepartment("Only a department's officer looks for data.")
    if not basis.strip():
        raise WithoutBasis
    named = list(dict.fromkeys(item.strip() for item in items if item.strip()))
    if not title.strip() or not 1 <= len(named) <= MOST_ITEMS:
        raise WithoutColumns(f"Name what you look for, in 1 to {MOST_ITEMS} items.")
    if not why_not_held.strip():
        _must_not_be_held(named, by=by)
    wanted = Wanted(
        department_id=by.department,
        title=title.strip(),
        items=named,
        purpose=why,
        basis=basis.strip(),
        scene=scene.strip(),
        why_not_held=why_not_held.strip(),
        raised_by=by.name,
    )
    wait(wanted, limits().match)
    wanted.save()
    _record(by, wanted, "catalogue.wanted.raised", items=named)
    moved(wanted, by=by, action="raise", unit=judge)
    say_to(wanted, judge, "raised", {"zh": "有待对接需求", "en": "Data are looked for"})
    return wanted


@transaction.atomic
def match_wanted(*, by: Actor, wanted: Wanted | UUID, resource: Resource | str) -> Wanted:
    """The authority finds a published resource that holds what is looked for.

    Errors: ``catalogue.resource.unknown``, ``catalogue.resource.not_published``,
    ``catalogue.demand.own_resource``, ``catalogue.without_authority``,
    ``catalogue.not_your_department``, ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.demand.match")
    found = locked_wanted(wanted)
    must_be_authority(by)
    must_stand(found, State.MATCHING)
    _found(found, resource, by=by)
    return found


@transaction.atomic
def ask_provider(*, by: Actor, wanted: Wanted | UUID, department: Department | str) -> Wanted:
    """The authority asks a department to publish what it holds and the catalogue lacks.

    Errors: ``catalogue.department.unknown``, ``catalogue.demand.own_resource``; as
    ``match_wanted``.
    """
    by.must("catalogue.demand.match")
    found = locked_wanted(wanted)
    must_be_authority(by)
    provider = department_of(department)
    must_stand(found, State.MATCHING)
    if provider.code == found.department_id:
        raise OwnResource
    found.provider, found.state = provider, State.PUBLISHING
    wait(found, limits().publish)
    found.save()
    _record(by, found, "catalogue.wanted.asked", department=provider.code)
    moved(found, by=by, action="ask", unit=provider.code)
    title = {"zh": "请编目发布所需数据", "en": "Please publish data that are needed"}
    _tell(found, provider.code, "asked", title)
    return found


@transaction.atomic
def supply_wanted(*, by: Actor, wanted: Wanted | UUID, resource: Resource | str) -> Wanted:
    """The provider that was asked names the resource that it published.

    Errors: as ``match_wanted``.
    """
    by.must("catalogue.demand.grant")
    found = locked_wanted(wanted)
    must_be_of(by, found.provider_id or "")
    must_stand(found, State.PUBLISHING)
    if resource_of(resource).department_id != found.provider_id:
        raise NotYourDepartment("The resource is another department's.")
    _found(found, resource, by=by)
    return found


@transaction.atomic
def decline_wanted(*, by: Actor, wanted: Wanted | UUID, reason: str) -> Wanted:
    """The provider that was asked can't publish, and says why: the authority looks further.

    Errors: ``catalogue.without_reason``, ``catalogue.not_your_department``,
    ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.demand.refuse")
    found = locked_wanted(wanted)
    must_be_of(by, found.provider_id or "")
    said = must_say(reason)
    must_stand(found, State.PUBLISHING)
    judge = authority()
    found.state, found.reason = State.MATCHING, said
    wait(found, limits().match)
    found.save()
    _record(by, found, "catalogue.wanted.declined", department=by.department, reason=said)
    moved(found, by=by, action="decline", unit=judge, note=said)
    title = {"zh": "提供方不能提供", "en": "The provider can't publish"}
    _tell(found, judge, "declined", title)
    return found


@transaction.atomic
def refuse_wanted(*, by: Actor, wanted: Wanted | UUID, reason: str) -> Wanted:
    """The authority finds nobody who could provide it, and says why.

    Errors: ``catalogue.without_reason``; as ``match_wanted``.
    """
    by.must("catalogue.demand.match")
    found = locked_wanted(wanted)
    must_be_authority(by)
    said = must_say(reason)
    must_stand(found, State.MATCHING)
    _end(found, State.REFUSED, reason=said)
    _record(by, found, "catalogue.wanted.refused", reason=said)
    moved(found, by=by, action="refuse", note=said)
    title = {"zh": "所需数据无法对接", "en": "What you look for can't be had"}
    _tell(found, found.department_id, "refused", title)
    return found


@transaction.atomic
def withdraw_wanted(*, by: Actor, wanted: Wanted | UUID) -> Wanted:
    """Whoever looks for data needs them no more.

    Errors: ``catalogue.not_your_department``, ``catalogue.state.not_allowed``.
    """
    by.must("catalogue.demand.withdraw")
    found = locked_wanted(wanted)
    must_be_of(by, found.department_id)
    must_stand(found, State.MATCHING, State.PUBLISHING, State.FOUND)
    _end(found, State.WITHDRAWN)
    _record(by, found, "catalogue.wanted.withdrawn")
    moved(found, by=by, action="withdraw")
    return found


def _must_not_be_held(items: Sequence[str], *, by: Actor) -> None:
    held = {
        item: column
        for item, column in already_held(items).items()
        if column.resource.department_id != by.department
    }
    if held:
        named = "; ".join(f"{item}: {column.resource_id}" for item, column in held.items())
        raise HeldAlready(f"The city holds this already. {named}.")


def _found(wanted: Wanted, resource: Resource | str, *, by: Actor) -> None:
    found = resource_of(resource)
    if found.department_id == wanted.department_id:
        raise OwnResource
    if found.state != Resource.State.PUBLISHED:
        raise ResourceNotPublished
    wanted.resource, wanted.state = found, State.FOUND
    wanted.provider_id = found.department_id
    rest(wanted)
    wanted.save()
    _record(by, wanted, "catalogue.wanted.found", resource=found.code)
    moved(wanted, by=by, action="find", unit=wanted.department_id)
    title = {"zh": "所需数据已找到", "en": "What you look for is found"}
    _tell(wanted, wanted.department_id, "found", title)


def _end(wanted: Wanted, state: str, *, reason: str = "") -> None:
    wanted.state, wanted.reason = state, reason
    rest(wanted)
    wanted.save()


def _tell(wanted: Wanted, department: str, event: str, title: Text) -> None:
    say_to(wanted, department, f"{event}:{wanted.provider_id}", title)


def _record(by: Actor, wanted: Wanted, kind: str, **facts: object) -> None:
    body = {"wanted": str(wanted.pk), **facts}
    ledger.record(by=by, kind=kind, purpose=wanted.purpose_id, body=body)
