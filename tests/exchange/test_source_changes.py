"""A source's table that changes: told with the difference, accepted by its provider, never cast."""

from __future__ import annotations

import pytest

from haihe.kernel.exchange import actions
from haihe.kernel.exchange.models import Batch
from haihe.kernel.ledger.models import Entry
from tests.exchange.builders import PROVIDER, RECEIVER, TABLE, gathering, publish, rows
from tests.exchange.files import refusal
from tests.servers import Database

pytestmark = pytest.mark.django_db
NARROWER = "alter table households alter income type numeric(9,2)"


def test_a_narrowed_column_stops_the_link_until_its_provider_accepts_it(
    department: Database,
) -> None:
    department.run(TABLE, rows(1, 5))
    link = gathering(publish(department.address))
    first = actions.run_link(by=PROVIDER, link=link)
    assert first.offered == []
    department.run(NARROWER)
    assert refusal(actions.run_link, by=PROVIDER, link=link) == "exchange.source.changed"
    failed = Batch.objects.filter(link=link).latest("started_at")
    assert "income was numeric decimal(12,2) and is numeric decimal(9,2)" in failed.error
    assert refusal(actions.accept_source, by=RECEIVER, link=link) == "exchange.link.not_yours"
    actions.accept_source(by=PROVIDER, link=link)
    assert actions.run_link(by=PROVIDER, link=link).rows_written == 5
    assert Entry.objects.filter(kind="exchange.link.source_accepted").count() == 1
    # What was accepted is what the next change is compared with.
    department.run("alter table households alter income type numeric(8,2)")
    assert refusal(actions.run_link, by=PROVIDER, link=link) == "exchange.source.changed"


def test_a_column_gone_stops_the_link_even_if_the_change_is_accepted(department: Database) -> None:
    department.run(TABLE, rows(1, 5))
    link = gathering(publish(department.address))
    actions.run_link(by=PROVIDER, link=link)
    department.run("alter table households drop column since")
    actions.accept_source(by=PROVIDER, link=link)
    assert refusal(actions.run_link, by=PROVIDER, link=link) == "exchange.source.changed"


def test_a_column_added_is_offered_at_each_batch_until_it_is_moved(department: Database) -> None:
    department.run(TABLE, rows(1, 5))
    link = gathering(publish(department.address))
    actions.run_link(by=PROVIDER, link=link)
    department.run("alter table households add phone text")
    for _ in range(2):
        assert actions.run_link(by=PROVIDER, link=link).offered == ["phone"]
