"""A grant bounds its deliveries: pace, end, onward use, and deletion with proof in the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from haihe.base.clock import now, told
from haihe.base.errors import HaiheError
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue import jobs as grants
from haihe.kernel.catalogue.models import Deletion, Grant
from haihe.kernel.exchange import actions, jobs, queries
from haihe.kernel.exchange.actions import run_link
from haihe.kernel.exchange.models import Batch, Link
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org.models import Department
from tests.exchange.builders import (
    COLUMNS,
    PROVIDER,
    RECEIVER,
    TABLE,
    delivery,
    gathering,
    grant,
    publish,
    rows,
)
from tests.servers import Database

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def delivered(
    department: Database, receiver: Database, *, link: dict[str, Any] | None = None, **terms: Any
) -> Link:
    """Three households, gathered and delivered once under a grant of these terms."""
    Department.objects.create(code="tax", name={"en": "Tax"}, kind="department")
    department.run(TABLE, rows(1, 3))
    gathered = gathering(publish(department.address))
    run_link(by=PROVIDER, link=gathered)
    held = grant(gathered.resource, "person", "income", "changed", **terms)
    made = delivery(held, receiver.address, **(link or {}))
    run_link(by=RECEIVER, link=made)
    return made


def refusal_of(link: Link) -> str:
    with pytest.raises(HaiheError) as raised:
        run_link(by=RECEIVER, link=link)
    return raised.value.code


def test_rows_are_delivered_at_the_grants_pace(department: Database, receiver: Database) -> None:
    link = delivered(department, receiver, link={"schedule": "every 1h"}, every_hours=24)
    assert refusal_of(link) == "exchange.delivery.too_soon"
    assert Batch.objects.filter(link=link).count() == 1
    with told(now() + 2 * HOUR):
        assert queries.due_links(now()) == []
    with told(now() + 24 * HOUR):
        assert queries.due_links(now()) == [link.code]
    Batch.objects.filter(link=link).update(started_at=now() - 24 * HOUR)
    assert run_link(by=RECEIVER, link=link).state == "done"


def test_what_is_granted_once_is_delivered_once(department: Database, receiver: Database) -> None:
    link = delivered(department, receiver, fetching="once")
    with told(now() + 1000 * HOUR):
        assert refusal_of(link) == "exchange.delivery.delivered_once"


def test_a_delivery_that_failed_does_not_count(department: Database, receiver: Database) -> None:
    link = delivered(department, receiver, fetching="once")
    Batch.objects.filter(link=link).update(state="failed")
    assert run_link(by=RECEIVER, link=link).state == "done"


@pytest.mark.parametrize(
    ("terms", "change", "rule"),
    [
        ({"fetching": "once"}, "", "delivery_at_its_pace"),
        ({"every_hours": 24}, "", "delivery_at_its_pace"),
        ({}, "set until = now()", "delivery_within_its_grant"),
        ({}, "set withdrawn_at = now()", "delivery_within_its_grant"),
    ],
)
def test_no_batch_is_entered_past_its_grant_in_sql(
    department: Database, receiver: Database, terms: dict[str, Any], change: str, rule: str
) -> None:
    link = delivered(department, receiver, **terms)
    late = Batch.objects.create(link=link)
    with connection.cursor() as cursor:
        if change:
            cursor.execute(f"update catalogue_grant {change}")
        with pytest.raises(IntegrityError) as met, transaction.atomic():
            cursor.execute("update exchange_batch set entry = id where id = %s", [late.pk])
    assert met.value.__cause__.diag.constraint_name == rule  # type: ignore[union-attr]


def passed_on(receiver: Database) -> Link:
    """The receiver publishes the table that it was delivered, and would gather it."""
    resource = catalogue.publish_resource(
        by=RECEIVER,
        code="housing/poor",
        title={"en": "Poor households"},
        department="housing",
        table="housing.poor",
        system="housing-db",
        source_table="households",
        sharing_class="unconditional",
        cycle="daily",
        columns=COLUMNS[:1],
    )
    return actions.make_link(by=RECEIVER, code="onward", resource=resource)


@pytest.mark.parametrize(
    "terms", [{}, {"onward_to": ["tax"], "onward_law": "Tax Act, art. 9"}], ids=["ban", "exception"]
)
def test_what_was_delivered_is_no_source_for_others(
    department: Database, receiver: Database, terms: dict[str, Any]
) -> None:
    delivered(department, receiver, **terms)
    with pytest.raises(HaiheError) as raised:
        passed_on(receiver)
    assert raised.value.code == "exchange.link.onward_use"
    past = (
        "insert into exchange_link (code, resource_id, mode, watermark, overlap_s, target_table,"
        " schedule) values ('past', 'housing/poor', 'full', '', 0, '', '')"
    )
    with pytest.raises(IntegrityError) as met, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(past)
    assert met.value.__cause__.diag.constraint_name == "delivered_is_not_gathered"  # type: ignore[union-attr]


def over(link: Link) -> Deletion:
    """The grant is withdrawn, and the deletion asked for."""
    assert link.grant is not None
    catalogue.withdraw_grant(by=PROVIDER, grant=link.grant, reason="No longer needed")
    assert grants.ask_deletions() == 1
    return Deletion.objects.get()


def test_haihe_deletes_what_it_delivered_and_proves_it(
    department: Database, receiver: Database
) -> None:
    link = delivered(department, receiver)
    batch = Batch.objects.get(link=link)
    asked = over(link)
    assert jobs.delete_delivered() == 1
    asked.refresh_from_db()
    assert receiver.ask("select count(*) from households") == [(0,)]
    assert (asked.by_haihe, asked.rows_before, asked.rows_after) == (True, 3, 0)
    assert asked.hash_before == batch.target_hash
    assert asked.hash_before
    entry = Entry.objects.get(pk=asked.entry)
    assert entry.kind == "catalogue.deletion.received"
    assert entry.body["hash_before"] == str(batch.target_hash)
    assert (entry.body["rows_before"], entry.body["rows_after"]) == (3, 0)
    assert jobs.delete_delivered() == 0


def test_a_deletion_cut_off_before_its_receipt_is_finished_with_its_first_figures(
    department: Database, receiver: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = over(delivered(department, receiver))

    def cut_off(**_: object) -> Deletion:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(catalogue, "prove_deletion", cut_off)
        with pytest.raises(KeyboardInterrupt):
            jobs.delete_delivered()
    asked.refresh_from_db()
    assert asked.received_at is None
    assert receiver.ask("select count(*) from households") == [(0,)]
    assert jobs.delete_delivered() == 1
    asked.refresh_from_db()
    assert (asked.rows_before, asked.rows_after) == (3, 0)
    assert asked.hash_before


def test_a_receiver_that_is_away_keeps_its_deletion_open_until_its_word_is_due(
    department: Database, receiver: Database
) -> None:
    asked = over(delivered(department, receiver))
    catalogue.pause_system(by=RECEIVER, system="housing-db")
    assert jobs.delete_delivered() == 0
    with pytest.raises(HaiheError) as raised:
        catalogue.confirm_deletion(by=RECEIVER, deletion=asked, note="Database switched off")
    assert raised.value.code == "catalogue.deletion.by_haihe"
    with told(now() + timedelta(days=15)):
        given = catalogue.confirm_deletion(by=RECEIVER, deletion=asked, note="Database destroyed")
    assert given.by_haihe is False


def test_a_grant_that_nothing_was_delivered_under_needs_no_word(department: Database) -> None:
    department.run(TABLE)
    held = grant(publish(department.address))
    catalogue.withdraw_grant(by=PROVIDER, grant=held, reason="No longer needed")
    grants.ask_deletions()
    assert jobs.delete_delivered() == 1
    assert Deletion.objects.get().rows_before == 0


@pytest.mark.parametrize(
    "mode", [{"mode": "full"}, {"mode": "watermark", "watermark": "changed"}], ids=["full", "mark"]
)
def test_rows_whose_life_is_over_go_while_the_grant_still_holds(
    department: Database, receiver: Database, mode: dict[str, str]
) -> None:
    link = delivered(department, receiver, link=mode, data_life_days=30)
    assert jobs.delete_delivered() == 0
    Batch.objects.filter(link=link).update(ended_at=now() - timedelta(days=31))
    assert jobs.delete_delivered() == 1
    assert receiver.ask("select count(*) from households") == [(0,)]
    assert Deletion.objects.get().cause == "life_over"
    assert jobs.delete_delivered() == 0
    assert run_link(by=RECEIVER, link=link).rows_written == 3
    assert Grant.objects.get().withdrawn_at is None
    assert jobs.delete_delivered() == 0


def test_the_receivers_own_table_is_left_alone(department: Database, receiver: Database) -> None:
    department.run(TABLE, rows(1, 1))
    gathered = gathering(publish(department.address))
    run_link(by=PROVIDER, link=gathered)
    receiver.run(
        "create table households (person text primary key, income numeric(12,2))",
        "insert into households values ('own', 1)",
    )
    link = delivery(grant(gathered.resource, "person", "income"), receiver.address)
    assert refusal_of(link) == "exchange.target.differs"
    over(link)
    assert jobs.delete_delivered() == 1
    assert receiver.ask("select person from households") == [("own",)]
    assert Deletion.objects.get().rows_before == 0
