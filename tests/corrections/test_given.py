"""What a department was given, and so may be shown: by answer, by the grant's columns and rows."""

from __future__ import annotations

from haihe.systems.corrections import actions, queries
from haihe.systems.corrections.models import Objection, Receiver
from haihe.systems.corrections.queries import showing
from tests.corrections.builders import (
    ANN,
    CIVIL,
    LAND,
    RIGHT,
    TAX,
    Case,
    grant,
    look,
    proof_service,
)
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
    assert "900" not in page
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
