"""The one judge of calls: may this department ask this service, for this purpose, these columns?

Pure: used by the hot path and by officers' pages alike. Which columns may leave is worked out once
for each grant and service, when rights change; what depends on the clock is judged at each call.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from haihe.base.row_tests import rows_in_memory
from haihe.engine.calls import refusals
from haihe.engine.calls.rights import GrantRight, Rights, ServiceRight


@dataclass(frozen=True)
class Permit:
    """A call that may be answered: by which service, under which grant, with which columns.

    ``is_given`` says of a row whether the grant's rows rule gives it; None where it gives all. A
    row that is not given is as if it were not held: a refusal would tell where somebody lives.
    """

    service: ServiceRight
    grant: GrantRight
    columns: tuple[str, ...]
    is_given: Callable[[Mapping[str, Any]], bool] | None = None

    def given(self, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """The rows that the grant gives, of all that are held, in their order."""
        return [row for row in rows if self.is_given is None or self.is_given(row)]


class Judge:
    """Judges calls against the rights of one moment."""

    def __init__(self, rights: Rights) -> None:
        self.rights = rights
        self._permits: dict[tuple[str, str, str], list[Permit]] = {}
        grants: dict[str, list[GrantRight]] = {}
        for each in rights.grants.values():
            grants.setdefault(each[0].resource, []).extend(each)
        for service in rights.services.values():
            self._prepare(service, grants.get(service.resource, ()))
        for permits in self._permits.values():
            # Of several grants for one purpose, one that gives every row is asked first.
            permits.sort(key=lambda permit: permit.is_given is not None)

    def _prepare(self, service: ServiceRight, grants: Sequence[GrantRight]) -> None:
        servable = self.rights.servable(service.resource)
        for grant in grants:
            columns = tuple(name for name in grant.columns if name in servable)
            key = (service.code, grant.department, grant.purpose)
            is_given = rows_in_memory(grant.rows)
            if any(test.column not in servable for test in grant.rows):
                is_given = _none  # what may not leave can't be asked either
            permit = Permit(service, grant, columns, is_given)
            self._permits.setdefault(key, []).append(permit)

    def permit(
        self, service: str, *, department: str, purpose: str, columns: Sequence[str], at: float
    ) -> Permit:
        """The permit of a call at a moment (seconds since 1970).

        Errors: ``services.service.…``, ``services.purpose.…``, ``services.grant.…``,
        ``services.column.…``.
        """
        permits = self._permits.get((service, department, purpose))
        if permits is None:
            raise self._why_none(service, department, purpose)
        called = permits[0].service
        if not called.is_open:
            raise refusals.ClosedService
        if columns and called.kind == "proof":
            raise refusals.MalformedBody("A proof answers yes or no: it has no columns to choose.")
        for permit in permits:
            grant = permit.grant
            if grant.since <= at < grant.until and not grant.withdrawn:
                narrowed = self._narrow(permit, columns)
                if narrowed is not None:
                    return narrowed
        raise self._why_not(permits, columns, at)

    def is_allowed(self, service: str, department: str, *, at: float) -> bool:
        """Whether a department has any live grant for a service, whatever its purpose."""
        resource = self.rights.services[service].resource
        return any(
            grant.since <= at < grant.until and not grant.withdrawn
            for grant in self.rights.grants.get((department, resource), ())
        )

    def _why_none(self, service: str, department: str, purpose: str) -> refusals.Refusal:
        called = self.rights.services.get(service)
        if called is None:
            return refusals.UnknownService()
        if not called.is_open:
            return refusals.ClosedService()
        if not purpose:
            return refusals.NoPurpose()
        if (department, called.resource) in self.rights.grants:
            return refusals.WrongPurpose()
        return refusals.NoGrant()

    def _narrow(self, permit: Permit, columns: Sequence[str]) -> Permit | None:
        """The permit for the columns asked, or None if it does not cover them."""
        needed = permit.service.column
        if needed and needed not in permit.columns:
            return None
        if not columns:
            return permit if permit.columns else None
        if not set(columns) <= set(permit.columns):
            return None
        kept = tuple(name for name in permit.columns if name in columns)
        return Permit(permit.service, permit.grant, kept, permit.is_given)

    def _why_not(
        self, permits: Sequence[Permit], columns: Sequence[str], at: float
    ) -> refusals.Refusal:
        live = [p for p in permits if p.grant.since <= at < p.grant.until]
        if not live:
            return refusals.ExpiredGrant()
        live = [permit for permit in live if not permit.grant.withdrawn]
        if not live:
            return refusals.WithdrawnGrant()
        service = permits[0].service
        needed = [service.column] if service.column else list(columns)
        wanted = needed or [name for permit in live for name in permit.grant.columns]
        laws = self.rights.laws(service.resource)
        for name in wanted:
            if name in laws:
                return refusals.NegativeColumn(column=name, law=laws[name])
        granted = {name for permit in live for name in permit.columns}
        beyond = [name for name in wanted if name not in granted]
        return refusals.ColumnNotGranted(columns=beyond or wanted)


def _none(row: Mapping[str, Any]) -> bool:
    return False
