"""Seeds a pack's source systems: makes the city once, writes each system, says what was planted."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import psycopg
import pymysql

from haihe.base.errors import Unavailable
from haihe.project.pack.read import Pack
from haihe.project.seed import faults
from haihe.project.seed.databases import Target, write_system
from haihe.project.seed.making import MadeUpCity


class Unreachable(Unavailable):
    """A department's server refuses, or does not answer."""

    code = "seed.unreachable"
    hint = "Check the address, its user and password, and that the server runs."


@dataclass
class Report:
    """Rows by resource, faults by resource and kind, and the systems that could not be written."""

    rows: dict[str, int] = field(default_factory=dict)
    faults: dict[str, dict[str, int]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)

    def planted(self, kind: str) -> int:
        """Rows with that fault in all resources."""
        return sum(each.get(kind, 0) for each in self.faults.values())


def seed(
    pack: Pack,
    *,
    city: MadeUpCity,
    target: Target,
    skip: Collection[str] = (),
    late: bool = False,
    done: Callable[[str], None] = lambda _: None,
) -> Report:
    """Write a made-up city into the pack's source systems, but those in ``skip``.

    ``late`` adds, to systems seeded before, the rows that come late: their ``updated_at`` lies
    before the newest that was there. ``done`` hears each system that is whole.
    Errors: ``seed.unknown_table``, ``seed.unreachable``.
    """
    report = Report()
    for system in pack.systems:
        resources = [r for _, r in pack.resources if r.seed and r.system == system.code]
        if system.code in skip or not (resources or system.receives):
            continue
        try:
            written = write_system(city, system, resources, target=target, late=late)
        except (psycopg.OperationalError, pymysql.err.OperationalError):
            # The driver's words are left out: they may hold the address with its password.
            raise Unreachable(f"The database of {system.code} could not be written.") from None
        if system.code not in target.addresses:
            report.left_out.append(system.code)
            continue
        report.rows |= written
        for resource in resources:
            plan = city.plan(resource)
            kinds = {kind: plan.count(kind) for kind in faults.KINDS}
            report.faults[resource.code] = {k: n for k, n in kinds.items() if n}
        done(system.code)
    return report
