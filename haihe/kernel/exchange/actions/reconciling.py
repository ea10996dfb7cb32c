"""Comparing both sides of a link, each by its own engine; what is found stands in the ledger."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from procrastinate.contrib.django import app

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.base.settings import settings
from haihe.engine import reconciling
from haihe.engine.reconciling import Difference
from haihe.kernel.exchange.actions.links import link_of, must_concern
from haihe.kernel.exchange.errors import LinkPaused
from haihe.kernel.exchange.internals.alone import alone
from haihe.kernel.exchange.internals.comparing import Pairing, pairing_of
from haihe.kernel.exchange.models import Batch, Link, Quarantined, Reconciliation
from haihe.kernel.exchange.queries import is_paused
from haihe.kernel.ledger import actions as ledger


def ask_to_reconcile(*, by: Actor, link: Link | str) -> None:
    """Have the worker compare a link's sides soon. Raises procrastinate's ``AlreadyEnqueued``."""
    by.must("exchange.link.run")
    found = link_of(link)
    must_concern(by, found)
    lock = f"exchange.reconcile_link:{found.code}"
    with transaction.atomic():
        app.configure_task("exchange.reconcile_link", queueing_lock=lock).defer(link=found.code)


def reconcile_link(*, by: Actor, link: Link | str) -> Reconciliation:
    """Compare what a link's source and target hold now; nothing is written on either side.

    What is found becomes a row and a ledger entry, in one transaction. A failure is kept as a row
    and raised. No batch of the link runs meanwhile.
    Errors: ``exchange.link.paused``, ``exchange.link.running``, ``catalogue.system.paused``,
    ``exchange.reconciliation.*``, those of a delivery's grant and of the source.
    """
    by.must("exchange.link.run")
    found = link_of(link)
    must_concern(by, found)
    begun = now()
    with alone(found.code):
        if found.paused_at is not None:
            raise LinkPaused
        try:
            pairing = pairing_of(found)
            seen = reconciling.reconcile(
                pairing.source,
                pairing.target,
                columns=pairing.columns,
                keys=pairing.keys,
                is_stopped=lambda: _is_stopped(found),
            )
        except HaiheError as fault:
            _keep_failure(found, fault, begun=begun)
            raise
        return _keep(found, pairing, seen, by=by, begun=begun)


@transaction.atomic
def _keep(
    link: Link,
    pairing: Pairing,
    seen: reconciling.Reconciliation,
    *,
    by: Actor,
    begun: datetime,
) -> Reconciliation:
    waiting = _waiting(link, pairing, seen.differences)
    real = [each for each in seen.differences if each.key not in waiting]
    verdict = Reconciliation.Verdict.EQUAL
    if seen.unsettled:
        verdict = Reconciliation.Verdict.UNSETTLED
    if real or not seen.is_whole:
        verdict = Reconciliation.Verdict.DIFFERS
    row = Reconciliation(
        link=link,
        verdict=verdict,
        started_at=begun,
        ended_at=now(),
        rows_source=seen.rows_left,
        rows_target=seen.rows_right,
        source_hash=seen.hash_left,
        target_hash=seen.hash_right,
        rows_differing=len(real),
        rows_waiting=len(seen.differences) - len(real),
        rows_unsettled=seen.unsettled,
        is_whole=seen.is_whole,
        columns=dict(Counter(name for each in real for name in each.columns)),
        differences=[_line(each) for each in real],
    )
    grant = link.grant
    row.entry = ledger.record(
        by=replace(by, department=grant.department_id) if grant else by,
        kind="exchange.link.reconciled",
        purpose=grant.purpose_id if grant else "",
        grant=grant.pk if grant else None,
        body=_body(row, keys=seen.keys, columns=seen.columns, weak=seen.weak),
    )
    row.save(force_insert=True)
    return row


def _body(row: Reconciliation, **names: tuple[str, ...]) -> dict[str, Any]:
    """What both departments can verify: counts, hashes and names of columns, of no person."""
    return {
        "link": row.link_id,
        "reconciliation": str(row.pk),
        "resource": row.link.resource_id,
        "to": row.link.grant.department_id if row.link.grant else "lake",
        "verdict": str(row.verdict),
        "rows_source": row.rows_source,
        "rows_target": row.rows_target,
        "source_hash": str(row.source_hash),
        "target_hash": str(row.target_hash),
        "rows_differing": row.rows_differing,
        "rows_waiting": row.rows_waiting,
        "rows_unsettled": row.rows_unsettled,
        "is_whole": row.is_whole,
        "differing": dict(row.columns),
        **{name: list(each) for name, each in names.items()},
    }


def _line(each: Difference) -> dict[str, Any]:
    sides = {"left": "source", "right": "target", "": ""}
    return {"key": list(each.key), "columns": list(each.columns), "only_in": sides[each.only_in]}


def _waiting(
    link: Link, pairing: Pairing, differences: tuple[Difference, ...]
) -> set[tuple[str, ...]]:
    """Keys of rows that the target lacks or holds older, for they wait in quarantine."""
    if link.grant_id or all(each.only_in == "right" for each in differences):
        return set()
    held = Quarantined.objects.filter(
        batch__link=link, batch__state=Batch.State.DONE, mended_at__isnull=True
    )
    rows = held.values_list("row", flat=True).iterator()
    keys = {tuple(str(row.get(name)) for name in pairing.keys) for row in rows}
    return {each.key for each in differences if each.only_in != "right" and each.key in keys}


def _keep_failure(link: Link, fault: HaiheError, *, begun: datetime) -> None:
    Reconciliation.objects.create(
        link=link,
        verdict=Reconciliation.Verdict.FAILED,
        started_at=begun,
        ended_at=now(),
        error_code=fault.code,
        error=str(fault),
    )


def _is_stopped(link: Link) -> bool:
    """Asked by the engine's watching thread, which has a connection of its own."""
    try:
        return is_paused(link.pk)
    finally:
        connection.close()


def drop_differences() -> int:
    """Forget which rows differed, ``HAIHE_QUARANTINE_DAYS`` later; figures stay. How many."""
    ended = now() - timedelta(days=settings().quarantine_days)
    due = Reconciliation.objects.filter(ended_at__lt=ended).exclude(differences=[])
    return due.update(differences=[])
