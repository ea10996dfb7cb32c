"""Opening and closing services on a department's own resources."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.text import Text
from haihe.edges.xroad.address import is_part
from haihe.edges.xroad.metaservices import RESERVED
from haihe.engine.calls import proofs
from haihe.engine.calls.refusals import UnknownService
from haihe.kernel.catalogue.models import Resource
from haihe.kernel.catalogue.queries import grantable_columns
from haihe.kernel.catalogue.queries import resource as resource_of
from haihe.kernel.ledger.actions import record
from haihe.kernel.services.errors import (
    BadPredicate,
    BadServiceCode,
    CannotServe,
    NotTheProvider,
    ServiceExists,
)
from haihe.kernel.services.models import Service


def open_service(
    *,
    by: Actor,
    code: str,
    resource: Resource | str,
    title: Text,
    kind: str = Service.Kind.LOOK_UP,
    predicate: tuple[str, str, Any] | None = None,
) -> Service:
    """Open a look-up or a proof on a published resource, as the department that provides it.

    ``predicate`` (column, operator, value) is a proof's fixed question; without it the proof says
    whether a row is held. A closed service of that code on the same resource is opened again.

    Errors: ``services.service.bad_code``, ``services.service.exists``,
    ``services.resource.cannot_serve``, ``services.predicate.bad``, ``services.not_the_provider``.
    """
    by.must("services.service.open")
    found = resource_of(resource if isinstance(resource, str) else resource.code)
    _must_provide(by, found)
    if not is_part(code) or code in RESERVED:
        raise BadServiceCode
    _check_servable(found)
    column, operator, value = _checked(found, kind=kind, predicate=predicate)
    with transaction.atomic():
        service = Service.objects.select_for_update().filter(pk=code).first()
        if service is not None and (service.is_open or service.resource_id != found.code):
            raise ServiceExists
        opened, _ = Service.objects.update_or_create(
            code=code,
            defaults={
                "resource": found,
                "title": dict(title),
                "kind": kind,
                "predicate_column": column,
                "predicate_operator": operator,
                "predicate_value": value,
                "is_open": True,
            },
        )
        record(
            by=by,
            kind="services.service.opened",
            body={"service": code, "resource": found.code, "of": str(kind), "column": column},
        )
    return opened


def close_service(*, by: Actor, service: Service | str) -> Service:
    """Close a service: it stops answering within a second.

    Errors: ``services.service.unknown``, ``services.not_the_provider``.
    """
    by.must("services.service.close")
    with transaction.atomic():
        code = service if isinstance(service, str) else service.code
        found = Service.objects.select_for_update(of=("self",)).filter(pk=code).first()
        if found is None:
            raise UnknownService
        _must_provide(by, found.resource)
        found.is_open = False
        found.save(update_fields=["is_open"])
        record(by=by, kind="services.service.closed", body={"service": found.code})
    return found


def _must_provide(by: Actor, resource: Resource) -> None:
    """The provider itself, or an administrator who stands in at set-up."""
    if by.kind != "administrator" and by.department != resource.department_id:
        raise NotTheProvider


def _check_servable(resource: Resource) -> None:
    subject = resource.columns.filter(is_subject=True).exclude(scheme="").first()
    if resource.state != Resource.State.PUBLISHED:
        raise CannotServe("The resource is not published.")
    if subject is None:
        raise CannotServe("No column of the resource says by number whom a row concerns.")
    if resource.system_id is None:
        raise CannotServe("The resource names no source system; its code stands in the address.")
    if not (is_part(resource.department_id) and is_part(resource.system_id)):
        raise CannotServe("The department's or system's code can't stand in an address.")
    if not grantable_columns(resource):
        raise CannotServe("All columns are withheld or on the negative list.")


def _checked(
    resource: Resource, *, kind: str, predicate: tuple[str, str, Any] | None
) -> tuple[str, str, Any]:
    if kind not in Service.Kind.values:
        raise BadPredicate("A service is a proof or a look-up.")
    if predicate is None:
        return "", "", None
    column, operator, value = predicate
    if kind != Service.Kind.PROOF:
        raise BadPredicate("Only a proof has a predicate.")
    if not proofs.is_comparable(operator, value):
        raise BadPredicate(f"The operator {operator!r} with this value can't be evaluated.")
    if column not in {each.name for each in grantable_columns(resource)}:
        raise BadPredicate(f"{column} is no column that may leave: withheld, listed or unknown.")
    return column, operator, value
