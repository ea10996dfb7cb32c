"""The worker of deferred and timed jobs, with the rescue of jobs whose worker was killed.

A rescued job runs again from its beginning: its effects carry a unique key (see each noun's jobs).
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from django.db import close_old_connections
from procrastinate import App, exceptions
from procrastinate.contrib.django import app as city_app
from procrastinate.contrib.django.django_connector import DjangoConnector

from haihe.base.ending import ENDING

log = structlog.get_logger()
CONCURRENCY = 4
HEARTBEAT_SECONDS = 5.0
STALLED_SECONDS = 30.0
"""A job counts as stalled when its worker has given no sign for so long."""


def fresh_connections(call_next: Callable[[], Any], *_: object) -> object:
    """Around each job: a connection that broke (a restarted server) is not used again."""
    close_old_connections()
    try:
        return call_next()
    finally:
        close_old_connections()


async def rescue(app: App) -> int:
    """Put stalled jobs back in their queues; gives how many."""
    rescued = 0
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
        # Another worker may have rescued it meanwhile.
        with suppress(exceptions.ConnectorException):
            await app.job_manager.retry_job(job)
            rescued += 1
            log.warning("worker.job.rescued", job=job.id, task=job.task_name)
    return rescued


async def _rescue_for_ever(app: App) -> None:
    while True:
        try:
            await rescue(app)
        except exceptions.ConnectorException:
            log.warning("worker.rescue.failed")
        await asyncio.sleep(STALLED_SECONDS / 3)


async def _work(app: App) -> None:
    async with app.open_async():
        rescuing = asyncio.create_task(_rescue_for_ever(app))
        working = asyncio.create_task(
            app.run_worker_async(
                concurrency=CONCURRENCY,
                shutdown_graceful_timeout=3.0,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                stalled_worker_timeout=STALLED_SECONDS,
                task_middleware=[fresh_connections],
                install_signal_handlers=False,
            )
        )
        _end_on_signal(working)
        try:
            with suppress(asyncio.CancelledError):
                await working
        finally:
            rescuing.cancel()


def _end_on_signal(working: asyncio.Task[None]) -> None:
    """Asked to end, tell the jobs that take turns, and let the others come to their end."""

    def end() -> None:
        ENDING.set()
        working.cancel()

    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, end)


def work() -> None:
    """Work until told to stop. Django is started."""
    connector = city_app.connector
    assert isinstance(connector, DjangoConnector)  # noqa: S101 - set by procrastinate's own app
    with city_app.replace_connector(connector.get_worker_connector()) as app:
        asyncio.run(_work(app))
