"""What a new document would change for running cases."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from haihe.kernel.cases.declare import CaseType
from haihe.kernel.cases.internals.folder import type_of
from haihe.kernel.cases.models import Case, CaseTypeVersion


@dataclass(frozen=True)
class Preview:
    """``running`` counts cases by version and state. ``stranded``: states in use that it lacks.

    ``changed`` names states, actions and clocks that differ from the newest version's. No running
    case changes until it is migrated; ``stranded`` states then need a mapping.
    """

    running: dict[tuple[int, str], int]
    stranded: frozenset[str]
    changed: tuple[str, ...]

    @property
    def affected(self) -> int:
        """How many cases run."""
        return sum(self.running.values())


def preview(case_type: CaseType) -> Preview:
    """Compare a checked type with the versions that there are."""
    rows = Case.objects.filter(version__name=case_type.name, ended_at__isnull=True)
    counted = rows.values_list("version__number", "state").annotate(count=Count("pk"))
    running = {(number, state): count for number, state, count in counted.order_by()}
    newest = CaseTypeVersion.objects.filter(name=case_type.name).order_by("-number").first()
    return Preview(
        running=running,
        stranded=frozenset(state for _, state in running if state not in case_type.states),
        changed=_changed(type_of(newest), case_type) if newest else (),
    )


def _changed(old: CaseType, new: CaseType) -> tuple[str, ...]:
    parts = (
        ("state", old.states, new.states),
        ("action", old.actions, new.actions),
        ("clock", old.clocks, new.clocks),
    )
    return tuple(
        f"{kind} {name}"
        for kind, before, after in parts
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    )
