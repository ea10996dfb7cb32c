"""Opening an objection's page: its values are somebody's data, so the look is entered first."""

from __future__ import annotations

from dataclasses import replace
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.files import actions as files
from haihe.kernel.files.models import StoredFile
from haihe.kernel.ledger import actions as ledger
from haihe.systems.corrections import queries
from haihe.systems.corrections.declare import PURPOSE
from haihe.systems.corrections.errors import UnknownObjection
from haihe.systems.corrections.models import Objection
from haihe.systems.corrections.queries import Part


@transaction.atomic
def read(*, by: Actor, objection: UUID) -> tuple[Objection, Part]:
    """An officer opens an objection with which their department has to do.

    Errors: ``corrections.objection.unknown``.
    """
    must_be_officer(by=by)
    found = queries.for_officer(by, objection)
    part = queries.part_of(by, found)
    if found.forgotten_at is None:
        ledger.record(
            by=by,
            kind="corrections.value.viewed",
            purpose=part.grant.purpose_id if part.grant else PURPOSE,
            grant=part.grant.pk if part.grant else None,
            subject=bytes(found.subject),
            body={
                "objection": str(found.pk),
                "resource": found.resource_id,
                "columns": [found.column.name] if part.sees_values else [],
            },
        )
    return found, part


def open_evidence(*, by: Actor, objection: UUID) -> tuple[StoredFile, BinaryIO]:
    """The evidence of an objection, for provider, authority and objector; entered first.

    Errors: ``corrections.objection.unknown``; those of ``files.open_file``.
    """
    found, part = read(by=by, objection=objection)
    words = queries.words_of(found)
    may_see = part.is_provider or part.is_authority or part.is_objector
    if not may_see or words.evidence is None:
        raise UnknownObjection
    reader = replace(by, permissions=by.permissions | {"files.open"})
    return words.evidence, files.open_file(by=reader, file=words.evidence, reason=PURPOSE)


def must_be_officer(*, by: Actor) -> None:
    """Refuse whoever is no officer; ``corrections.objection.unknown``."""
    if by.kind != "officer":
        raise UnknownObjection
