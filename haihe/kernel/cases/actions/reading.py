"""Reading a case and what was photographed in it: for whoever has a part in it."""

from __future__ import annotations

from dataclasses import replace
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.engine.merkle.entries import actor_text
from haihe.kernel.cases.errors import NotYourPart, UnknownPhoto
from haihe.kernel.cases.internals.steps import subject_of
from haihe.kernel.cases.models import Case, Remark
from haihe.kernel.cases.queries import case as case_of
from haihe.kernel.cases.queries import may_read
from haihe.kernel.files import actions as files
from haihe.kernel.files.models import StoredFile
from haihe.kernel.ledger import actions as ledger


@transaction.atomic
def read_case(*, by: Actor, case: UUID) -> Case:
    """One case for its page. A look at what concerns a person stands in the ledger first.

    Errors: ``cases.case.unknown``, ``cases.not_your_part``.
    """
    found = case_of(case)
    if not may_read(by, found):
        raise NotYourPart
    if found.subject is not None and found.opened_by != actor_text(by):
        ledger.record(
            by=by,
            kind="cases.case.read",
            purpose="cases.case",
            subject=subject_of(found),
            body={"case": str(found.pk), "type": found.version.name},
        )
    return found


def open_photo(*, by: Actor, case: Case, photo: UUID) -> tuple[StoredFile, BinaryIO]:
    """A stored file of a case and its content; the look stands in the ledger before the answer.

    Errors: ``cases.photo.unknown``, ``cases.not_your_part``; those of ``files.open_file``.
    """
    if not may_read(by, case):
        raise NotYourPart
    row = StoredFile.objects.filter(pk=photo).first()
    if row is None or not _is_of(case, photo):
        raise UnknownPhoto
    reader = replace(by, permissions=by.permissions | {"files.open"})
    return row, files.open_file(by=reader, file=row, reason="cases.case")


def _is_of(case: Case, photo: UUID) -> bool:
    held = Remark.objects.filter(case=case.pk, body__photos__contains=[str(photo)])
    return held.exists()
