"""Opening what was photographed or recorded in a case: for whoever has a part in it."""

from __future__ import annotations

from dataclasses import replace
from typing import BinaryIO
from uuid import UUID

from haihe.base.actor import Actor
from haihe.kernel.cases.errors import NotYourPart, UnknownPhoto
from haihe.kernel.cases.internals.folder import Folder, folder_of
from haihe.kernel.cases.internals.roles import plays
from haihe.kernel.cases.models import Case, Remark
from haihe.kernel.files import actions as files
from haihe.kernel.files.models import StoredFile

READERS = ("opener", "unit", "grid_worker", "task_holder", "supervisor", "commander")


def open_photo(*, by: Actor, case: Case, photo: UUID) -> tuple[StoredFile, BinaryIO]:
    """A stored file of a case and its content; the look stands in the ledger before the answer.

    Errors: ``cases.photo.unknown``, ``cases.not_your_part``; those of ``files.open_file``.
    """
    must_read(by=by, folder=folder_of(case))
    row = StoredFile.objects.filter(pk=photo).first()
    if row is None or not _is_of(case, photo):
        raise UnknownPhoto
    reader = replace(by, permissions=by.permissions | {"files.open"})
    return row, files.open_file(by=reader, file=row, reason="cases.case")


def must_read(*, by: Actor, folder: Folder) -> None:
    """Refuse whoever has no part in a case; ``cases.not_your_part``."""
    if not any(plays(by, folder, role) for role in READERS) and not by.may("cases.open"):
        raise NotYourPart


def _is_of(case: Case, photo: UUID) -> bool:
    held = Remark.objects.filter(case=case.pk, body__photos__contains=[str(photo)])
    return held.exists()
