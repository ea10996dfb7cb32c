"""A grant's end: renewed by its provider alone, or followed by deletion and its receipt."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from haihe.base.clock import now, told
from haihe.kernel.catalogue import actions, jobs, queries
from haihe.kernel.catalogue.models import Deletion, Grant, Renewal
from haihe.kernel.ledger.models import Entry
from haihe.kernel.messages.models import Message
from tests.catalogue.builders import PROVIDER, RECEIVER, THIRD, Small, demand
from tests.catalogue.test_database import breaks
from tests.catalogue.test_demands import refused

YEAR = timedelta(days=366)


@pytest.fixture
def held(small: Small) -> Grant:
    """A grant to housing, by interface, for twelve months."""
    return actions.grant_demand(by=PROVIDER, demand=demand(small.resource))


def ask(held: Grant, **changes: Any) -> Renewal:
    given = {"by": RECEIVER, "grant": held, "months": 12, "reason": "Still needed", **changes}
    return actions.ask_renewal(**given)


def test_a_renewed_grant_lasts_longer_and_its_next_document_says_so(held: Grant) -> None:
    renewal = ask(held)
    assert Grant.objects.get().until == held.until
    renewed = actions.renew_grant(by=PROVIDER, renewal=renewal)
    assert renewed.until == renewal.until_after
    assert renewed.until.date().year == held.until.date().year + 1
    kept = queries.document(held)
    assert kept is not None
    assert (kept.edition, queries.content_of(kept)["until"]) == (2, renewed.until.isoformat())
    entry = Entry.objects.get(pk=kept.entry)
    assert (entry.kind, entry.body["terms"]) == ("catalogue.renewal.granted", kept.hash)
    assert list(
        Message.objects.filter(key__contains=str(renewal.pk)).values_list("department", flat=True)
    ) == ["civil", "housing"]


def test_a_refused_renewal_says_why_and_the_grant_ends_on_its_day(held: Grant) -> None:
    renewal = ask(held)
    with refused("catalogue.without_reason"):
        actions.refuse_renewal(by=PROVIDER, renewal=renewal, reason=" ")
    actions.refuse_renewal(by=PROVIDER, renewal=renewal, reason="The purpose is reached")
    with refused("catalogue.state.not_allowed"):
        actions.renew_grant(by=PROVIDER, renewal=renewal)
    assert Grant.objects.get().until == held.until


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("catalogue.not_your_department", {"by": PROVIDER}),
        ("catalogue.not_your_department", {"by": THIRD}),
        ("catalogue.without_reason", {"reason": " "}),
        ("catalogue.renewal.bad", {"months": 0}),
        ("catalogue.renewal.bad", {"months": 49}),
        ("haihe.not_permitted", {"by": replace(RECEIVER, permissions=frozenset())}),
    ],
)
def test_a_renewal_that_may_not_be_asked(held: Grant, code: str, changes: dict[str, Any]) -> None:
    with refused(code):
        ask(held, **changes)


def test_sixty_months_from_today_are_the_most(held: Grant) -> None:
    assert ask(held, months=48).until_after.year == now().year + 5


def test_one_renewal_waits_at_a_time_and_a_grant_that_is_over_is_not_renewed(held: Grant) -> None:
    renewal = ask(held)
    with refused("catalogue.renewal.bad"):
        ask(held)
    with refused("catalogue.not_your_department"):
        actions.renew_grant(by=RECEIVER, renewal=renewal)
    with told(held.until + timedelta(days=1)), refused("catalogue.grant.over"):
        actions.renew_grant(by=PROVIDER, renewal=renewal)
    actions.withdraw_grant(by=PROVIDER, grant=held, reason="No longer needed")
    for act in (lambda: ask(held), lambda: actions.renew_grant(by=PROVIDER, renewal=renewal)):
        with refused("catalogue.grant.over"):
            act()


def test_no_grant_renews_itself_in_sql(held: Grant) -> None:
    renewal = ask(held)
    made = (
        "insert into catalogue_renewal (id, grant_id, until_before, until_after, reason, asked_by,"
        " due, state, decided_by, answer) select gen_random_uuid(), grant_id, until_before,"
        " until_after, reason, '2', due, 'renewed', '', '' from catalogue_renewal where id = %s"
    )
    breaks("renewal_starts_asked", made, renewal.pk)
    longer = "update catalogue_grant set until = %s where id = %s"
    breaks("grant_only_shrinks", longer, renewal.until_after, held.pk)
    decided = (
        "update catalogue_renewal set state = 'renewed', decided_at = now(),"
        " decided_department_id = %s where id = %s"
    )
    breaks("provider_decides", decided, "housing", renewal.pk)
    changed = "update catalogue_renewal set until_after = %s where id = %s"
    breaks("renewal_stays", changed, renewal.until_after + YEAR, renewal.pk)
    actions.renew_grant(by=PROVIDER, renewal=renewal)
    breaks("grant_only_shrinks", longer, renewal.until_after + YEAR, held.pk)
    breaks("kept_on_record", "delete from catalogue_renewal where id = %s", renewal.pk)


def test_the_holder_is_told_thirty_days_before_the_end_once(held: Grant) -> None:
    with told(held.until - timedelta(days=31)):
        assert jobs.tell_of_ends() == 0
    with told(held.until - timedelta(days=29)):
        assert jobs.tell_of_ends() == 1
        assert jobs.tell_of_ends() == 1
        assert list(queries.ending_soon(department="housing")) == [held]
    message = Message.objects.get(key__startswith=f"catalogue.grant:{held.pk}:ends")
    assert message.department_id == "housing"
    assert held.until.date().isoformat() in message.text["zh"]


def over(held: Grant) -> Deletion:
    """The grant is withdrawn, and the clock asks for the deletion."""
    actions.withdraw_grant(by=PROVIDER, grant=held, reason="No longer needed")
    assert jobs.ask_deletions() == 1
    return Deletion.objects.get()


def test_each_end_is_asked_about_once(held: Grant) -> None:
    assert jobs.ask_deletions() == 0
    with told(held.until + timedelta(hours=1)):
        assert jobs.ask_deletions() == 1
        assert jobs.ask_deletions() == 0
    asked = Deletion.objects.get()
    assert asked.cause == "ended"
    entry = Entry.objects.get(kind="catalogue.deletion.asked")
    assert (entry.grant, entry.body["of"]) == (held.pk, "housing")


def test_the_receiver_gives_its_receipt_which_stands_in_the_ledger(held: Grant) -> None:
    asked = over(held)
    assert asked.cause == "withdrawn"
    with refused("catalogue.not_your_department"):
        actions.confirm_deletion(by=PROVIDER, deletion=asked, note="Done")
    with refused("catalogue.without_reason"):
        actions.confirm_deletion(by=RECEIVER, deletion=asked, note=" ")
    given = actions.confirm_deletion(by=RECEIVER, deletion=asked, note="Cache of the fund app")
    entry = Entry.objects.get(pk=given.entry)
    assert entry.kind == "catalogue.deletion.received"
    assert (entry.body["by_haihe"], given.by_haihe) == (False, False)
    assert Message.objects.get(key__endswith=f"{asked.pk}:received").department_id == "civil"
    with refused("catalogue.state.not_allowed"):
        actions.confirm_deletion(by=RECEIVER, deletion=asked, note="Again")
    assert jobs.ask_deletions() == 0


def test_an_overdue_receipt_is_chased_each_week_and_shown_to_both(held: Grant) -> None:
    asked = over(held)
    assert jobs.chase_deletions() == 0
    late = now() + timedelta(days=(asked.due - now().date()).days + 1)
    for days, messages in ((0, 2), (1, 2), (7, 4)):
        with told(late + timedelta(days=days)):
            assert jobs.chase_deletions() == 1
        found = Message.objects.filter(key__contains=f"{asked.pk}:late")
        assert found.count() == messages
    assert {each.department_id for each in found} == {"civil", "housing"}
    with told(late):
        assert queries.is_late(asked)
        for department in ("civil", "housing", ""):
            assert list(queries.deletions(department=department, open_only=True)) == [asked]
        assert not queries.deletions(department="tax").exists()


def test_a_receipt_is_given_once_and_proven_in_sql_too(held: Grant) -> None:
    asked = over(held)
    received = "update catalogue_deletion set received_at = now()"
    breaks("receipt_stands_in_the_ledger", f"{received} where id = %s", asked.pk)
    by_haihe = f"{received}, by_haihe = true, entry = gen_random_uuid()"
    breaks("deletion_by_haihe_is_proven", f"{by_haihe}, rows_after = 3 where id = %s", asked.pk)
    declared = f"{received}, by_haihe = false, entry = gen_random_uuid() where id = %s"
    breaks("deletion_by_the_receiver_is_declared", declared, asked.pk)
    actions.confirm_deletion(by=RECEIVER, deletion=asked, note="Done")
    again = "update catalogue_deletion set note = 'x' where id = %s"
    breaks("receipt_is_given_once", again, asked.pk)
    breaks("receipt_is_given_once", "delete from catalogue_deletion where id = %s", asked.pk)
