"""Exchange by the clock and on request: links that are due, rows past their term."""

from __future__ import annotations

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
_log = structlog.get_logger()


@app.task(name="exchange.run_link")
def run_link(link: str) -> str:
    """Run a link once; its batch says how it went. Deferred with ``actions.ask_to_run``."""
    try:
        return str(actions.run_link(by=BY, link=link).pk)
    except HaiheError as fault:
        # Kept with the batch and shown on its page; a failed link is no failed worker.
        _log.warning("exchange.link.failed", link=link, code=fault.code)
        return fault.code


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
    """Remove rows in quarantine past their term; repeated harmlessly."""
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
