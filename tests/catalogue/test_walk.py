"""Random walks over the actions: whatever is done, in whatever order, the lists hold together."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from django.db import connection

from haihe.base.errors import HaiheError
from haihe.kernel.catalogue import actions, queries
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.catalogue.models import Demand, Grant, NegativeEntry, Resource
from tests.catalogue.builders import (
    PROVIDER,
    RECEIVER,
    STEWARD,
    THIRD,
    Small,
    demand,
    forbid,
    publish,
)

NAMES = ("person", "income", "since", "faith", "street", "children")
BROKEN = """
select 'a grant without its demand''s word' from catalogue_grant g
join catalogue_demand d on d.id = g.demand_id
where (g.department_id, g.resource_id, g.purpose_id)
   <> (d.department_id, d.resource_id, d.purpose_id) or d.state <> 'granted'
union all
select 'a live column that was not demanded' from catalogue_grant_columns c
join catalogue_grant g on g.id = c.grant_id
where not exists (select from catalogue_demand_columns d
                  where d.demand_id = g.demand_id and d.column_id = c.column_id)
union all
select 'a live column that may not be shared' from catalogue_grant_columns c
join catalogue_grant g on g.id = c.grant_id and g.withdrawn_at is null
join catalogue_column x on x.id = c.column_id
join catalogue_resource r on r.code = x.resource_id
where x.dropped_at is not null or 'withheld' in (x.sharing_class, r.sharing_class)
   or exists (select from catalogue_negativeentry_columns n
              join catalogue_negativeentry e on e.id = n.negativeentry_id
              where n.column_id = x.id and (e.valid_until is null or e.valid_until >= current_date))
union all
select 'a live grant without a column' from catalogue_grant g
where g.withdrawn_at is null
and not exists (select from catalogue_grant_columns c where c.grant_id = g.id)
union all
select 'a granted demand without grant or responsibility' from catalogue_demand d
where d.state = 'granted' and not (
    exists (select from catalogue_grant g where g.demand_id = d.id)
    and exists (select from catalogue_responsibility s where s.resource_id = d.resource_id))
"""


class Walk:
    """One walk; each step is one of the catalogue's verbs with random words."""

    def __init__(self, seed: int, resources: list[Resource]) -> None:
        self.random = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.resources = resources

    def raise_one(self) -> None:
        resource = self.random.choice(self.resources)
        names = [column.name for column in resource.columns.all()]
        wanted = self.random.sample(names, self.random.randint(1, len(names)))
        demand(resource, *wanted, by=self.random.choice((RECEIVER, THIRD)))

    def decide(self) -> None:
        waiting = self.random.choice(list(Demand.objects.all()))
        if self.random.random() < 0.7:
            actions.grant_demand(by=PROVIDER, demand=waiting)
        else:
            actions.refuse_demand(by=PROVIDER, demand=waiting, reason="No")

    def withdraw(self) -> None:
        grant = self.random.choice(list(Grant.objects.all()))
        actions.withdraw_grant(by=PROVIDER, grant=grant, reason="Over")

    def forbid(self) -> None:
        forbid(self.random.choice(list(self.random.choice(self.resources).columns.all())))

    def allow(self) -> None:
        entry = self.random.choice(list(NegativeEntry.objects.all()))
        actions.end_negative_entry(by=STEWARD, entry=entry, reason="Changed")

    def publish(self) -> None:
        names = self.random.sample(NAMES, self.random.randint(1, len(NAMES)))
        columns = [
            ColumnDraft(name, "text", sharing_class=self.random.choice(("", "", "withheld")))
            for name in names
        ]
        code = self.random.choice(self.resources).code
        withheld = self.random.random() < 0.1
        publish(code, columns=columns, sharing_class="withheld" if withheld else "conditional")

    def step(self) -> bool:
        """Try one verb; whether it was done (or refused, as it should be)."""
        verbs: list[Callable[[], None]] = [
            self.raise_one, self.raise_one, self.decide, self.decide, self.withdraw,
            self.forbid, self.allow, self.publish,
        ]  # fmt: skip
        try:
            self.random.choice(verbs)()
        except (HaiheError, IndexError):
            return False
        return True


@pytest.mark.parametrize("seed", range(6))
def test_the_lists_hold_together_after_every_step(small: Small, seed: int) -> None:
    walk = Walk(seed, [small.resource, small.low_income])
    done = 0
    for _ in range(60):
        done += walk.step()
        with connection.cursor() as cursor:
            cursor.execute(BROKEN)
            assert cursor.fetchall() == [], f"seed {seed}"
    assert done > 15
    connection.check_constraints()
    for resource in walk.resources:
        granted = {
            column.name
            for g in queries.grants(resource=resource.code)
            for column in g.columns.all()
        }
        assert granted <= {column.name for column in queries.servable_columns(resource.code)}
