"""Deliveries: whole keys, tables of their own, and rows that were gathered late."""

from __future__ import annotations

from datetime import date

import pytest

from haihe.base.errors import HaiheError
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.exchange import actions, queries
from haihe.kernel.exchange.actions import run_link, runs
from haihe.kernel.exchange.internals.moves import Plan
from haihe.kernel.exchange.models import Batch, Link, Serving
from tests.exchange.builders import (
    PROVIDER,
    RECEIVER,
    STEWARD,
    TABLE,
    delivery,
    gathering,
    grant,
    number,
    publish,
    rows,
)
from tests.servers import Database

pytestmark = pytest.mark.django_db
BY_YEAR = (
    ColumnDraft("person", "text", is_subject=True, scheme="luhn.person", is_key=True),
    ColumnDraft("year", "integer", is_key=True),
    ColumnDraft("income", "decimal(12,2)"),
    ColumnDraft("changed", "timestamp"),
)


def by_year(department: Database) -> Link:
    """A grant of a part of a key of two columns: three rows, two of them of one person."""
    department.run(
        "create table households (person text, year bigint, income numeric(12,2),"
        " changed timestamp, primary key (person, year))",
        f"insert into households values ('{number(1)}', 2020, 1, now()),"
        f" ('{number(1)}', 2021, 2, now()), ('{number(2)}', 2020, 3, now())",
    )
    return gathering(publish(department.address, columns=BY_YEAR))


def test_a_part_of_a_key_drops_no_row(department: Database, receiver: Database) -> None:
    gathered = by_year(department)
    run_link(by=PROVIDER, link=gathered)
    held = grant(gathered.resource, "person", "income", "changed")
    batch = run_link(by=RECEIVER, link=delivery(held, receiver.address))
    assert (batch.rows_written, batch.rows_quarantined) == (3, 0)
    assert receiver.ask("select count(*) from households") == [(3,)]


def test_a_part_of_a_key_is_no_key_to_merge_by(department: Database, receiver: Database) -> None:
    held = grant(by_year(department).resource, "person", "income", "changed")
    with pytest.raises(HaiheError) as raised:
        delivery(held, receiver.address, mode="watermark", watermark="changed")
    assert raised.value.code == "exchange.link.no_key"


def gathered(department: Database, **changes: str) -> Link:
    """Two households, gathered."""
    department.run(TABLE, rows(1, 2))
    link = gathering(publish(department.address), **changes)
    run_link(by=PROVIDER, link=link)
    return link


def test_a_delivery_leaves_the_receivers_own_rows_alone(
    department: Database, receiver: Database
) -> None:
    held = grant(gathered(department).resource)
    receiver.run(
        "create table households (person text primary key, income numeric(12,2))",
        "insert into households values ('own', 1)",
    )
    link = delivery(held, receiver.address)
    with pytest.raises(HaiheError) as raised:
        run_link(by=RECEIVER, link=link)
    assert raised.value.code == "exchange.target.differs"
    assert receiver.ask("select person from households") == [("own",)]
    receiver.run("delete from households")
    for _ in range(2):
        assert run_link(by=RECEIVER, link=link).rows_written == 2


def test_two_deliveries_never_share_a_table(department: Database, receiver: Database) -> None:
    resource = gathered(department).resource
    assert delivery(grant(resource), receiver.address).target_table == "public.households"
    for name in ("households", " public.households "):
        with pytest.raises(HaiheError) as raised:
            actions.make_delivery(
                by=RECEIVER,
                grant=grant(resource, "person"),
                target_system="housing-db",
                target_table=name,
            )
        assert raised.value.code == "exchange.delivery.table_taken"


def test_a_row_gathered_late_is_delivered_too(department: Database, receiver: Database) -> None:
    link = gathered(department, mode="watermark", watermark="changed")
    assert link.overlap_s == 300
    held = grant(link.resource, "person", "changed")
    sent = delivery(held, receiver.address, mode="watermark", watermark="changed")
    run_link(by=RECEIVER, link=sent)
    # Committed only now, and older than the newest row by a minute and a half.
    department.run(
        f"insert into households values ('{number(3)}', 'late', 1, null, '2021-01-01 00:00:30+00')"
    )
    run_link(by=PROVIDER, link=link)
    run_link(by=RECEIVER, link=sent)
    assert receiver.ask("select count(*) from households") == [(3,)]


def test_a_grant_withdrawn_while_a_batch_runs_delivers_nothing(
    department: Database, receiver: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = grant(gathered(department).resource)
    link = delivery(held, receiver.address)
    planned = runs.plan_of

    def then_withdrawn(link: Link, batch: Batch, *, is_anew: bool) -> Plan:
        plan = planned(link, batch, is_anew=is_anew)
        catalogue.withdraw_grant(by=PROVIDER, grant=held, reason="No longer needed")
        return plan

    monkeypatch.setattr(runs, "plan_of", then_withdrawn)
    with pytest.raises(HaiheError) as raised:
        run_link(by=RECEIVER, link=link)
    assert raised.value.code == "exchange.delivery.grant_ended"
    assert queries.is_paused(link.code)
    assert receiver.ask("select count(*) from households") == [(0,)]


def test_a_left_delivery_is_settled_though_its_grant_has_ended(
    department: Database, receiver: Database
) -> None:
    held = grant(gathered(department).resource)
    link = delivery(held, receiver.address)
    left = run_link(by=RECEIVER, link=link)
    Batch.objects.filter(pk=left.pk).update(state="running", ended_at=None)
    catalogue.withdraw_grant(by=PROVIDER, grant=held, reason="No longer needed")

    with pytest.raises(HaiheError) as raised:
        run_link(by=RECEIVER, link=link)

    assert raised.value.code == "exchange.delivery.grant_ended"
    left.refresh_from_db()
    assert left.state == "done"


def test_a_column_that_may_no_longer_be_shared_leaves_what_is_served_with_the_next_batch(
    department: Database,
) -> None:
    link = gathered(department, mode="watermark", watermark="changed")
    catalogue.add_negative_entry(
        by=STEWARD,
        columns=[link.resource.columns.get(name="income")],
        law="Statistics Act, art. 25",
        substitute="",
        approved_by="Bureau",
        review_on=date(2100, 1, 1),
    )
    run_link(by=PROVIDER, link=link)
    served = Serving.objects.values_list("rows", flat=True)
    assert len(served) == 2
    assert all("income" not in row for lines in served for row in lines)
