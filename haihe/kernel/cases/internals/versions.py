"""Versions of case types: stored once, numbered, found for a new case."""

from __future__ import annotations

from django.db import connection

from haihe.base.actor import Actor
from haihe.base.registry import registry
from haihe.engine.merkle.entries import actor_text
from haihe.kernel.cases.declare import CaseType
from haihe.kernel.cases.errors import UnknownType, UnknownVersion
from haihe.kernel.cases.models import CaseTypeVersion
from haihe.kernel.cases.types.documents import checked, digest_of, document_of, text_of
from haihe.kernel.ledger import actions as ledger

Source = CaseTypeVersion.Source


def in_force(name: str, *, by: Actor) -> CaseTypeVersion:
    """The newest version of a type. A declaration that no version holds yet is published first.

    Errors: ``cases.type.unknown``, ``cases.type.bad``.
    """
    declared = registry.case_types.get(name)
    digest = None if declared is None else _digest(declared)
    newest = CaseTypeVersion.objects.filter(name=name).order_by("-number")
    found = newest.first()
    is_newest = found is not None and bytes(found.digest) == digest
    # A steward may have published a version since: the declaration is looked for below it.
    if declared is not None and not is_newest and not newest.filter(digest=digest).exists():
        publish(checked(document_of(declared)), by=by, source=Source.DECLARED)
        found = newest.first()
    if found is None:
        raise UnknownType(f"There is no case type {name}.")
    return found


_KNOWN: dict[str, tuple[CaseType, bytes]] = {}


def _digest(declared: CaseType) -> bytes:
    """A declaration's digest, reckoned once for as long as the declaration is the same object."""
    known = _KNOWN.get(declared.name)
    if known is None or known[0] is not declared:
        known = _KNOWN[declared.name] = declared, digest_of(text_of(declared))
    return known[1]


def version(name: str, number: int) -> CaseTypeVersion:
    """One version; ``cases.type.no_version``."""
    found = CaseTypeVersion.objects.filter(name=name, number=number).first()
    if found is None:
        raise UnknownVersion(f"{name} has no version {number}.")
    return found


def publish(case_type: CaseType, *, by: Actor, source: str) -> CaseTypeVersion:
    """Store the next version of a checked type; gives the newest one if it is the same."""
    name, text = case_type.name, text_of(case_type)
    digest = digest_of(text)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('cases.type'), hashtext(%s))", [name])
    newest = CaseTypeVersion.objects.filter(name=name).order_by("-number").first()
    if newest is not None and bytes(newest.digest) == digest:
        return newest
    made = CaseTypeVersion.objects.create(
        name=name,
        number=newest.number + 1 if newest else 1,
        document=text,
        digest=digest,
        source=source,
        published_by=actor_text(by),
    )
    body = {"type": name, "number": made.number, "source": str(source), "sha256": digest.hex()}
    ledger.record(by=by, kind="cases.type.published", body=body)
    return made
