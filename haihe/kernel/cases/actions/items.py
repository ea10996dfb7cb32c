"""Loading the city's list of items: what a case can be about, who leads, how long they have."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.cases.declare import ItemDraft
from haihe.kernel.cases.errors import FaultyItems
from haihe.kernel.cases.items import item_faults
from haihe.kernel.cases.models import Item
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Department

_COLUMNS = (
    "kind", "title", "parent_id", "category_id", "lead_id", "assisting", "limit", "unit", "time",
    "rank", "is_ended",
)  # fmt: skip
_MOST_FAULTS = 20


@transaction.atomic
def load_items(*, by: Actor, items: Iterable[ItemDraft]) -> int:
    """Make the list the city's; how many lines changed. What it no longer names is ended.

    Running clocks keep what they were given. Errors: ``cases.items.bad``.
    """
    by.must("cases.items.load")
    drafts = list(items)
    departments = set(Department.objects.values_list("pk", flat=True))
    if faults := item_faults(drafts, departments=departments):
        raise FaultyItems(" ".join(faults[:_MOST_FAULTS]))
    known = Item.objects.in_bulk()
    rows = {draft.code: _row(draft, rank) for rank, draft in enumerate(drafts, start=1)}
    changed = [row for code, row in rows.items() if _differs(known.get(code), row)]
    ended = [row for code, row in known.items() if code not in rows and not row.is_ended]
    for row in ended:
        row.is_ended = True
    # Lines name each other: categories and classes come first.
    for kinds in (("category", "class"), ("event", "component")):
        _keep([row for row in [*changed, *ended] if row.kind in kinds])
    if changed or ended:
        body = {"changed": len(changed), "ended": len(ended), "items": len(rows)}
        ledger.record(by=by, kind="cases.items.loaded", body=body)
    return len(changed) + len(ended)


def _row(draft: ItemDraft, rank: int) -> Item:
    return Item(
        code=draft.code,
        kind=draft.kind,
        title=dict(draft.title),
        parent_id=draft.parent or None,
        category_id=draft.category or None,
        lead_id=draft.lead or None,
        assisting=list(draft.assisting),
        limit=draft.limit,
        unit=draft.unit,
        time=draft.time,
        rank=rank,
    )


def _differs(known: Item | None, row: Item) -> bool:
    return known is None or any(getattr(known, n) != getattr(row, n) for n in _COLUMNS)


def _keep(rows: list[Item]) -> None:
    Item.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=[name.removesuffix("_id") for name in _COLUMNS],
    )
