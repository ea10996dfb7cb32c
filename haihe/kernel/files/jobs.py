"""Files by the clock: what is past its term goes each night, and bytes without a row."""

from __future__ import annotations

from procrastinate.contrib.django import app

from haihe.kernel.files import actions


@app.periodic(cron="35 3 * * *")
@app.task(name="files.drop_due", queueing_lock="files.drop_due")
def drop_due(timestamp: int = 0) -> int:
    """Delete files whose term has ended."""
    return actions.drop_due()


@app.periodic(cron="45 3 * * *")
@app.task(name="files.clear_orphans", queueing_lock="files.clear_orphans")
def clear_orphans(timestamp: int = 0) -> int:
    """Delete bytes that no row uses."""
    return actions.clear_orphans()
