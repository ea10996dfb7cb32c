"""Erasing what people wrote in a case. Its history stays: it holds no free text."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.cases.errors import WithoutBasis
from haihe.kernel.cases.internals.folder import locked
from haihe.kernel.cases.internals.steps import subject_of
from haihe.kernel.cases.models import Case, Remark
from haihe.kernel.ledger import actions as ledger


@transaction.atomic
def erase_remarks(*, by: Actor, case: Case | UUID, basis: str) -> int:
    """Delete notes, answers and title of a case on a legal basis; how many remarks went.

    Photos are files: ``files`` deletes them. Errors: ``cases.case.unknown``,
    ``cases.remarks.without_basis``.
    """
    by.must("cases.remarks.erase")
    if not basis.strip():
        raise WithoutBasis
    found = locked(case).case
    gone, _ = Remark.objects.filter(case=found).delete()
    Case.objects.filter(pk=found.pk).update(title="")
    body = {"case": str(found.pk), "remarks": gone, "basis": basis.strip()}
    ledger.record(by=by, kind="cases.remarks.erased", subject=subject_of(found), body=body)
    return gone
