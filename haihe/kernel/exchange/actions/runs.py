"""Running a link: one batch, moved by the engine, quarantined, reconciled, entered in the ledger.

Not one transaction, for a move may take hours and commits in its target: the batch's row stands
before it; quarantined rows (and a delivery's ledger entry) are committed before the target is;
all that follows from the target (serving, entry, figures) is committed together after it.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.base.settings import settings
from haihe.engine import moving
from haihe.engine.lake import lake_database
from haihe.engine.moving import Outcome
from haihe.engine.moving.bulk import copy_quarantine, refresh_serving, staged_subjects
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.exchange.actions.links import link_of
from haihe.kernel.exchange.errors import LinkPaused, LinkRunning
from haihe.kernel.exchange.internals.moves import Plan, plan_of, subject_expression
from haihe.kernel.exchange.models import Batch, Link
from haihe.kernel.ledger import actions as ledger


def run_link(*, by: Actor, link: Link | str) -> Batch:
    """Move one batch over a link; the batch with its figures.

    A batch that fails is kept with its ``error_code``, and the error is raised; nothing of it
    stands in the target. Errors: ``exchange.link.paused``, ``exchange.link.running``,
    ``catalogue.system.paused``, those of a delivery's grant, of the source and of the move.
    """
    by.must("exchange.link.run")
    found = link_of(link)
    if found.paused_at is not None:
        raise LinkPaused
    batch = _begin(found)
    run = _Run(by, found, batch)
    try:
        plan = plan_of(found, batch)
        outcome = run.move(plan)
        run.finish(plan, outcome)
    except BaseException as fault:
        _fail(batch, fault)
        raise
    batch.refresh_from_db()
    return batch


@transaction.atomic
def _begin(link: Link) -> Batch:
    Link.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if Batch.objects.filter(link=link, state=Batch.State.RUNNING).exists():
        raise LinkRunning
    return Batch.objects.create(link=link)


def _fail(batch: Batch, fault: BaseException) -> None:
    """Keep the failure with the batch; its quarantined rows go, for its good rows went nowhere."""
    with transaction.atomic():
        batch.quarantined.all().delete()
        batch.state, batch.ended_at = Batch.State.FAILED, now()
        batch.error_code = fault.code if isinstance(fault, HaiheError) else "haihe.failed"
        batch.error = str(fault) if isinstance(fault, HaiheError) else type(fault).__name__
        batch.save(update_fields=["state", "ended_at", "error_code", "error"])


class _Run:
    """One run: what is done around the engine's move."""

    def __init__(self, by: Actor, link: Link, batch: Batch) -> None:
        self.by, self.link, self.batch = by, link, batch
        self.subjects: list[bytes] = []

    def move(self, plan: Plan) -> Outcome:
        """Move by the engine; stopped as soon as link or system is paused."""
        return moving.run(
            plan.move,
            before_commit=lambda staged, outcome: self._before_commit(staged, plan, outcome),
            is_stopped=self._is_stopped,
        )

    @transaction.atomic
    def _before_commit(self, staged: Any, plan: Plan, outcome: Outcome) -> None:
        connection.ensure_connection()
        copy_quarantine(
            staged, connection.connection, columns=plan.move.columns, batch=str(self.batch.pk)
        )
        if plan.subjects:
            self.subjects = staged_subjects(staged, plan.subjects)
        if self.link.grant_id:
            # Nothing reaches a receiver before its entry is committed.
            self._enter("exchange.batch.delivered", outcome)

    @transaction.atomic
    def finish(self, plan: Plan, outcome: Outcome) -> None:
        """What follows from the committed target: serving, entry, figures."""
        if not self.link.grant_id:
            self._serve()
            self._enter("exchange.batch.gathered", outcome)
        batch = self.batch
        for name in ("rows_read", "rows_written", "rows_quarantined", "source_hash"):
            setattr(batch, name, getattr(outcome, name))
        batch.target_hash, batch.quarantine_hash = outcome.target_hash, outcome.quarantine_hash
        batch.is_reconciled = outcome.is_reconciled
        batch.position_before, batch.position_after = (
            outcome.position_before,
            outcome.position_after,
        )
        batch.state, batch.ended_at = Batch.State.DONE, now()
        batch.save()
        Link.objects.filter(pk=self.link.pk).update(position=outcome.position_after)

    def _serve(self) -> None:
        expression = subject_expression(self.link.resource)
        if not expression:
            return
        connection.ensure_connection()
        refresh_serving(
            connection.connection,
            lake=lake_database(settings()),
            table=self.link.resource.table,
            resource=self.link.resource_id,
            columns=[c.name for c in catalogue.servable_columns(self.link.resource)],
            subject_sql=expression,
            batch=str(self.batch.pk),
        )

    def _enter(self, kind: str, outcome: Outcome) -> None:
        grant = self.link.grant
        self.batch.entry = ledger.record_delivery(
            by=self.by,
            kind=kind,
            subjects=self.subjects,
            purpose=grant.purpose_id if grant else "",
            grant=grant.pk if grant else None,
            body={
                "link": self.link.code,
                "batch": str(self.batch.pk),
                "resource": self.link.resource_id,
                "to": grant.department_id if grant else "lake",
                "rows_read": outcome.rows_read,
                "rows_written": outcome.rows_written,
                "rows_quarantined": outcome.rows_quarantined,
                "source_hash": str(outcome.source_hash),
                "target_hash": str(outcome.target_hash),
                "quarantine_hash": str(outcome.quarantine_hash),
            },
        )

    def _is_stopped(self) -> bool:
        try:
            return is_paused(self.link.pk)
        finally:
            connection.close()


def is_paused(code: str) -> bool:
    """Whether a link, its source system or its target system is paused at this moment."""
    found = Link.objects.select_related("resource__system", "target_system")
    link = found.filter(pk=code).first()
    if link is None:
        return False
    systems = (link.resource.system if link.grant_id is None else None, link.target_system)
    return link.paused_at is not None or any(s is not None and s.paused_at for s in systems)
