"""Systems and responsibilities: each row through its action, each refusal told by its cell."""

from __future__ import annotations

from typing import Any

from haihe.edges.sheets import Read, Row
from haihe.kernel.catalogue.actions.lists import add_responsibility, change_responsibility
from haihe.kernel.catalogue.actions.systems import MOST_COUNTED, register_system
from haihe.kernel.catalogue.actions.taking.work import Work, counted, keyed, said, titled
from haihe.kernel.catalogue.internals.sheets.filling import Values, of_responsibility, of_system
from haihe.kernel.catalogue.internals.sheets.lists import RESPONSIBILITIES, SYSTEMS
from haihe.kernel.catalogue.models import Resource, Responsibility, SourceSystem

_KINDS_OF_END = ("keep", "merge", "close")
_OF_SYSTEM = {
    "catalogue.code_taken": "code",
    "catalogue.not_your_department": "provider",
    "catalogue.system.network_unknown": "network",
    "catalogue.system.bad_merge": "merges_into",
    "catalogue.system.merged_into": "fate",
    "catalogue.system.fate_unknown": "fate",
}
_OF_RESPONSIBILITY = {
    "catalogue.without_basis": "basis",
    "catalogue.system.unknown": "system",
    "catalogue.system.closed": "system",
    "catalogue.not_your_department": "provider",
    "catalogue.responsibility.not_a_post": "contact_post",
    "catalogue.responsibility.item_without_title": "item_title",
}


def take_systems(work: Work, read: Read | None) -> None:
    """The list of systems: those that stay first, so that others may be merged into them."""
    count = work.begin("systems", (SYSTEMS, read))
    rows = sorted(keyed(read, "code"), key=lambda each: _end(each[1]))
    there = SourceSystem.objects.in_bulk([code for code, _ in rows])
    for code, row in rows:
        values = said(row, quiet=("title", "network", "fate"))
        before = there.get(code)
        if not row.is_sound:
            work.unmade_systems.add(code)
            continue
        otherwise = before.department_id if before is not None else work.by.department
        owner = work.owner("systems", row, otherwise=otherwise)
        title = titled(values, "title", before.title if before is not None else None)
        if not title:
            work.tell("systems", row, "title", "title_missing")
        if owner is None or not title or values.get("merges_into") in work.unmade_systems:
            work.unmade_systems.add(code)
            continue
        if not _is_other(before, owner) and not counted(count, values, _of(before)):
            continue
        given = _system(values, before)
        is_made = work.attempt(
            "systems",
            row,
            lambda g=given, c=code, o=owner, t=title: register_system(  # type: ignore[misc]
                by=work.by, code=c, department=o, title=t, **g
            ),
            _OF_SYSTEM | {"catalogue.system.bad_count": _miscounted(values)},
            "code",
        )
        if not is_made:
            work.unmade_systems.add(code)


def _miscounted(values: Values) -> str:
    """Which of the two counts can't be one, where one of them can't."""
    tables = values.get("tables")
    is_count = not isinstance(tables, int) or 0 <= tables <= MOST_COUNTED
    return "interfaces" if is_count else "tables"


def _is_other(before: SourceSystem | None, owner: str) -> bool:
    return before is not None and before.department_id != owner


def _of(before: SourceSystem | None) -> Values | None:
    return of_system(before) if before is not None else None


def _end(row: Row) -> int:
    fate = row.values.get("fate")
    return _KINDS_OF_END.index(fate) if isinstance(fate, str) else 0


def _system(values: Values, before: SourceSystem | None) -> dict[str, Any]:
    """What the action takes: all that it would otherwise reset, and what the row names."""
    given: dict[str, Any] = {"network": "", "protection_level": None}
    if before is not None:
        given |= {
            name: getattr(before, name)
            for name in ("kind", "connection_cap", "timeout_s", "network", "protection_level")
        }
        known = SourceSystem.Network.values
        given["network"] = before.network if before.network in known else ""
    for name, value in values.items():
        if name in {"code", "title", "title_en"}:
            continue
        if name in {"cloud", "builder"}:
            given[name] = value or ""
        elif name == "protection_level":
            given[name] = int(value) if isinstance(value, str) else None
        else:
            given[name] = bool(value) if name == "is_vertical" else value
    return given


def take_responsibilities(work: Work, read: Read | None) -> None:
    """The list of responsibilities: added, or corrected."""
    count = work.begin("responsibilities", (RESPONSIBILITIES, read))
    rows = list(keyed(read, "resource"))
    codes = [code for code, _ in rows]
    there = {each.resource_id: each for each in Responsibility.objects.filter(resource__in=codes)}
    owners = dict(Resource.objects.filter(pk__in=codes).values_list("code", "department"))
    for code, row in rows:
        if not row.is_sound or not work.is_there("responsibilities", row, code, owners):
            continue
        if work.owner("responsibilities", row, otherwise=owners[code]) is None:
            continue
        values = said(row, quiet=("duty", "system", "status"))
        before = there.get(code)
        duty = titled(values, "duty", before.duty if before is not None else None)
        if not duty:
            work.tell("responsibilities", row, "duty", "title_missing")
            continue
        kept = of_responsibility(before) if before is not None else None
        if values.get("system") in work.unmade_systems or not counted(count, values, kept):
            continue
        given = _responsibility(values)
        act = add_responsibility if before is None else change_responsibility
        work.attempt(
            "responsibilities",
            row,
            lambda a=act, g=given, c=code, d=duty: a(by=work.by, resource=c, duty=d, **g),  # type: ignore[misc]
            _OF_RESPONSIBILITY,
            "resource",
        )


def _responsibility(values: Values) -> dict[str, Any]:
    left = {"resource", "duty", "duty_en"}
    return {
        name: value if name in {"due", "system"} else value or ""
        for name, value in values.items()
        if name not in left
    }
