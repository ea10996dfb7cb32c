"""Keeps the rights of this process fresh: a change is heard (LISTEN), and read at least so often.

A keeper that has not read for too long says so instead of judging by old rights.
"""

from __future__ import annotations

import asyncio
import contextlib
import time

import asyncpg
import structlog

from haihe.base.errors import HaiheError
from haihe.engine.calls.judge import Judge
from haihe.engine.calls.refusals import DatabaseAway
from haihe.engine.calls.rights import RIGHTS_SQL, read_rights

CHANNEL = "haihe_rights"
"""Triggers on rights' tables notify it (migration 0002 of services)."""

POLL_S = 0.5
STALE_S = 3.0
_ANSWER_S = 2.0
_log = structlog.get_logger()

LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncio.TimeoutError, HaiheError)
"""What a lost, restarting or overloaded database raises."""


class Keeper:
    """The judge of this moment. ``start`` before use; ``stop`` ends its task."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._text = ""
        self._judge: Judge | None = None
        self._read_at = 0.0
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.is_fresh = asyncio.Event()
        """Set once rights were read; cleared when the database is lost."""

    @property
    def judge(self) -> Judge:
        """The judge by rights read at most ``STALE_S`` ago.

        Errors: ``services.database.away``.
        """
        if self._judge is None or time.monotonic() - self._read_at > STALE_S:
            raise DatabaseAway
        return self._judge

    def start(self) -> None:
        """Begin to read, in a task of the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._keep())

    async def stop(self) -> None:
        """End the task."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _keep(self) -> None:
        while True:
            try:
                await self._listen()
            except LOST as fault:
                if self.is_fresh.is_set():
                    _log.warning("services.rights.lost", fault=type(fault).__name__)
                self.is_fresh.clear()
            await asyncio.sleep(0.2)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._url, timeout=_ANSWER_S)
        try:
            await connection.add_listener(CHANNEL, self._heard)
            while True:
                self._changed.clear()
                took = await self._read(connection)
                # Where reading is slow, the changes heard do the work; reading is the net below.
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), max(POLL_S, 10 * took))
        finally:
            connection.terminate()

    def _heard(self, *_: object) -> None:
        self._changed.set()

    async def _read(self, connection: asyncpg.Connection) -> float:
        began = time.monotonic()
        text = await connection.fetchval(RIGHTS_SQL, timeout=_ANSWER_S)
        if text != self._text:
            self._judge = Judge(read_rights(text))
            self._text = text
        self._read_at = began
        self.is_fresh.set()
        return time.monotonic() - began
