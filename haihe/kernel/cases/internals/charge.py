"""In whose charge a new report stands: of whoever is on duty, else the government of its place."""

from __future__ import annotations

from collections.abc import Sequence

from haihe.kernel.org import queries as org
from haihe.kernel.org.duty import DISPATCHER, OnDuty


def charge_of(asked: Sequence[OnDuty], *, place: str) -> tuple[str, int | None, int | None]:
    """Department, post and officer. ``asked``: who is on duty there, best first; maybe nobody.

    Errors: ``org.unit.none``.
    """
    first = next(iter(asked), None)
    if first is None:
        return org.unit_of(place).pk, None, None
    unit = first.post.department_id
    is_own = first.role != DISPATCHER and first.officer.department_id == unit
    return unit, first.post.pk, first.officer.pk if is_own else None
