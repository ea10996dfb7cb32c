"""Case types that a steward writes: drafted, previewed, approved by a second person, published.

Running cases keep their version until ``migrate_cases`` moves them by a stated mapping.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.registry import registry
from haihe.engine.merkle.entries import actor_text
from haihe.kernel.cases.declare import CaseType
from haihe.kernel.cases.errors import (
    BadMapping,
    BadType,
    DraftMoved,
    OwnDraft,
    UnknownDepartment,
    UnknownDraft,
)
from haihe.kernel.cases.internals.effects import enter
from haihe.kernel.cases.internals.folder import locked, standing, type_of
from haihe.kernel.cases.internals.previews import Preview, preview
from haihe.kernel.cases.internals.running import RUNNING, count, end_all_but
from haihe.kernel.cases.internals.steps import facts, keep, subject_of
from haihe.kernel.cases.internals.versions import publish, version
from haihe.kernel.cases.models import Case, CaseTypeDraft, CaseTypeVersion
from haihe.kernel.cases.types.documents import checked, digest_of, read, text_of
from haihe.kernel.cases.types.faults import kept_faults
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Department

State = CaseTypeDraft.State


@transaction.atomic
def draft_type(*, by: Actor, document: Mapping[str, Any]) -> CaseTypeDraft:
    """Draft a case type, new or changed; ``cases.type.bad`` names every fault at once.

    Errors: ``cases.type.bad``, ``cases.department.unknown``.
    """
    by.must("cases.type.draft")
    found = _complete(document)
    text = text_of(found)
    made = CaseTypeDraft.objects.create(type=found.name, document=text, drafted_by=actor_text(by))
    body = {"type": found.name, "draft": str(made.pk), "sha256": digest_of(text).hex()}
    ledger.record(by=by, kind="cases.type.drafted", body=body)
    return made


def preview_type(*, by: Actor, document: Mapping[str, Any]) -> Preview:
    """What a document would change for the cases that run now. Writes nothing.

    Errors: ``cases.type.bad``.
    """
    by.must("cases.type.draft")
    return preview(_complete(document))


@transaction.atomic
def approve_type(*, by: Actor, draft: CaseTypeDraft | UUID) -> CaseTypeDraft:
    """Approve a draft as a second person.

    Errors: ``cases.draft.unknown``, ``cases.draft.moved``, ``cases.draft.own``.
    """
    by.must("cases.type.approve")
    found = _locked(draft, state=State.DRAFTED)
    if found.drafted_by == actor_text(by):
        raise OwnDraft
    found.state, found.approved_by = State.APPROVED, actor_text(by)
    found.save(update_fields=["state", "approved_by"])
    body = {"type": found.type, "draft": str(found.pk), "drafted_by": found.drafted_by}
    ledger.record(by=by, kind="cases.type.approved", body=body)
    return found


@transaction.atomic
def publish_type(*, by: Actor, draft: CaseTypeDraft | UUID) -> CaseTypeVersion:
    """Publish an approved draft as the next version: new cases are of it from now on.

    Errors: ``cases.draft.unknown``, ``cases.draft.moved``.
    """
    by.must("cases.type.publish")
    found = _locked(draft, state=State.APPROVED)
    case_type = read(found.document, digest=digest_of(found.document))
    made = publish(case_type, by=by, source=CaseTypeVersion.Source.STEWARD)
    if not CaseTypeDraft.objects.filter(version=made).exists():
        found.version = made
    found.state = State.PUBLISHED
    found.save(update_fields=["state", "version"])
    return made


@transaction.atomic
def load_types(*, by: Actor, documents: Iterable[Mapping[str, Any]]) -> int:
    """Publish the types that a city's pack brings; how many are new versions.

    A type that a steward has published since keeps the steward's version.
    Errors: ``cases.type.bad``, ``cases.department.unknown``.
    """
    by.must("cases.type.load")
    found = [_complete(document) for document in documents]
    return sum(_load(each, by=by) for each in found)


def _load(case_type: CaseType, *, by: Actor) -> bool:
    known = CaseTypeVersion.objects.filter(name=case_type.name).order_by("-number")
    if known.filter(digest=digest_of(text_of(case_type))).exists():
        return False
    newest = known.first()
    if newest is not None and newest.source == CaseTypeVersion.Source.STEWARD:
        return False
    publish(case_type, by=by, source=CaseTypeVersion.Source.PACK)
    return True


def _complete(document: Mapping[str, Any]) -> CaseType:
    """A checked type whose unit is a department, and which keeps what its system counts on."""
    found = checked(document)
    if faults := kept_faults(found, declared=registry.case_types.get(found.name)):
        raise BadType(" ".join(faults), faults=faults)
    if found.unit and not Department.objects.filter(pk=found.unit, is_active=True).exists():
        raise UnknownDepartment(f"There is no department {found.unit}.")
    return found


@transaction.atomic
def migrate_cases(
    *,
    by: Actor,
    type: str,
    from_: int,
    to: int,
    mapping: Mapping[str, str],
) -> int:
    """Move the running cases of one version to another, each state to the one that is named.

    Clocks that both versions know run on with what they have left; others end, new ones start.
    Errors: ``cases.type.no_version``, ``cases.mapping.bad``.
    """
    by.must("cases.migrate")
    if from_ == to:
        raise BadMapping("The cases are of this version already.")
    old, new = version(type, from_), version(type, to)
    definition = type_of(new)
    running = Case.objects.filter(version=old, ended_at__isnull=True).order_by("pk")
    _must_map(running.values_list("state", flat=True).distinct(), definition, mapping)
    keys = list(running.values_list("pk", flat=True))
    for key in keys:
        _move(key, old=old, new=new, state=mapping, by=by)
    body = {"type": type, "from": from_, "to": to, "mapping": dict(mapping), "cases": len(keys)}
    ledger.record(by=by, kind="cases.type.migrated", body=body)
    return len(keys)


def _move(
    key: UUID,
    *,
    old: CaseTypeVersion,
    new: CaseTypeVersion,
    state: Mapping[str, str],
    by: Actor,
) -> None:
    folder = locked(key)
    case = folder.case
    if case.ended_at is not None or case.version_id != old.pk:
        return  # it moved while we waited for its row
    before, start = standing(folder), case.state
    kept = case.duplicate_of
    definition = type_of(new)
    end_all_but(folder, definition.clocks)
    case.version, folder.definition = new, definition
    enter(folder, state[start])
    case.duplicate_of = kept
    for clock in folder.clocks:
        if clock.state == RUNNING:
            count(folder, clock)
    keep(folder, before, action="migrate", by=by, start=start)
    body = {**facts(folder, "migrate"), "from": start, "was_version": old.number}
    ledger.record(by=by, kind="cases.case.migrated", subject=subject_of(case), body=body)


def _must_map(used: Any, definition: CaseType, mapping: Mapping[str, str]) -> None:
    if missing := sorted(set(used) - mapping.keys()):
        raise BadMapping(f"Cases run in {', '.join(missing)}, which the mapping leaves out.")
    states = definition.states
    wrong = {to for to in mapping.values() if to not in states or states[to].kind == "ended"}
    if wrong:
        raise BadMapping(f"No state in which a case can run: {', '.join(sorted(wrong))}.")


def _locked(draft: CaseTypeDraft | UUID, *, state: str) -> CaseTypeDraft:
    key = draft.pk if isinstance(draft, CaseTypeDraft) else draft
    found = CaseTypeDraft.objects.select_for_update().filter(pk=key).first()
    if found is None:
        raise UnknownDraft
    if found.state != state:
        raise DraftMoved(f"This draft is {found.state}.")
    return found
