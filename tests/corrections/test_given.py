"""What a department was given, and so may be shown: by answer, by the grant's columns and rows."""

from __future__ import annotations

import re
from datetime import timedelta

from haihe.base.clock import now
from haihe.kernel.catalogue import actions as catalogue
from haihe.systems.corrections import actions, queries
from haihe.systems.corrections.models import Objection, Receiver
from haihe.systems.corrections.queries import showing
from haihe.systems.corrections.queries.receivers import _giving
from tests.corrections.builders import (
    ANN,
    CIVIL,
    LAND,
    PURPOSE,
    RIGHT,
    STEWARD,
    TAX,
    Case,
    gather,
    grant,
    look,
    proof_service,
)
from tests.corrections.builders import officer as officer_of
from tests.corrections.test_objections import code_of
from tests.pages.cities import client_of, officer


def accepted(wrong: Case) -> Objection:
    """An objection to the income, accepted; receivers told."""
    raised = wrong.object()
    return actions.accept(by=CIVIL, objection=raised.pk, value=RIGHT)


def test_who_was_told_yes_or_no_is_recalled_and_never_shown_the_value(wrong: Case) -> None:
    look("land", service=proof_service(wrong.resource))
    held = queries.live_grants("land").get()
    refusal = code_of(lambda: actions.see_given(by=LAND, grant=held.pk, number=ANN))
    assert refusal == "corrections.value.not_given"
    raised = accepted(wrong)
    told = Receiver.objects.get(department="land")
    assert (told.ways, told.times) == (["proof"], 1)
    assert Receiver.objects.get(department="tax").ways == ["services.page.viewed"]
    _, part = actions.read(by=LAND, objection=raised.pk)
    assert not part.sees_values
    page = client_of(officer("land", "Lena")).get(f"/corrections/{raised.pk}/").content.decode()
    assert not re.search(r"\b900\b", page)
    assert "90.00" not in page
    assert showing.receiver_lines([told])[0].ways[0][1] == "Proof (yes or no)"


def test_who_was_told_yes_or_no_of_another_column_is_not_recalled(wrong: Case) -> None:
    grant(wrong.resource, "early", "person", "income", "since")
    look("early", service=proof_service(wrong.resource, "since", "2021-01-01"))
    accepted(wrong)
    assert [each.department_id for each in Receiver.objects.all()] == ["tax"]


def test_who_looked_up_as_well_as_asked_yes_or_no_is_shown_the_value(wrong: Case) -> None:
    look("tax", service=proof_service(wrong.resource))
    raised = accepted(wrong)
    assert Receiver.objects.get().ways == ["proof", "services.page.viewed"]
    _, part = actions.read(by=TAX, objection=raised.pk)
    assert part.sees_values


IN_2020 = {"column": "since", "test": "within", "values": ["2020-01-01", "2020-12-31"]}


def move(wrong: Case, since: str) -> None:
    """The household begins on another day, and is gathered again."""
    wrong.department.run(f"update households set since = '{since}' where person = '{ANN}'")
    gather(wrong.link)


def test_a_row_that_left_a_grant_s_rule_is_neither_shown_nor_objected_to(wrong: Case) -> None:
    held = grant(wrong.resource, "early", "person", "income", "since", rows=[IN_2020])
    look("early")
    early = officer_of("early")
    (row,) = actions.see_given(by=early, grant=held.pk, number=ANN)
    income = next(each.token for each in row if each.column.name == "income")
    raised = accepted(wrong)
    _, part = actions.read(by=early, objection=raised.pk)
    assert part.sees_values
    move(wrong, "2021-03-01")
    assert actions.see_given(by=early, grant=held.pk, number=ANN) == []
    asked = actions.Asked(income, RIGHT, "It is more")
    assert (
        code_of(lambda: actions.object_to_given(by=early, grant=held.pk, number=ANN, asked=asked))
        == "corrections.value.unknown"
    )
    _, part = actions.read(by=early, objection=raised.pk)
    assert not part.sees_values


def test_who_was_granted_a_part_is_not_recalled_for_the_rest(wrong: Case) -> None:
    demand = catalogue.raise_demand(
        by=LAND,
        resource=wrong.resource,
        columns=["person", "income", "since"],
        purpose=PURPOSE,
        basis="Act, 3",
        mode="table",
    )
    held = catalogue.grant_demand(
        by=CIVIL, demand=demand, columns=["person", "since"], reason="Income is not needed"
    )
    gave_income, gave_since = (_giving(each, [held.pk]) for each in ("income", "since"))
    assert not gave_income(held.pk, now())
    assert gave_since(held.pk, now())
    before = now()
    since = wrong.resource.columns.get(name="since")
    catalogue.add_negative_entry(
        by=STEWARD,
        columns=[since],
        law="PIPL, article 28",
        approved_by="Office of the city",
        review_on=now().date() + timedelta(days=365),
    )
    given = _giving("since", [held.pk])
    assert (given(held.pk, before), given(held.pk, now())) == (True, False)
