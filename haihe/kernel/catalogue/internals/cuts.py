"""Taking columns out of grants: because a law forbids them, or their provider no longer has them.

The database does the same by trigger; here each cut is also recorded and told to its department.
"""

from __future__ import annotations

from collections.abc import Sequence

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.text import Text
from haihe.kernel.catalogue.internals.notices import tell
from haihe.kernel.catalogue.internals.terms import freeze
from haihe.kernel.catalogue.models import Column, Grant
from haihe.kernel.ledger import actions as ledger


def cut(columns: Sequence[Column], *, by: Actor, reason: str) -> list[Grant]:
    """Take the columns out of every grant in force; withdraw a grant that has none left, or whose
    rows rule asks one of them.

    Locks the columns, so that no grant of them can be made meanwhile. Returns the grants touched.
    """
    keys = [column.pk for column in columns]
    list(Column.everything.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    touched = Grant.objects.filter(withdrawn_at__isnull=True, columns__in=keys).distinct()
    grants = list(touched.select_related("resource"))
    for grant in grants:
        lost = sorted(grant.columns.filter(pk__in=keys).values_list("name", flat=True))
        grant.columns.remove(*keys)
        if grant.columns.exists():
            _record_cut(grant, lost, by=by, reason=reason)
        else:
            withdraw(grant, by=by, reason=reason)
    return grants + _withdraw_ruled(columns, by=by, reason=reason)


def _withdraw_ruled(columns: Sequence[Column], *, by: Actor, reason: str) -> list[Grant]:
    lost = {(column.resource_id, column.name) for column in columns}
    found = Grant.objects.filter(
        withdrawn_at__isnull=True, resource__in={code for code, _ in lost}
    ).exclude(rows=[])
    ruled = [
        grant
        for grant in found.select_related("resource")
        if any((grant.resource_id, test["column"]) in lost for test in grant.rows)
    ]
    for grant in ruled:
        withdraw(grant, by=by, reason=reason)
    return ruled


def withdraw(grant: Grant, *, by: Actor, reason: str) -> None:
    """End a grant now, for good; the receiving department is told."""
    grant.withdrawn_at, grant.withdrawn_reason = now(), reason
    grant.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    ledger.record(
        by=by,
        kind="catalogue.grant.withdrawn",
        purpose=grant.purpose_id,
        grant=grant.pk,
        body={"resource": grant.resource_id, "reason": reason},
    )
    _tell(
        grant, key="withdrawn", title={"zh": "授权已撤销", "en": "Grant withdrawn"}, reason=reason
    )


def _record_cut(grant: Grant, lost: list[str], *, by: Actor, reason: str) -> None:
    made = freeze(
        grant,
        by=by,
        kind="catalogue.grant.cut",
        body={"resource": grant.resource_id, "columns": lost, "reason": reason},
    )
    title = {"zh": "授权的信息项已缩减", "en": "Columns cut from a grant"}
    _tell(grant, key=f"cut:{made.entry}", title=title, reason=reason)


def _tell(grant: Grant, *, key: str, title: Text, reason: str) -> None:
    text = {"zh": f"{grant.resource_id}：{reason}", "en": f"{grant.resource_id}: {reason}"}
    tell(grant.department_id, key=f"catalogue.grant:{grant.pk}:{key}", title=title, text=text)
