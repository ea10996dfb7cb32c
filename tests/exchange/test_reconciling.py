"""A link's two sides compared: what differs is named, entered in the ledger, and provable."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.base.settings import settings
from haihe.engine.merkle.statements import read_statement, verify_statement
from haihe.kernel.exchange import queries
from haihe.kernel.exchange.actions import (
    drop_differences,
    pause_link,
    reconcile_link,
    run_link,
)
from haihe.kernel.exchange.models import Reconciliation
from haihe.kernel.ledger.keys import log_key
from haihe.kernel.ledger.models import Entry
from haihe.kernel.ledger.queries import statement_of
from tests.exchange.builders import (
    PROVIDER,
    RECEIVER,
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


def test_the_rows_that_differ_are_named_on_both_ways(
    department: Database, receiver: Database
) -> None:
    department.run(TABLE, rows(1, 50))
    resource = publish(department.address)
    link = gathering(resource)
    run_link(by=PROVIDER, link=link)
    assert reconcile_link(by=PROVIDER, link=link).verdict == "equal"
    department.run(
        f"update households set income = 1 where person = '{number(7)}'",
        f"delete from households where person = '{number(8)}'",
    )
    found = reconcile_link(by=PROVIDER, link=link)
    assert found.verdict == "differs"
    assert {tuple(d["key"]): d["columns"] or d["only_in"] for d in found.differences} == {
        (number(7),): ["income"],
        (number(8),): "target",
    }
    body = Entry.objects.get(id=found.entry).body
    assert body["differing"] == {"income": 1}
    assert number(7) not in json.dumps(body)

    to = delivery(grant(resource), receiver.address)
    run_link(by=RECEIVER, link=to)
    assert reconcile_link(by=RECEIVER, link=to).verdict == "equal"
    receiver.run(f"delete from {to.target_table} where person = '{number(3)}'")
    lost = reconcile_link(by=RECEIVER, link=to)
    assert [d["only_in"] for d in lost.differences] == ["source"]


def test_a_row_that_waits_in_quarantine_is_no_difference(department: Database) -> None:
    department.run(TABLE, rows(1, 5), "insert into households values ('1234', 'x', 1, null, null)")
    link = gathering(publish(department.address))
    assert run_link(by=PROVIDER, link=link).rows_quarantined == 1
    found = reconcile_link(by=PROVIDER, link=link)
    assert (found.verdict, found.rows_waiting, found.rows_differing) == ("equal", 1, 0)


@pytest.mark.django_db(transaction=True)
def test_its_statement_is_verified_without_the_database(department: Database) -> None:
    department.run(TABLE, rows(1, 5))
    link = gathering(publish(department.address))
    run_link(by=PROVIDER, link=link)
    found = reconcile_link(by=PROVIDER, link=link)
    assert found.entry is not None
    text = statement_of(found.entry)
    verifier = log_key(settings()).verifier
    key = Ed25519PublicKey.from_public_bytes(verifier.public)
    verify_statement(read_statement(text), key=key, origin=verifier.name)
    altered = read_statement(text.replace(b'"rows_target":5', b'"rows_target":6'))
    with pytest.raises(HaiheError) as refused:
        verify_statement(altered, key=key, origin=verifier.name)
    assert refused.value.code == "ledger.statement.bad"


def test_a_paused_link_is_not_compared(department: Database) -> None:
    department.run(TABLE, rows(1, 5))
    link = gathering(publish(department.address))
    pause_link(by=PROVIDER, link=link)
    with pytest.raises(HaiheError) as refused:
        reconcile_link(by=PROVIDER, link=link)
    assert refused.value.code == "exchange.link.paused"


def test_a_comparison_that_fails_is_kept(department: Database) -> None:
    department.run(TABLE, rows(1, 5))
    link = gathering(publish(department.address))
    run_link(by=PROVIDER, link=link)
    department.run("drop table households")
    with pytest.raises(HaiheError):
        reconcile_link(by=PROVIDER, link=link)
    assert queries.reconciliations(link=link.code)[0].verdict == "failed"


def test_links_are_due_a_day_after_and_keys_are_forgotten_at_their_term(
    department: Database,
) -> None:
    department.run(TABLE, rows(1, 5))
    link = gathering(publish(department.address))
    run_link(by=PROVIDER, link=link)
    assert queries.is_reconciled_after(link.code)
    assert link.code in queries.links_to_reconcile(now())
    department.run(f"delete from households where person = '{number(3)}'")
    reconcile_link(by=PROVIDER, link=link)
    assert link.code not in queries.links_to_reconcile(now())
    assert drop_differences() == 0
    old = now() - timedelta(days=settings().quarantine_days + 1)
    Reconciliation.objects.update(ended_at=old)
    assert drop_differences() == 1
    found = Reconciliation.objects.get(link=link)
    assert (found.differences, found.rows_differing) == ([], 1)
