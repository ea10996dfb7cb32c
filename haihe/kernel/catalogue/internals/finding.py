"""Rows by their codes, with the catalogue's own errors, and whose business they are."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from haihe.base.actor import Actor
from haihe.kernel.catalogue.errors import (
    NotYourDepartment,
    UnknownColumn,
    UnknownDemand,
    UnknownDepartment,
    UnknownPurpose,
    UnknownResource,
    UnknownSystem,
)
from haihe.kernel.catalogue.models import Column, Demand, Purpose, Resource, SourceSystem
from haihe.kernel.org.models import Department


def department_of(given: Department | str) -> Department:
    """The department of a code; ``catalogue.department.unknown``."""
    if isinstance(given, Department):
        return given
    found = Department.objects.filter(pk=given).first()
    if found is None:
        raise UnknownDepartment(f"There is no department {given!r}.")
    return found


def system_of(given: SourceSystem | str) -> SourceSystem:
    """The source system of a code, as it is now; ``catalogue.system.unknown``."""
    code = given.code if isinstance(given, SourceSystem) else given
    found = SourceSystem.objects.filter(pk=code).first()
    if found is None:
        raise UnknownSystem(f"There is no source system {code!r}.")
    return found


def resource_of(given: Resource | str) -> Resource:
    """The resource of a code, as it is now; ``catalogue.resource.unknown``."""
    code = given.code if isinstance(given, Resource) else given
    found = Resource.objects.filter(pk=code).first()
    if found is None:
        raise UnknownResource(f"There is no resource {code!r}.")
    return found


def purpose_of(given: Purpose | str) -> Purpose:
    """The purpose of a code; ``catalogue.purpose.unknown``."""
    if isinstance(given, Purpose):
        return given
    found = Purpose.objects.filter(pk=given).first()
    if found is None:
        raise UnknownPurpose(f"There is no purpose {given!r}.")
    return found


def locked_demand(given: Demand | UUID) -> Demand:
    """The demand as it is now, locked until the transaction ends; ``catalogue.demand.unknown``."""
    key = given.pk if isinstance(given, Demand) else given
    found = Demand.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if found is None:
        raise UnknownDemand("There is no such demand.")
    return found


def columns_of(resource: Resource, given: Iterable[Column | str]) -> list[Column]:
    """The resource's columns of those names, in its order; ``catalogue.column.unknown``."""
    known = {column.name: column for column in resource.columns.all()}
    names = {each.name if isinstance(each, Column) else each for each in given}
    unknown = sorted(names - known.keys())
    if unknown:
        raise UnknownColumn(f"{resource.code} has no column {', '.join(unknown)}.")
    return [column for name, column in known.items() if name in names]


def must_be_of(by: Actor, *departments: str) -> None:
    """Refuse (``catalogue.not_your_department``) an actor of any other department."""
    if not by.department or by.department not in departments:
        raise NotYourDepartment


def must_provide(by: Actor, department: str) -> None:
    """As ``must_be_of``, but an administrator of the installation may stand in at set-up."""
    if by.kind != "administrator":
        must_be_of(by, department)
