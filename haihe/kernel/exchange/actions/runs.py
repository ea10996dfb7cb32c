"""Running a link: one batch, moved by the engine, quarantined, reconciled, entered in the ledger.

Not one transaction, for a move may take hours and commits in its target. The batch's row stands
before it. Quarantined rows, figures and ledger entry are committed before the target is: nothing
reaches a receiver without its entry. Serving follows once the target has committed. Whoever finds
a batch left between the two asks the target, whose position names the batch that it holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.db import Error as DatabaseError
from django.db import connection, transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.engine import moving
from haihe.engine.changes import place_of
from haihe.engine.merkle.subjects import SortedKeys
from haihe.engine.moving import FilesTarget, Outcome
from haihe.engine.moving.bulk import copy_quarantine, rows_held, staged_subjects
from haihe.engine.moving.errors import NotKept, Stopped
from haihe.engine.sources.errors import DiskFull
from haihe.kernel.exchange.actions.links import link_of, must_concern
from haihe.kernel.exchange.errors import Interrupted, LinkPaused
from haihe.kernel.exchange.internals.alone import alone
from haihe.kernel.exchange.internals.bounds import must_be_due
from haihe.kernel.exchange.internals.exporting import discard, keep_export
from haihe.kernel.exchange.internals.mending import close_mended, mark_mended, unmark_mended
from haihe.kernel.exchange.internals.moves import (
    Plan,
    must_still_hold,
    plan_of,
    settling_plan_of,
)
from haihe.kernel.exchange.internals.objections import values_objected
from haihe.kernel.exchange.internals.serving import serve
from haihe.kernel.exchange.models import Batch, Link
from haihe.kernel.exchange.queries import is_paused
from haihe.kernel.ledger import actions as ledger

_DISK_FULL = "53100"
"""PostgreSQL's SQLSTATE for a disk without room."""


def run_link(*, by: Actor, link: Link | str, is_anew: bool = False) -> Batch:
    """Move one batch over a link; the batch with its figures.

    With ``is_anew`` a link by change log reads its whole table again, and follows the log from
    there: once the log was made anew, or has lost changes.

    A batch that fails is kept with its ``error_code``, and the error is raised; nothing of it
    stands in the target. A batch that a killed process left is settled first.
    Errors: ``exchange.link.paused``, ``exchange.link.running``, ``catalogue.system.paused``,
    ``exchange.delivery.too_soon``, ``exchange.delivery.delivered_once``,
    those of a delivery's grant, of the source and of the move.
    """
    by.must("exchange.link.run")
    found = link_of(link)
    must_concern(by, found)
    with alone(found.code):
        if found.paused_at is not None:
            raise LinkPaused
        _settle_left(found, by=by)
        must_be_due(found)
        return _Run(by, found, Batch.objects.create(link=found)).run(is_anew=is_anew)


def _settle_left(link: Link, *, by: Actor) -> None:
    left = Batch.objects.filter(link=link, state=Batch.State.RUNNING).first()
    if left is None:
        return
    run = _Run(by, link, left)
    if left.entry is None:
        run.fail(Interrupted())
    else:
        run.settle(settling_plan_of(link, left), Interrupted())


@contextmanager
def _kept() -> Iterator[None]:
    """Name what Haihe's own database refuses; its own text may hold row values.

    COPY goes past Django, to its driver: what that raises is named like the rest.
    """
    try:
        with connection.wrap_database_errors:
            yield
    except DatabaseError as fault:
        if getattr(fault.__cause__, "sqlstate", "") == _DISK_FULL:
            raise DiskFull from None
        raise NotKept from None


class _Run:
    """One run: what is done around the engine's move."""

    def __init__(self, by: Actor, link: Link, batch: Batch) -> None:
        self.by, self.link, self.batch = by, link, batch

    def run(self, *, is_anew: bool = False) -> Batch:
        """Move and settle; what is raised has been kept with the batch."""
        try:
            plan = plan_of(self.link, self.batch, is_anew=is_anew)
        except HaiheError as fault:
            self.fail(fault)
            raise
        try:
            outcome = moving.run(
                plan.move,
                before_commit=lambda staged, outcome: self._before_commit(staged, plan, outcome),
                is_stopped=self._is_stopped,
            )
        except BaseException as fault:
            if not self.settle(plan, fault):
                raise
        else:
            self._finish(before=outcome.snapshot_before)
        self.batch.refresh_from_db()
        return self.batch

    def settle(self, plan: Plan, fault: BaseException) -> bool:
        """Finish the batch if its target did commit it, else keep the failure; whether it did.

        A batch is asked for in its target only once its entry stands. If the target can't be
        asked, the batch stays as it is, for the next run to settle.
        """
        if self.batch.entry is None or not moving.is_committed(plan.move):
            self.fail(fault)
            return False
        self._finish(before=None)
        return True

    @_kept()
    @transaction.atomic
    def _before_commit(self, staged: Any, plan: Plan, outcome: Outcome) -> None:
        connection.ensure_connection()
        if self.link.grant_id:
            must_still_hold(self.link, plan)
        if is_paused(self.link.pk):
            raise Stopped
        columns = plan.move.columns
        name = str(self.batch.pk)
        copy_quarantine(staged, connection.connection, columns=columns, batch=name)
        batch = self.batch
        log = outcome.log
        mark_mended(
            batch, staged=staged, columns=columns, is_whole=log is not None and log.is_whole
        )
        if not self.link.grant_id:
            batch.rows_held = rows_held(staged, self.link.resource.table)
        batch.rows_read, batch.rows_written = outcome.rows_read, outcome.rows_written
        batch.rows_quarantined = outcome.rows_quarantined
        batch.source_hash, batch.target_hash = outcome.source_hash, outcome.target_hash
        batch.quarantine_hash = outcome.quarantine_hash
        batch.is_reconciled = outcome.is_reconciled
        if log is not None:
            batch.rows_deleted, batch.lag_bytes = log.rows_deleted, log.lag_bytes
            batch.offered = list(log.offered)
        batch.position_before = place_of(outcome.position_before)
        batch.position_after = place_of(outcome.position_after)
        more = self._keep_export(plan)
        gone = "gone" if plan.place and plan.place.since is not None else ""
        subjects: SortedKeys | list[bytes] = []
        if plan.subjects:
            subjects = staged_subjects(staged, plan.subjects, gone=gone)
        names = [column.name for column in columns]
        batch.values_objected = values_objected(self.link, subjects, names)
        if batch.values_objected:
            more["values_objected"] = batch.values_objected
        batch.entry = self._enter(subjects, outcome, more=more)
        batch.save()

    def _keep_export(self, plan: Plan) -> dict[str, Any]:
        """Keep what was made, if it is files; what the entry says of them."""
        target, place = plan.move.target, plan.place
        if not isinstance(target, FilesTarget) or place is None:
            return {}
        return keep_export(self.batch, target, previous=place.previous, snapshot=place.until)

    def _enter(
        self, subjects: list[bytes] | SortedKeys, outcome: Outcome, *, more: dict[str, Any]
    ) -> Any:
        grant = self.link.grant
        return ledger.record_delivery(
            by=replace(self.by, department=grant.department_id) if grant else self.by,
            kind="exchange.batch.delivered" if grant else "exchange.batch.gathered",
            subjects=subjects,
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
                **({"rows_deleted": outcome.log.rows_deleted} if outcome.log else {}),
                **more,
            },
        )

    @_kept()
    @transaction.atomic
    def _finish(self, *, before: int | None) -> None:
        """What follows from the committed target; ``before``: the lake's snapshot before it."""
        if not self.link.grant_id:
            serve(self.link, batch=self.batch, before=before)
        self.batch.state, self.batch.ended_at = Batch.State.DONE, now()
        self.batch.save(update_fields=["state", "ended_at"])
        close_mended(self.batch)
        Link.objects.filter(pk=self.link.pk).update(position=self.batch.position_after)

    def fail(self, fault: BaseException) -> None:
        """Keep the failure with the batch; if even that can't be kept, the next run settles it.

        What stopped the run tells more than that, so it is what is raised then.
        """
        try:
            self._keep_failure(fault)
        except HaiheError:
            if isinstance(fault, HaiheError):
                raise fault from None
            raise

    @_kept()
    @transaction.atomic
    def _keep_failure(self, fault: BaseException) -> None:
        """Quarantined rows go, for the good rows beside them went nowhere."""
        batch = self.batch
        batch.quarantined.all().delete()
        if self.link.file_format:
            discard(batch)
        unmark_mended(batch)
        if batch.entry is not None:
            body = {"batch": str(batch.pk), "link": self.link.code, "entry": str(batch.entry)}
            ledger.record(by=self.by, kind="exchange.batch.undone", body=body)
        batch.state, batch.ended_at = Batch.State.FAILED, now()
        batch.error_code, batch.error = "haihe.failed", type(fault).__name__
        if isinstance(fault, HaiheError):
            batch.error_code, batch.error = fault.code, str(fault)
        batch.save(update_fields=["state", "ended_at", "error_code", "error"])

    def _is_stopped(self) -> bool:
        """Asked by the engine's watching thread, which has a connection of its own."""
        try:
            return is_paused(self.link.pk)
        finally:
            connection.close()
