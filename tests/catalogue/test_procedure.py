"""The whole way of a demand: checked, decided, objected to, brought before the authority."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.conf import settings as house

from haihe.base.actor import Actor
from haihe.base.calendars import read_calendar
from haihe.base.errors import HaiheError
from haihe.kernel.catalogue import actions, queries
from haihe.kernel.catalogue.declare import Limits, Procedure, Terms
from haihe.kernel.catalogue.jobs import COUNTER, ask_deletions
from haihe.kernel.catalogue.models import Demand, Grant
from haihe.kernel.ledger.models import Entry
from haihe.kernel.messages.models import Message
from haihe.kernel.org.models import Department
from tests.cases.builders import at
from tests.catalogue.builders import ALL, PROVIDER, RECEIVER, THIRD, Small, demand

JUDGE = Actor("officer", "9", department="bureau", permissions=ALL)
CALENDAR = Path(house.PACKAGE, "cities/tianjin/calendar.csv")


@pytest.fixture(autouse=True)
def bureau(db: None, settings: LazySettings) -> None:
    """A city whose bureau checks demands and decides between departments."""
    Department.objects.create(
        code="bureau", name={"en": "Bureau", "zh": "数据局"}, kind="department"
    )
    settings.CATALOGUE_PROCEDURE = Procedure(authority="bureau", formal_check=True)
    settings.CITY_CALENDAR = read_calendar(CALENDAR, zone="Asia/Shanghai")


def refused(code: str) -> pytest.RaisesExc[HaiheError]:
    """The block is refused with that code."""
    return pytest.RaisesExc(HaiheError, check=lambda error: error.code == code)


@contextmanager
def published(*years: int, folder: Path) -> Iterator[None]:
    """Within the block the city's calendar knows those years alone."""
    lines = CALENDAR.read_text(encoding="utf-8").splitlines()
    kept = [lines[0], *(line for line in lines[1:] if int(line[:4]) in years)]
    path = folder / "calendar.csv"
    path.write_text("\n".join(kept), encoding="utf-8")
    former = house.CITY_CALENDAR
    house.CITY_CALENDAR = read_calendar(path, zone="Asia/Shanghai")
    try:
        yield
    finally:
        house.CITY_CALENDAR = former


def at_the_provider(small: Small) -> Demand:
    """A demand whose form has passed."""
    return actions.pass_demand(by=JUDGE, demand=demand(small.resource))


def before_the_authority(small: Small) -> Demand:
    """A demand that was refused, talked over and brought before the authority."""
    found = at_the_provider(small)
    actions.refuse_demand(by=PROVIDER, demand=found, reason="Not for housing")
    actions.negotiate_demand(by=RECEIVER, demand=found, reason="Article 3 says so")
    return actions.bring_demand(by=RECEIVER, demand=found, reason="No agreement")


def test_the_form_is_checked_before_the_provider_sees_the_demand(small: Small) -> None:
    raised = demand(small.resource)
    assert raised.state == "checking"
    assert list(queries.waiting_for("bureau")) == [raised]
    with refused("catalogue.state.not_allowed"):
        actions.grant_demand(by=PROVIDER, demand=raised)
    passed = actions.pass_demand(by=JUDGE, demand=raised)
    assert (passed.state, passed.checked_department_id) == ("raised", "bureau")
    assert list(queries.waiting_for("civil")) == [passed]


def test_what_everybody_may_have_is_not_held_up_by_a_check(small: Small) -> None:
    assert demand(small.low_income).state == "granted"


def test_a_returned_demand_is_corrected_and_checked_again(small: Small) -> None:
    raised = demand(small.resource)
    actions.return_demand(by=JUDGE, demand=raised, reason="Name fewer columns")
    assert list(queries.waiting_for("housing")) == [raised]
    with refused("catalogue.not_your_department"):
        actions.correct_demand(
            by=THIRD, demand=raised, columns=["person"], basis="Act", mode="interface"
        )
    actions.correct_demand(
        by=RECEIVER,
        demand=raised,
        columns=["person"],
        basis="Housing Act, art. 4",
        mode="interface",
        months=6,
    )
    grant = actions.grant_demand(by=PROVIDER, demand=actions.pass_demand(by=JUDGE, demand=raised))
    assert [column.name for column in grant.columns.all()] == ["person"]
    assert (grant.demand.basis, grant.demand.months) == ("Housing Act, art. 4", 6)


def test_only_the_authority_checks(small: Small) -> None:
    raised = demand(small.resource)
    for other in (PROVIDER, RECEIVER, THIRD):
        with refused("catalogue.not_your_department"):
            actions.pass_demand(by=other, demand=raised)


def test_a_grant_in_part_says_why(small: Small) -> None:
    found = at_the_provider(small)
    with refused("catalogue.without_reason"):
        actions.grant_demand(by=PROVIDER, demand=found, columns=["person"])
    with refused("catalogue.demand.bad"):
        actions.grant_demand(by=PROVIDER, demand=found, columns=["since"], reason="That too")
    grant = actions.grant_demand(
        by=PROVIDER, demand=found, columns=["person"], reason="Income is not needed for this"
    )
    assert [column.name for column in grant.columns.all()] == ["person"]
    assert grant.demand.reason == "Income is not needed for this"


def test_more_time_is_taken_once_and_counts_from_the_same_day(small: Small) -> None:
    with at("2026-08-10 10:00"):
        found = at_the_provider(small)
        before = found.due
        after = actions.extend_demand(by=PROVIDER, demand=found, days=3, reason="Many columns").due
        assert before is not None
        assert after == house.CITY_CALENDAR.add_days(before, 3)
        with refused("catalogue.state.not_allowed"):
            actions.extend_demand(by=PROVIDER, demand=found, days=1, reason="More")
        with refused("catalogue.demand.bad"):
            actions.extend_demand(by=PROVIDER, demand=at_the_provider(small), days=6, reason="More")


def test_a_refusal_is_talked_over_and_granted_after_all(small: Small) -> None:
    found = at_the_provider(small)
    actions.refuse_demand(by=PROVIDER, demand=found, reason="Not for housing")
    actions.negotiate_demand(by=RECEIVER, demand=found, reason="Article 3 says so")
    actions.say_in_negotiation(by=PROVIDER, demand=found, text="For new cases only?")
    with refused("catalogue.not_your_department"):
        actions.say_in_negotiation(by=THIRD, demand=found, text="And us?")
    grant = actions.grant_demand(by=PROVIDER, demand=found)
    assert grant.demand.state == "granted"


def test_a_refusal_is_objected_to_in_time_or_not_at_all(small: Small) -> None:
    with at("2026-08-10 10:00"):
        found = at_the_provider(small)
        actions.refuse_demand(by=PROVIDER, demand=found, reason="Not for housing")
    with at("2026-08-25 10:00"), refused("catalogue.demand.too_late"):
        actions.negotiate_demand(by=RECEIVER, demand=found, reason="Article 3 says so")
    with at("2026-08-24 10:00"):
        assert actions.negotiate_demand(by=RECEIVER, demand=found, reason="It does").state == (
            "objected"
        )


def test_the_authority_grants_what_was_refused(small: Small) -> None:
    found = before_the_authority(small)
    for party in (PROVIDER, RECEIVER):
        with refused("catalogue.not_your_department"):
            actions.decide_demand(by=party, demand=found, is_granted=True, reason="We want it")
    decided = actions.decide_demand(by=JUDGE, demand=found, is_granted=True, reason="Article 3")
    assert decided.grant.columns.count() == 2
    assert decided.decided_department_id == "bureau"
    told = Message.objects.filter(key=f"catalogue.demand:{found.pk}:decided")
    assert set(told.values_list("department", flat=True)) <= {"civil", "housing"}


def test_a_refusal_that_is_upheld_stays(small: Small) -> None:
    found = before_the_authority(small)
    actions.decide_demand(by=JUDGE, demand=found, is_granted=False, reason="The law is narrower")
    found.refresh_from_db()
    assert (found.state, found.reason) == ("upheld", "The law is narrower")
    with refused("catalogue.state.not_allowed"):
        actions.negotiate_demand(by=RECEIVER, demand=found, reason="Once more")
    assert not Grant.objects.exists()


def test_no_authority_grants_what_the_law_forbids(small: Small) -> None:
    found = before_the_authority(small)
    actions.add_negative_entry(
        by=Actor("administrator", "4", permissions=ALL),
        columns=[small.column("income")],
        law="PIPL, article 28",
        approved_by="Office of the city",
        review_on=date(2027, 1, 1),
    )
    with refused("catalogue.column.on_negative_list"):
        actions.decide_demand(by=JUDGE, demand=found, is_granted=True, reason="Article 3")


def test_a_provider_that_is_the_authority_does_not_judge_itself(
    small: Small, settings: LazySettings
) -> None:
    found = at_the_provider(small)
    actions.refuse_demand(by=PROVIDER, demand=found, reason="Not for housing")
    actions.negotiate_demand(by=RECEIVER, demand=found, reason="Article 3 says so")
    settings.CATALOGUE_PROCEDURE = Procedure(authority="civil")
    with refused("catalogue.party_decides"):
        actions.bring_demand(by=RECEIVER, demand=found, reason="No agreement")


def test_without_an_authority_nothing_waits_for_one(small: Small, settings: LazySettings) -> None:
    settings.CATALOGUE_PROCEDURE = Procedure(formal_check=True)
    found = demand(small.resource)
    assert found.state == "raised"
    actions.refuse_demand(by=PROVIDER, demand=found, reason="Not for housing")
    actions.negotiate_demand(by=RECEIVER, demand=found, reason="Article 3 says so")
    with refused("catalogue.without_authority"):
        actions.bring_demand(by=RECEIVER, demand=found, reason="No agreement")


def test_each_step_stands_in_the_ledger(small: Small) -> None:
    found = before_the_authority(small)
    actions.decide_demand(by=JUDGE, demand=found, is_granted=True, reason="Article 3")
    own = Entry.objects.filter(kind__startswith="catalogue.demand.").order_by("at")
    assert [kind.rpartition(".")[2] for kind in own.values_list("kind", flat=True)] == [
        "raised", "passed", "refused", "negotiated", "brought", "granted",
    ]  # fmt: skip


def test_a_limit_runs_over_new_year_into_a_year_without_a_calendar_and_is_counted_again(
    small: Small, tmp_path: Path
) -> None:
    with published(2024, 2025, folder=tmp_path), at("2025-12-25 10:00"):
        found = at_the_provider(small)
        # 26, 29, 30, 31 December; of January the weekend alone is known: 1, 2, 5, 6, 7, 8.
        assert found.due == date(2026, 1, 8)
        assert queries.is_provisional(found.due)
        assert actions.recount_dues(by=COUNTER) == 0
    with published(2024, 2025, 2026, folder=tmp_path):
        # 1 to 3 January are free, Sunday the 4th is worked instead: 4, 5, 6, 7, 8, 9.
        assert actions.recount_dues(by=COUNTER) == 1
        found.refresh_from_db()
        assert found.due == date(2026, 1, 9)
        assert not queries.is_provisional(found.due)
        assert actions.recount_dues(by=COUNTER) == 0


def test_last_days_of_renewals_exceptions_and_deletions_are_counted_again(
    small: Small, tmp_path: Path
) -> None:
    with published(2024, 2025, folder=tmp_path), at("2025-12-30 10:00"):
        held = actions.grant_demand(by=PROVIDER, demand=at_the_provider(small))
        over = actions.grant_demand(by=PROVIDER, demand=at_the_provider(small))
        renewal = actions.ask_renewal(by=RECEIVER, grant=held, months=1, reason="Needed")
        asked = actions.ask_onward(
            by=RECEIVER, grant=held, to=["tax"], law="Act, 9", last=date(2026, 6, 1), reason="Audit"
        )
        actions.withdraw_grant(by=PROVIDER, grant=over, reason="No longer needed")
        assert ask_deletions() == 1
        deletion = over.deletions.get()
        assert (deletion.due, renewal.due, asked.due) == (
            date(2026, 1, 6),
            *[date(2026, 1, 13)] * 2,
        )
        assert actions.recount_dues(by=COUNTER) == 0
    with published(2024, 2025, 2026, folder=tmp_path):
        assert actions.recount_dues(by=COUNTER) == 3
        for each in (deletion, renewal, asked):
            each.refresh_from_db()
        assert (deletion.due, renewal.due, asked.due) == (
            date(2026, 1, 7),
            *[date(2026, 1, 14)] * 2,
        )
        actions.refuse_renewal(by=PROVIDER, renewal=renewal, reason="Enough")
        actions.refuse_onward(by=PROVIDER, exception=asked, reason="No law")
        actions.confirm_deletion(by=RECEIVER, deletion=deletion, note="All of it")
    with published(2024, 2025, folder=tmp_path):
        assert actions.recount_dues(by=COUNTER) == 0


def test_make_up_days_count(small: Small) -> None:
    with at("2026-02-11 10:00"):
        found = at_the_provider(small)
    # 12, 13 and the make-up Saturday 14 February; the festival; from the 24th on; Saturday 28th.
    assert found.due == house.CITY_CALENDAR.add_days(date(2026, 2, 11), 10)
    assert found.due == date(2026, 3, 3)


@pytest.mark.parametrize(
    ("limits", "due"),
    [
        (Limits(), date(2026, 8, 24)),
        (Limits(conditional=5), date(2026, 8, 17)),
        (Limits(conditional=1), date(2026, 8, 11)),
    ],
)
def test_every_city_has_its_own_limits(
    small: Small, settings: LazySettings, limits: Limits, due: date
) -> None:
    settings.CATALOGUE_LIMITS = limits
    with at("2026-08-10 10:00"):
        assert at_the_provider(small).due == due


def test_the_authority_s_own_demand_goes_to_its_provider_at_once(small: Small) -> None:
    own = demand(small.resource, by=JUDGE)
    assert own.state == "raised"
    assert actions.grant_demand(by=PROVIDER, demand=own).department_id == "bureau"


def test_a_returned_demand_may_change_its_way_if_its_terms_bear_it(small: Small) -> None:
    raised = actions.raise_demand(
        by=RECEIVER,
        resource=small.resource,
        columns=["person"],
        purpose="housing.fund",
        basis="Housing Act, art. 3",
        mode="table",
        terms=Terms(every_hours=24),
    )
    actions.return_demand(by=JUDGE, demand=raised, reason="Calls are enough")
    given = {"columns": ["person"], "basis": "Housing Act, art. 3", "mode": "interface"}
    with refused("catalogue.terms.bad"):
        actions.correct_demand(by=RECEIVER, demand=raised, **given)  # type: ignore[arg-type]
    corrected = actions.correct_demand(by=RECEIVER, demand=raised, terms=Terms(), **given)  # type: ignore[arg-type]
    assert (corrected.mode, corrected.every_hours) == ("interface", None)
