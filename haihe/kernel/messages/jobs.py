"""Messages by the clock: send what waits each minute, forget the old each night."""

from __future__ import annotations

from procrastinate.contrib.django import app

from haihe.kernel.messages import actions


@app.periodic(cron="* * * * *")
@app.task(name="messages.send_waiting", queueing_lock="messages.send_waiting")
def send_waiting(timestamp: int = 0) -> int:
    """Send what waits; repeated harmlessly."""
    return actions.send_waiting()


@app.periodic(cron="25 3 * * *")
@app.task(name="messages.forget_old", queueing_lock="messages.forget_old")
def forget_old(timestamp: int = 0) -> int:
    """Delete messages past their term."""
    return actions.forget_old()
