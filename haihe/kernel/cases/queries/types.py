"""Case types as stewards and openers see them: what is in force, what is drafted."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from haihe.base.actor import Actor
from haihe.base.registry import registry
from haihe.kernel.cases.declare import CaseType
from haihe.kernel.cases.errors import NotYourPart, UnknownDraft, UnknownType
from haihe.kernel.cases.internals import versions
from haihe.kernel.cases.internals.folder import type_of
from haihe.kernel.cases.internals.previews import Preview, preview
from haihe.kernel.cases.internals.roles import must_open
from haihe.kernel.cases.models import Case, CaseTypeDraft, CaseTypeVersion
from haihe.kernel.cases.types.documents import digest_of, read


@dataclass(frozen=True)
class CurrentType:
    """A case type as new cases get it; ``version`` is null until its first case or loading."""

    case_type: CaseType
    version: CaseTypeVersion | None


def types() -> list[CurrentType]:
    """Every case type in force, by name: the newest version of each, and what is declared."""
    newest = CaseTypeVersion.objects.order_by("name", "-number").distinct("name")
    found = {each.name: CurrentType(type_of(each), each) for each in newest}
    for name, declared in registry.case_types.items():
        found.setdefault(name, CurrentType(declared, None))
    return [found[name] for name in sorted(found)]


def case_type(name: str) -> CurrentType:
    """One case type in force; ``cases.type.unknown``."""
    newest = CaseTypeVersion.objects.filter(name=name).order_by("-number").first()
    if newest is not None:
        return CurrentType(type_of(newest), newest)
    if name not in registry.case_types:
        raise UnknownType(f"There is no case type {name}.")
    return CurrentType(registry.case_types[name], None)


def openable(by: Actor) -> list[CaseType]:
    """The city's own types (a pack's and stewards') of which an actor may open a case, by name.

    What a system declares is opened on that system's own pages.
    """
    return [
        each.case_type
        for each in types()
        if each.case_type.name not in registry.case_types and _may_open(by, each.case_type)
    ]


def _may_open(by: Actor, of: CaseType) -> bool:
    try:
        must_open(by=by, roles=of.opened_by)
    except NotYourPart:
        return False
    return True


def drafts(type: str = "") -> QuerySet[CaseTypeDraft]:
    """Drafts that wait for approval or publishing, newest first; of one type if named."""
    waiting = CaseTypeDraft.objects.exclude(state=CaseTypeDraft.State.PUBLISHED)
    found = waiting.filter(type=type) if type else waiting
    return found.order_by("-made_at", "-pk")


def draft(key: UUID) -> CaseTypeDraft:
    """One draft; ``cases.draft.unknown``."""
    found = CaseTypeDraft.objects.filter(pk=key).first()
    if found is None:
        raise UnknownDraft
    return found


def drafted(draft: CaseTypeDraft) -> CaseType:
    """The type that a draft says."""
    return read(draft.document, digest=digest_of(draft.document))


def is_for_opener(case_type: CaseType, action: str) -> bool:
    """Whether what is written in a step of one of the city's own types is for whom it concerns.

    It is where the case then has ended or waits for them, and where they act themselves; whatever
    officers write to each other on the way stays inside.
    """
    asked = case_type.actions.get(action)
    if asked is None:
        return action == "open"
    return case_type.states[asked.to].kind != "open" if asked.to else asked.roles == ("opener",)


def change_of(case_type: CaseType) -> Preview:
    """What a type would change, compared with its newest version, and for whom."""
    return preview(case_type)


def version(name: str, number: int) -> CaseType:
    """One version of a type; ``cases.type.no_version``."""
    return type_of(versions.version(name, number))


def running_by_type() -> dict[str, int]:
    """How many cases run, by the name of their type."""
    return dict(_running().values_list("version__name").annotate(Count("pk")).order_by())


def running_by_version(name: str) -> dict[int, int]:
    """How many cases of a type run, by the number of their version."""
    rows = _running().filter(version__name=name)
    return dict(rows.values_list("version__number").annotate(Count("pk")).order_by())


def states_in_use(name: str, number: int) -> dict[str, int]:
    """How many cases of a version run in each state."""
    rows = _running().filter(version__name=name, version__number=number)
    return dict(rows.values_list("state").annotate(Count("pk")).order_by("state"))


def _running() -> QuerySet[Case]:
    return Case.objects.filter(ended_at__isnull=True)
