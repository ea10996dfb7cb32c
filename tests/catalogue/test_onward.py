"""Onward use: asked by the receiver, decided by the provider alone, and ended by its term."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from haihe.base.clock import told
from haihe.kernel.catalogue import actions, queries
from haihe.kernel.catalogue.internals.clocks import city_calendar
from haihe.kernel.catalogue.models import Grant, OnwardException
from haihe.kernel.ledger.models import Entry
from haihe.kernel.messages.models import Message
from tests.catalogue.builders import PROVIDER, RECEIVER, THIRD, Small, demand
from tests.catalogue.test_database import breaks
from tests.catalogue.test_demands import refused


@pytest.fixture
def held(small: Small) -> Grant:
    """A grant to housing, for twelve months."""
    return actions.grant_demand(by=PROVIDER, demand=demand(small.resource))


def ask(held: Grant, **changes: Any) -> OnwardException:
    given = {
        "by": RECEIVER, "grant": held, "to": ["tax"], "law": "Tax Act, art. 9",
        "last": (held.since + timedelta(days=30)).date(), "reason": "The yearly audit", **changes,
    }  # fmt: skip
    return actions.ask_onward(**given)


def onward(held: Grant) -> dict[str, Any]:
    kept = queries.document(held)
    assert kept is not None
    return dict(queries.content_of(kept)["onward_use"])


def test_what_the_provider_allows_stands_in_the_document_and_the_ledger_till_its_end(
    held: Grant,
) -> None:
    asked = ask(held)
    assert onward(held)["exceptions"] == []
    with refused("catalogue.without_reason"):
        actions.allow_onward(by=PROVIDER, exception=asked, reason=" ")
    allowed = actions.allow_onward(by=PROVIDER, exception=asked, reason="By law it must")
    assert onward(held) == {
        "allowed_to": [],
        "law": "",
        "exceptions": [
            {"allowed_to": ["tax"], "law": "Tax Act, art. 9", "until": allowed.until.isoformat()}
        ],
    }
    kept = queries.document(held)
    assert kept is not None
    entry = Entry.objects.get(pk=kept.entry)
    assert (entry.kind, entry.body["terms"], entry.body["reason"]) == (
        "catalogue.onward.allowed", kept.hash, "By law it must",
    )  # fmt: skip
    assert "passed on to tax alone" in queries.terms_in_words(held)["en"]
    assert "依据Tax Act, art. 9" in queries.onward_in_words(held)["zh"]
    with told(allowed.until):
        assert queries.onward_in_words(held)["en"] == "it may not be passed on"
    asked_of = Message.objects.filter(key__contains=str(asked.pk)).order_by("pk")
    assert [each.department_id for each in asked_of] == ["civil", "housing"]


def test_a_refusal_says_why_and_the_ban_stands(held: Grant) -> None:
    asked = ask(held)
    with refused("catalogue.without_reason"):
        actions.refuse_onward(by=PROVIDER, exception=asked, reason="")
    actions.refuse_onward(by=PROVIDER, exception=asked, reason="The law says otherwise")
    assert onward(held)["exceptions"] == []
    assert queries.onward_in_words(held)["en"] == "it may not be passed on"
    for act in (actions.allow_onward, actions.refuse_onward):
        with refused("catalogue.state.not_allowed"):
            act(by=PROVIDER, exception=asked, reason="Again")
    assert ask(held).state == "asked"


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("catalogue.not_your_department", {"by": PROVIDER}),
        ("catalogue.not_your_department", {"by": THIRD}),
        ("catalogue.without_reason", {"reason": " "}),
        ("catalogue.onward.bad", {"to": []}),
        ("catalogue.onward.bad", {"to": ["nobody"]}),
        ("catalogue.onward.bad", {"to": ["civil"]}),
        ("catalogue.onward.bad", {"to": ["tax", "housing"]}),
        ("catalogue.onward.bad", {"law": " "}),
        ("haihe.not_permitted", {"by": replace(RECEIVER, permissions=frozenset())}),
    ],
)
def test_onward_use_that_may_not_be_asked(held: Grant, code: str, changes: dict[str, Any]) -> None:
    with refused(code):
        ask(held, **changes)
    assert not OnwardException.objects.exists()


def test_an_exception_lies_within_its_grant(held: Grant) -> None:
    zone = city_calendar().zone
    for day in (held.since - timedelta(days=1), held.until + timedelta(days=1)):
        with refused("catalogue.onward.bad"):
            ask(held, last=day.astimezone(zone).date())
    last = ask(held, last=held.until.astimezone(zone).date())
    assert last.until <= held.until


def test_nobody_but_the_provider_decides_and_one_waits_at_a_time(held: Grant) -> None:
    asked = ask(held)
    with refused("catalogue.onward.bad"):
        ask(held)
    for by in (RECEIVER, THIRD):
        for act in (actions.allow_onward, actions.refuse_onward):
            with refused("catalogue.not_your_department"):
                act(by=by, exception=asked, reason="We say so")
    with told(asked.until), refused("catalogue.onward.bad"):
        actions.allow_onward(by=PROVIDER, exception=asked, reason="Late")
    actions.withdraw_grant(by=PROVIDER, grant=held, reason="No longer needed")
    with refused("catalogue.grant.over"):
        actions.allow_onward(by=PROVIDER, exception=asked, reason="Late")
    with refused("catalogue.grant.over"):
        ask(held)


ALLOW = (
    "update catalogue_onwardexception set state = 'allowed', answer = 'Yes', decided_at = now(),"
    " decided_department_id = %s where id = %s"
)


def test_nobody_allows_or_changes_it_in_sql(held: Grant) -> None:
    asked = ask(held)
    for department in ("housing", "tax", None):
        breaks("provider_decides", ALLOW, department, asked.pk)
    changed = "update catalogue_onwardexception set {} where id = %s"
    for what in ("\"to\" = '{early}'", "until = until + interval '1 day'", "law = 'Other Act'"):
        breaks("exception_stays", changed.format(what), asked.pk)
    copied = (
        'insert into catalogue_onwardexception (id, grant_id, "to", law, reason, until, asked_by,'
        " due, state, decided_by, answer) select gen_random_uuid(), grant_id, {}, law, reason, {},"
        " '2', due, {}, '', 'Yes' from catalogue_onwardexception"
    )
    until = "until + interval '2 years'"
    breaks("exception_starts_asked", copied.format("'{tax}'", "until", "'allowed'"))
    breaks("exception_starts_asked", copied.format("'{tax}'", until, "'asked'"))
    for to in ("'{civil}'", "'{housing}'", "'{nobody}'"):
        breaks("exception_names_others", copied.format(to, "until", "'asked'"))
    actions.refuse_onward(by=PROVIDER, exception=asked, reason="No")
    breaks("exception_stays", ALLOW, "civil", asked.pk)
    breaks("kept_on_record", "delete from catalogue_onwardexception where id = %s", asked.pk)
