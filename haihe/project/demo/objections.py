"""The demo's citizens object to values that stand on them; providers answer: by actions alone."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from django.db import transaction

from haihe.base.errors import HaiheError
from haihe.base.registry import registry
from haihe.kernel.org.models import Account
from haihe.kernel.org.queries import account_named, actor_of
from haihe.project.demo.notes import Notes
from haihe.project.demo.people import actor
from haihe.project.pack import documents as doc
from haihe.project.pack.read import Pack

Tell = Callable[[str], None]


def raise_objections(pack: Pack, notes: Notes, *, tell: Tell) -> None:
    """Raise and answer what is missing; one that can't be raised is told, and tried next time.

    What was accepted waits for its correction at the source, as it would in a city.
    """
    planned = pack.demo.objections if pack.demo else []
    made: list[int] = notes.get("objections") or []
    if "corrections" not in registry.systems or len(made) == len(planned):
        return
    tell("Objections to values")
    for place, each in enumerate(planned):
        account = account_named(each.by)
        if place in made or account is None:
            continue
        try:
            with transaction.atomic():
                _walk(each, account)
        except HaiheError as fault:
            tell(f"{each.resource}: {fault.message} [{fault.code}]")
            continue
        made = [*made, place]
        notes.put("objections", made)


def _walk(each: doc.ObjectionDoc, account: Account) -> None:
    """See the own rows as the page shows them, object to one value, answer, appeal."""
    corrections = import_module("haihe.systems.corrections.actions")  # only where the city has it
    citizen = actor_of(account)
    rows = corrections.see_own(by=citizen, account=account, resource=each.resource)
    token = next(cell.token for cell in rows[0] if cell.column.name == each.column)
    raised = corrections.object_to_own(
        by=citizen,
        account=account,
        resource=each.resource,
        asked=corrections.Asked(token, each.value, each.why),
    )
    if each.answer == "accept":
        corrections.accept(
            by=actor(each.answered_by), objection=raised.pk, value=each.value, reason=each.reason
        )
    elif each.answer == "reject":
        corrections.reject(by=actor(each.answered_by), objection=raised.pk, reason=each.reason)
        if each.appeal:
            corrections.appeal(by=citizen, objection=raised.pk, why=each.appeal)
