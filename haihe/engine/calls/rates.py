"""Rates: a bucket a grant that holds one minute's calls and refills evenly, kept in the database.

One row a grant, changed in the transaction that enters the calls: exact across processes. A row
holds the moment until which the calls made so far have spent the time (GCRA): it may run one
minute ahead of now, and each call spends ``60 s / rate``. A grant withdrawn or ended by now gives
no row: that check, too, belongs to the transaction.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

MINUTE_US = 60_000_000

SPEND_SQL = """
insert into services_rate as held ("grant", interval_us, asked, at_us, admitted, spent_until_us)
select g.id, q.interval_us, q.asked, clock.us, least(q.asked, 60000000 / q.interval_us),
    clock.us + q.interval_us * least(q.asked, 60000000 / q.interval_us)
from unnest({grants}::uuid[], {intervals}::bigint[], {asked}::bigint[])
    as q (id, interval_us, asked)
join catalogue_grant g on g.id = q.id
cross join (select (extract(epoch from clock_timestamp()) * 1000000)::bigint as us) clock
where g.withdrawn_at is null and g.until > clock_timestamp()
order by g.id
on conflict ("grant") do update set
    interval_us = excluded.interval_us,
    asked = excluded.asked,
    at_us = excluded.at_us,
    admitted = least(excluded.asked, greatest(0,
        (excluded.at_us + 60000000 - greatest(held.spent_until_us, excluded.at_us))
        / excluded.interval_us)),
    spent_until_us = greatest(held.spent_until_us, excluded.at_us)
        + excluded.interval_us * least(excluded.asked, greatest(0,
            (excluded.at_us + 60000000 - greatest(held.spent_until_us, excluded.at_us))
            / excluded.interval_us))
returning "grant", admitted, spent_until_us, at_us
"""
"""To be formatted with the places of its arguments: grants (each once), microseconds that a call
of each spends, calls asked for. Rows: grant, calls admitted, the moment until which time is
spent, and now (microseconds since 1970)."""


def interval_us(rate_per_minute: int) -> int:
    """Microseconds that one call spends of its grant's minute; more than a minute if none may."""
    return MINUTE_US // rate_per_minute if rate_per_minute > 0 else MINUTE_US + 1


def spend_arguments(
    asked: Mapping[UUID, int], *, rates: Mapping[UUID, int]
) -> tuple[list[UUID], list[int], list[int]]:
    """The arguments of ``SPEND_SQL``; grants in order, so that processes lock in one order."""
    grants = sorted(asked)
    return grants, [interval_us(rates[grant]) for grant in grants], [asked[g] for g in grants]


def wait_s(*, spent_until_us: int, at_us: int, rate: int) -> int:
    """Whole seconds until one more call of this rate is admitted; at least 1.

    >>> wait_s(spent_until_us=60_000_000, at_us=0, rate=30)
    2
    """
    free_at = spent_until_us + interval_us(rate) - MINUTE_US
    return max(1, math.ceil((free_at - at_us) / 1_000_000))


@dataclass(frozen=True)
class Spent:
    """What a batch was admitted of one grant: the first ``admitted`` of its calls."""

    admitted: int
    spent_until_us: int
    at_us: int

    def wait_s(self, rate: int) -> int:
        """Seconds until the grant admits one more call."""
        return wait_s(spent_until_us=self.spent_until_us, at_us=self.at_us, rate=rate)
