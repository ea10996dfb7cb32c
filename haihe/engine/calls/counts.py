"""Counts of calls and refusals by the city's day, service and department, written once a second.

Figures for pages: what is certain stands in the ledger. A killed process loses a second of them.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import date

import asyncpg
import structlog

from haihe.base.clock import day_in
from haihe.engine.calls.keeper import LOST

ADD_SQL = """
insert into services_count as held (day, service, department, calls, refused)
select * from unnest($1::date[], $2::text[], $3::text[], $4::bigint[], $5::bigint[])
on conflict (day, service, department) do update set
    calls = held.calls + excluded.calls, refused = held.refused + excluded.refused
"""
_EVERY_S = 1.0
_log = structlog.get_logger()


class Counts:
    """Counters of this process. ``start`` before use; ``stop`` writes what is left."""

    def __init__(self, url: str, *, zone: str) -> None:
        self._url = url
        self._zone = zone
        self._held: dict[tuple[date, str, str], list[int]] = {}
        self._day = day_in(zone)
        self._task: asyncio.Task[None] | None = None

    def add(self, service: str, department: str, *, refused: bool) -> None:
        """Count one call of a known service, or one refusal (of an unknown one: empty name)."""
        key = (self._day, service, department)
        held = self._held.get(key)
        if held is None:
            held = self._held[key] = [0, 0]
        held[refused] += 1

    def start(self) -> None:
        """Begin to write, in a task of the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._keep())

    async def stop(self) -> None:
        """End the task; write what is left, if the database answers."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._write_down()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(_EVERY_S)
            self._day = day_in(self._zone)
            await self._write_down()

    async def _write_down(self) -> None:
        held, self._held = self._held, {}
        if not held:
            return
        keys = sorted(held)
        try:
            connection = await asyncpg.connect(self._url, timeout=2)
            try:
                await connection.execute(
                    ADD_SQL,
                    [key[0] for key in keys],
                    [key[1] for key in keys],
                    [key[2] for key in keys],
                    [held[key][0] for key in keys],
                    [held[key][1] for key in keys],
                )
            finally:
                await connection.close(timeout=2)
        except LOST as fault:
            _log.warning("services.counts.late", fault=type(fault).__name__)
            for key, (calls, refused) in held.items():
                later = self._held.setdefault(key, [0, 0])
                later[0] += calls
                later[1] += refused
