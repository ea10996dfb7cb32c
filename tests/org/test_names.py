"""Names of officers who have left end at their term; their account's id stays for the ledger."""

from __future__ import annotations

from datetime import timedelta

import pytest

from haihe.base.clock import now
from haihe.base.settings import settings
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org import actions, jobs, queries
from haihe.kernel.org.models import Account, Officer
from tests.org import builders

pytestmark = pytest.mark.django_db


def left(username: str, *, days: int) -> Officer:
    """An officer who left so many days ago."""
    officer = builders.officer(username=username)
    actions.leave(by=builders.founder(), officer=officer)
    Officer.objects.filter(pk=officer.pk).update(left_at=now() - timedelta(days=days))
    return officer


def test_names_go_once_their_term_is_over() -> None:
    term = settings().officer_name_days
    gone, kept, here = (
        left("zhang", days=term + 1),
        left("li_na", days=term - 1),
        builders.officer(),
    )

    assert jobs.forget_names() == 1

    gone.refresh_from_db()
    assert gone.name == ""
    assert Account.objects.get(pk=gone.account_id).username == f"~{gone.account_id}"
    assert queries.account_named("zhang") is None
    for other in (kept, here):
        other.refresh_from_db()
        assert other.name == "Someone"
    assert queries.account_named("li_na") is not None
    entry = Entry.objects.get(kind="org.names.forgotten")
    assert entry.body == {"officers": 1}
    assert jobs.forget_names() == 0


def test_a_name_that_was_freed_can_be_taken_again() -> None:
    left("wang", days=settings().officer_name_days + 1)
    jobs.forget_names()
    assert builders.account("wang").pk
