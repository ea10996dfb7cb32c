"""Exchange by the clock and on request: links that are due, rows past their term."""

from __future__ import annotations

from contextlib import suppress

import structlog
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Mode
from haihe.kernel.exchange import actions, queries

BY = Actor("clock", "clock", permissions=frozenset({"exchange.link.run", "exchange.link.any"}))
DELETER = Actor(
    "clock",
    "clock",
    permissions=frozenset({"exchange.delivery.delete", "catalogue.grant.follow"}),
)
KEEPER = Actor("clock", "clock", permissions=frozenset({"exchange.lake.care"}))
_log = structlog.get_logger()


@app.task(name="exchange.run_link")
def run_link(link: str) -> str:
    """Run a link once; its batch says how it went. Deferred with ``actions.ask_to_run``."""
    try:
        batch = str(actions.run_link(by=BY, link=link).pk)
        if queries.is_reconciled_after(link):
            with suppress(AlreadyEnqueued):
                actions.ask_to_reconcile(by=BY, link=link)
        return batch
    except HaiheError as fault:
        # Kept with the batch and shown on its page; a failed link is no failed worker.
        _log.warning("exchange.link.failed", link=link, code=fault.code)
        return fault.code


@app.task(name="exchange.reconcile_link")
def reconcile_link(link: str) -> str:
    """Compare a link's two sides; deferred after each full load and each night."""
    try:
        return str(actions.reconcile_link(by=BY, link=link).verdict)
    except HaiheError as fault:
        _log.warning("exchange.reconciliation.failed", link=link, code=fault.code)
        return fault.code


@app.periodic(cron="10 2 * * *")
@app.task(name="exchange.reconcile_due", queueing_lock="exchange.reconcile_due")
def reconcile_due(timestamp: int = 0) -> int:
    """Each night: ask for a comparison of each link that can be compared and was not for a day."""
    asked = 0
    for code in queries.links_to_reconcile(now()):
        with suppress(AlreadyEnqueued):
            actions.ask_to_reconcile(by=BY, link=code)
            asked += 1
    return asked


@app.periodic(cron="* * * * *")
@app.task(name="exchange.run_due", queueing_lock="exchange.run_due")
def run_due(timestamp: int = 0) -> int:
    """Ask for each link that is due; one that waits already is not asked for twice."""
    asked = 0
    for code in queries.due_links(now()):
        try:
            actions.ask_to_run(by=BY, link=code)
            asked += 1
        except AlreadyEnqueued:
            continue
    return asked


@app.periodic(cron="30 3 * * *")
@app.task(name="exchange.drop_quarantined", queueing_lock="exchange.drop_quarantined")
def drop_quarantined(timestamp: int = 0) -> int:
    """Remove rows in quarantine past their term, and keys of rows that differed; harmless again."""
    actions.drop_differences()
    return actions.drop_quarantined()


@app.periodic(cron="5-59/10 * * * *")
@app.task(name="exchange.delete_delivered", queueing_lock="exchange.delete_delivered")
def delete_delivered(timestamp: int = 0) -> int:
    """Delete delivered rows whose life or grant is over; how many receipts that gave.

    A receiver that can't be reached is tried again; its receipt is chased once it is overdue.
    """
    actions.ask_for_lives_over(by=DELETER)
    given = 0
    for deletion in catalogue.deletions(open_only=True).filter(grant__mode=Mode.TABLE):
        try:
            actions.delete_delivered(by=DELETER, deletion=deletion)
            given += 1
        except HaiheError as fault:
            _log.warning("exchange.deletion.failed", deletion=str(deletion.pk), code=fault.code)
    return given


@app.periodic(cron="*/10 * * * *")
@app.task(name="exchange.drop_exports", queueing_lock="exchange.drop_exports")
def drop_exports(timestamp: int = 0) -> int:
    """Remove delivered files past their term or of an ended grant, and what killed runs left."""
    actions.clear_left()
    return actions.drop_exports()


@app.periodic(cron="20 2 * * *")
@app.task(name="exchange.care_for_lake", queueing_lock="exchange.care_for_lake")
def care_for_lake(timestamp: int = 0) -> int:
    """Write the lake's small files together, end its history at its term; how many files went."""
    cared = actions.care_for_lake(by=KEEPER)
    return cared.files_before - cared.files_after + cared.files_removed
