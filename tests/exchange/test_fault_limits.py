"""A link's limit of bad rows: set by its provider, held by each batch, told on its page."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from haihe.base.errors import HaiheError
from haihe.kernel.exchange import actions, queries
from haihe.kernel.exchange.models import Batch
from haihe.kernel.ledger.models import Entry
from tests.exchange.builders import (
    PROVIDER,
    RECEIVER,
    STEWARD,
    TABLE,
    gathering,
    publish,
    rows,
)
from tests.exchange.files import refusal
from tests.servers import Database

pytestmark = pytest.mark.django_db

BAD = (
    "insert into households values ('1234567890', 'x', 1, null, '2021-01-01 00:00+00'),"
    " ('1234567891', 'y', 1, null, '2021-01-01 00:00+00')"
)


def test_a_batch_beyond_the_limit_is_kept_as_failed_with_its_counts_and_writes_nothing(
    department: Database,
) -> None:
    department.run(TABLE, rows(1, 5), BAD)
    resource = publish(department.address)
    link = gathering(resource)
    actions.limit_faults(by=PROVIDER, link=link, rows=1)
    assert refusal(actions.run_link, by=PROVIDER, link=link) == "exchange.batch.too_many_faults"
    failed = Batch.objects.get(link=link)
    assert (failed.state, failed.error_code) == ("failed", "exchange.batch.too_many_faults")
    assert "Of 7 rows 2 are bad, and the link allows 1: bad check digit person 2" in failed.error
    assert failed.quarantined.count() == 0
    assert queries.held_rows(resource.pk) == 0

    actions.limit_faults(by=STEWARD, link=link, rows=2)
    batch = actions.run_link(by=PROVIDER, link=link)
    assert (batch.rows_written, batch.rows_quarantined) == (5, 2)
    said = Entry.objects.filter(kind="exchange.link.limited").order_by("at")
    assert [each.body["rows"] for each in said] == [1, 2]


@pytest.mark.parametrize(
    ("by", "changes", "code"),
    [
        (PROVIDER, {"rows": -1}, "exchange.link.bad_limit"),
        (PROVIDER, {"permille": 1001}, "exchange.link.bad_limit"),
        (PROVIDER, {"permille": -1}, "exchange.link.bad_limit"),
        (RECEIVER, {"rows": 5}, "exchange.link.not_yours"),
        (PROVIDER, {"link": "nowhere"}, "exchange.link.unknown"),
    ],
)
def test_a_limit_that_may_not_be_is_refused_and_the_old_one_stays(
    department: Database, by: Any, changes: dict[str, Any], code: str
) -> None:
    department.run(TABLE, rows(1, 5))
    link = gathering(publish(department.address))
    actions.limit_faults(by=PROVIDER, link=link, rows=3, permille=20)
    assert refusal(actions.limit_faults, **{"by": by, "link": link, **changes}) == code
    link.refresh_from_db()
    assert (link.most_faults, link.most_faults_permille) == (3, 20)


def test_the_database_holds_the_share_too(department: Database) -> None:
    department.run(TABLE, rows(1, 5))
    link = gathering(publish(department.address))
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "update exchange_link set most_faults_permille = 1001 where code = %s", [link.pk]
        )


def test_the_permission_is_asked(department: Database) -> None:
    department.run(TABLE, rows(1, 5))
    link = gathering(publish(department.address))
    nobody = type(PROVIDER)("officer", "9", department="civil")
    with pytest.raises(HaiheError, match="permi"):
        actions.limit_faults(by=nobody, link=link, rows=1)
