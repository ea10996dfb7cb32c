"""One step of a case, whichever verb takes it: checked, done, written with history and entry."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from haihe.base.actor import Actor
from haihe.base.registry import registry
from haihe.engine.merkle.entries import actor_text
from haihe.kernel.cases.declare import FOLLOWS, Action
from haihe.kernel.cases.errors import CaseSuspended, UnknownAction, WrongState, WrongVerb
from haihe.kernel.cases.internals.effects import EFFECTS, enter
from haihe.kernel.cases.internals.folder import Folder, Standing, difference, locked, standing
from haihe.kernel.cases.internals.given import NOTHING, Given, must_answer, must_be_item
from haihe.kernel.cases.internals.notices import tell_roles
from haihe.kernel.cases.internals.roles import must_play
from haihe.kernel.cases.internals.running import settle
from haihe.kernel.cases.models import Case, Event, Remark
from haihe.kernel.ledger import actions as ledger

_EVEN_SUSPENDED = {"resume", "urge", "merge"}


def must_take(*, by: Actor, case: Case | UUID, action: str, effect: str, given: Given) -> Case:
    """Take a step for an actor who must have one of the action's roles, in their transaction.

    An empty ``action`` means the one action of that effect. Errors: see ``actions.take_step``.
    """
    if given.kept is not None:  # both rows in one order for all: two merges never deadlock
        key = case.pk if isinstance(case, Case) else case
        list(Case.objects.select_for_update().filter(pk__in=[key, given.kept]).order_by("pk"))
    folder = locked(case)
    name = action or _only(folder, effect)
    chosen = folder.action(name)
    if effect and chosen.effect != effect:
        raise WrongVerb(f"{name} does not {effect}.")
    _must_stand(folder, name, chosen)
    must_play(by=by, folder=folder, roles=chosen.roles)
    must_answer(chosen, given)
    return take(folder, name, by=by, given=given)


def take(folder: Folder, name: str, *, by: Actor, given: Given = NOTHING) -> Case:
    """Take a step that was checked, and whatever follows from it."""
    chosen, before = folder.action(name), standing(folder)
    start = folder.case.state
    if given.item:
        must_be_item(given.item)
        folder.case.category = given.item
    EFFECTS[chosen.effect](folder, chosen, given, by)
    enter_step(folder, before, action=name, by=by, start=start, given=given)
    if chosen.effect in {"urge", "escalate"}:
        told = ("unit", "task_holder") if chosen.effect == "urge" else ("commander",)
        key = f"cases.step:{folder.case.pk}:{folder.case.steps}"
        tell_roles(folder, told, key=key, what=chosen.title)
    return folder.case


def enter_step(
    folder: Folder, before: Standing, *, action: str, by: Actor, start: str, given: Given
) -> None:
    """Write a step that was taken, in history and ledger; cases merged into an ended one follow."""
    _note_response(folder, by)
    keep(folder, before, action=action, by=by, start=start, remark=given.remark())
    subject, body = subject_of(folder.case), facts(folder, action)
    ledger.record(by=by, kind="cases.case.stepped", subject=subject, body=body)
    if folder.case.ended_at is not None and before["case"]["ended_at"] is None:
        _let_follow(folder, by=by)


def keep(
    folder: Folder,
    before: Standing,
    *,
    action: str,
    by: Actor,
    start: str,
    remark: dict[str, Any] | None = None,
) -> None:
    """Let the clocks run that must, then write rows, one event of history, and its remark."""
    settle(folder)
    case = folder.case
    case.steps += 1
    folder.save(before)
    Event.objects.create(
        case=case,
        ordinal=case.steps,
        action=action,
        by=actor_text(by),
        at=folder.moment,
        start=start,
        to=case.state,
        body=difference(before, standing(folder)),
    )
    if remark:
        Remark.objects.create(case=case, ordinal=case.steps, body=remark)
    registry.call(
        "case_moved",
        by=by,
        case=case.pk,
        type=folder.definition.name,
        action=action,
        start=start,
        to=case.state,
    )


def facts(folder: Folder, action: str) -> dict[str, Any]:
    """What a ledger entry says of a step: ids, names and numbers alone."""
    case = folder.case
    return {
        "case": str(case.pk),
        "type": folder.definition.name,
        "version": case.version.number,
        "ordinal": case.steps,
        "action": action,
        "to": case.state,
    }


def subject_of(case: Case) -> bytes | None:
    """The key of whom a case concerns."""
    return None if case.subject is None else bytes(case.subject)


def may_stand(folder: Folder, action: Action) -> bool:
    """Whether the action is for the case's state, suspended or not."""
    if folder.case.state not in action.when:
        return False
    return folder.case.suspended_at is None or _is_for_suspended(folder, action)


def _must_stand(folder: Folder, name: str, action: Action) -> None:
    if folder.case.state not in action.when:
        raise WrongState(f"A case in {folder.case.state} can't {name}.")
    if not may_stand(folder, action):
        raise CaseSuspended


def _is_for_suspended(folder: Folder, action: Action) -> bool:
    if action.effect in _EVEN_SUSPENDED:
        return True
    target = folder.definition.states.get(action.to)
    return action.effect == "move" and target is not None and target.kind == "ended"


def _only(folder: Folder, effect: str) -> str:
    """The one action of an effect that starts from the case's state, else of the whole type."""
    named = {n: a for n, a in folder.definition.actions.items() if a.effect == effect}
    here = [name for name, action in named.items() if folder.case.state in action.when]
    found = here or list(named)
    if not found:
        raise UnknownAction(f"Cases of this version can't {effect}.")
    return found[0]


def _note_response(folder: Folder, by: Actor) -> None:
    case = folder.case
    if case.responded_at is None and by.kind != "clock" and actor_text(by) != case.opened_by:
        case.responded_at = folder.moment


def _let_follow(folder: Folder, *, by: Actor) -> None:
    """End the cases that were merged into one that has ended."""
    merged = Case.objects.filter(duplicate_of=folder.case.pk, ended_at__isnull=True).order_by("pk")
    for key in merged.values_list("pk", flat=True):
        other = locked(key, moment=folder.moment)
        before, start = standing(other), other.case.state
        enter(other, _same_end(other, folder.case.state))
        keep(other, before, action=FOLLOWS, by=by, start=start)
        ledger.record(
            by=by,
            kind="cases.case.stepped",
            subject=subject_of(other.case),
            body=facts(other, FOLLOWS),
        )
        _let_follow(other, by=by)


def _same_end(folder: Folder, wanted: str) -> str:
    ended = [name for name, state in folder.definition.states.items() if state.kind == "ended"]
    return wanted if wanted in ended else ended[0]
