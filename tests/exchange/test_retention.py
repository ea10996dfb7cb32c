"""Rows in quarantine end at their term, and the ledger tells how many, never which."""

from __future__ import annotations

from datetime import timedelta

import pytest

from haihe.base.clock import now
from haihe.base.settings import settings
from haihe.kernel.exchange import jobs, queries
from haihe.kernel.exchange.actions import run_link
from haihe.kernel.exchange.models import Batch, Quarantined
from haihe.kernel.ledger.models import Entry
from tests.exchange.builders import PROVIDER, TABLE, gathering, publish, rows
from tests.servers import Database

pytestmark = pytest.mark.django_db
BAD = """
insert into households values
    ('1234567890', 'x', 1, null, '2021-01-01 00:00+00'),
    ('1234567891', 'y', 1, null, '2021-01-01 00:00+00')
"""


def aged(batch: Batch, *, days: int) -> None:
    Batch.objects.filter(pk=batch.pk).update(ended_at=now() - timedelta(days=days))


def test_rows_past_their_term_go_and_the_figures_stay(department: Database) -> None:
    department.run(TABLE, rows(1, 5), BAD)
    link = gathering(publish(department.address))
    old, new = run_link(by=PROVIDER, link=link), run_link(by=PROVIDER, link=link)
    aged(old, days=settings().quarantine_days + 1)
    aged(new, days=settings().quarantine_days - 1)

    assert jobs.drop_quarantined() == 2

    assert not Quarantined.objects.filter(batch=old).exists()
    assert Quarantined.objects.filter(batch=new).count() == 2
    old.refresh_from_db()
    assert (old.rows_quarantined, old.is_reconciled) == (2, True)
    entry = Entry.objects.get(kind="exchange.quarantine.dropped")
    assert entry.body == {"batch": str(old.pk), "link": link.code, "rows": 2}
    assert entry.actor == "clock:clock"
    assert jobs.drop_quarantined() == 0
    assert Entry.objects.filter(kind="exchange.quarantine.dropped").count() == 1


def test_open_rows_go_too_and_are_read_again_from_their_source(department: Database) -> None:
    department.run(TABLE, rows(1, 5), BAD)
    link = gathering(publish(department.address))
    first = run_link(by=PROVIDER, link=link)
    aged(first, days=settings().quarantine_days + 1)
    assert jobs.drop_quarantined() == 2
    assert queries.open_quarantine().count() == 0
    run_link(by=PROVIDER, link=link)
    assert queries.open_quarantine().count() == 2
