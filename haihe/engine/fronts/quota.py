"""A day's quota of an interface, counted in a database: exact, however many processes call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import psycopg

from haihe.engine.fronts.errors import FrontDown, QuotaSpent

_TABLE = """
create schema if not exists national;
create table if not exists national.cd_calls (
    link text, day date, calls bigint not null, primary key (link, day)
)
"""
_SPEND = """
insert into national.cd_calls as c (link, day, calls) select %(link)s, %(day)s, 1 where %(most)s > 0
on conflict (link, day) do update set calls = c.calls + 1 where c.calls < %(most)s
returning calls
"""


@dataclass(frozen=True)
class Quota:
    """At most ``most`` calls of a link a day, counted in the database ``landing``."""

    landing: str
    link: str
    most: int

    def prepare(self) -> None:
        """Make the table of counts where there is none. ``fronts.down``."""
        try:
            with psycopg.connect(self.landing, connect_timeout=5) as session:
                session.execute("select pg_advisory_xact_lock(907)")
                session.execute(_TABLE)
        except psycopg.OperationalError:
            raise FrontDown from None

    def spend(self, day: date) -> int:
        """Count one call before it is made; how many it makes. ``fronts.quota.spent``.

        It counts also if the call then fails: the other side may have counted it.
        """
        values = {"link": self.link, "day": day, "most": self.most}
        try:
            with psycopg.connect(self.landing, connect_timeout=5) as session:
                row = session.execute(_SPEND, values).fetchone()
        except psycopg.OperationalError:
            raise FrontDown from None
        if row is None:
            raise QuotaSpent
        return int(row[0])
