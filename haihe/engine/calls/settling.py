"""Settling a batch: rates are spent and entries are made in one statement, and so commit together.

A call that its rate or grant does not admit this moment gets no entry here, and so no answer; its
refusal is entered with a later batch.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from haihe.engine.calls import refusals
from haihe.engine.calls.judge import Permit
from haihe.engine.calls.rates import SPEND_SQL, Spent, spend_arguments
from haihe.engine.merkle.entries import (
    ENTER_SQL,
    GIVEN_SQL,
    EntryRow,
    SecretsMoved,
    commit,
    rows_text,
    secrets_of,
    used_arrays,
)
from haihe.engine.merkle.secrets import SubjectSecrets

SETTLE_SQL = f"""
with spent as ({SPEND_SQL.format(grants="$4", intervals="$5", asked="$6")}),
given as (
    select offered.* from {GIVEN_SQL}
    left join spent on spent."grant" = offered."grant"
    where turn = 0 or turn <= spent.admitted
),
{ENTER_SQL}
select held.all_held, spent.* from held left join spent on true
"""  # noqa: S608 - constants of ours
"""Arguments as of entries, each with its turn among its grant's calls (0: not rated), then as of
spending. Rows: whether entries were made at all, and what was spent of each grant."""


def turns(permits: Sequence[Permit | None]) -> list[int]:
    """Each call's turn among the batch's calls of its grant, from 1; 0 where none is needed."""
    counted: dict[UUID, int] = {}
    found = []
    for permit in permits:
        turn = 0
        if permit is not None:
            turn = counted.get(permit.grant.id, 0) + 1
            counted[permit.grant.id] = turn
        found.append(turn)
    return found


class Settled:
    """A batch on its way to the disk."""

    def __init__(
        self,
        running: asyncio.Future[Any],
        order: Sequence[int],
        subjects: set[bytes],
        secrets: SubjectSecrets,
    ) -> None:
        self._running = running
        self._order = order
        self._subjects = subjects
        self._secrets = secrets

    async def refused(self, permits: Sequence[Permit | None]) -> list[refusals.Refusal | None]:
        """Once committed: the refusal of each call that was not admitted, else None.

        Errors: ``ledger.secrets.moved``, after which nothing was entered.
        """
        rows = await self._running
        if not rows[0]["all_held"]:
            self._secrets.forget(self._subjects)
            raise SecretsMoved
        spent = {row[1]: Spent(row[2], row[3], row[4]) for row in rows if row[1] is not None}
        return [
            None if permit is None else _refused(permit, turn, spent)
            for permit, turn in zip(permits, self._order, strict=True)
        ]


async def settle(
    connection: Any,
    entries: Sequence[EntryRow],
    permits: Sequence[Permit | None],
    *,
    secrets: SubjectSecrets,
) -> Settled:
    """Spend rates and enter a batch by an asyncpg connection outside any transaction.

    Each entry's ``leaf`` is filled at once; what is awaited of the outcome is committed.
    Errors: ``ledger.body.unfit``.
    """
    subjects = {entry.subject for entry in entries if entry.subject is not None}
    used = await secrets_of(connection, subjects, secrets=secrets)
    commit(entries, used=used)
    rated = [permit for permit in permits if permit is not None]
    asked = Counter(permit.grant.id for permit in rated)
    rates = {permit.grant.id: permit.grant.rate for permit in rated}
    order = turns(permits)
    running = asyncio.ensure_future(
        connection.fetch(
            SETTLE_SQL,
            rows_text(entries, turns=order),
            *used_arrays(used),
            *spend_arguments(asked, rates=rates),
        )
    )
    # The statement is sent before whoever called goes on.
    await asyncio.sleep(0)
    return Settled(running, order, subjects, secrets)


def _refused(permit: Permit, turn: int, spent: Mapping[UUID, Spent]) -> refusals.Refusal | None:
    found = spent.get(permit.grant.id)
    if found is None:
        return refusals.ended(until=permit.grant.until)
    if turn <= found.admitted:
        return None
    return refusals.RateExceeded(retry_after_s=found.wait_s(permit.grant.rate))
