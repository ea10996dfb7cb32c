"""An officer's look at a subject: the same checks as a call, the entry before the answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction

from haihe.base import sealing
from haihe.base.settings import settings
from haihe.engine.calls import refusals
from haihe.kernel.exchange.models import Batch, Link
from haihe.kernel.ledger.models import Entry
from haihe.kernel.ledger.queries import access_record
from haihe.kernel.services import actions, queries
from tests.services.city import ANN, BOB, NOBODY, PURPOSE, actor, build

pytestmark = pytest.mark.django_db


def look(number: str = ANN, **changes: object) -> actions.Answer:
    given: dict[str, object] = {
        "by": actor("housing"),
        "service": "households",
        "number": number,
        "purpose": PURPOSE,
        **changes,
    }
    return actions.look_up(**given)  # type: ignore[arg-type]


def key_of(number: str) -> bytes:
    return sealing.subject_key(
        number, scheme="luhn.person", key=sealing.key(settings().keys_path, "index")
    )


def test_an_officer_sees_granted_columns_and_the_person_sees_the_look() -> None:
    build()
    answer = look()
    assert answer.rows == [{"person": ANN, "income": 90_000}]
    line = access_record(key_of(ANN))[0]
    assert (line.kind, line.department, line.purpose) == (
        "services.page.viewed",
        "housing",
        PURPOSE,
    )
    assert line.entry == answer.entry
    assert line.body["columns"] == ["person", "income"]


def test_a_look_inside_another_transaction_is_not_answered() -> None:
    build()
    with pytest.raises(RuntimeError), transaction.atomic():
        look()
    assert not Entry.objects.filter(kind="services.page.viewed").exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"by": actor("tax")}, "services.grant.none"),
        ({"purpose": "tax.relief"}, "services.purpose.wrong"),
        ({"purpose": ""}, "services.purpose.missing"),
        ({"service": "nothing"}, "services.service.unknown"),
        ({"number": "1000000009"}, "services.subject.bad_number"),
        ({"columns": ["since"]}, "services.column.not_granted"),
        ({"columns": ["income", "faith"]}, "services.column.not_granted"),
    ],
)
def test_a_look_beyond_the_grant_is_refused_and_entered(
    changes: dict[str, object], code: str
) -> None:
    build()
    with pytest.raises(refusals.Refusal) as refused:
        look(**changes)
    assert refused.value.code == code
    entry = Entry.objects.get(kind="services.page.refused")
    assert entry.body["refusal"] == code


def test_proofs_answer_officers_without_rows() -> None:
    build()
    said = [look(number, service="is_poor").said for number in (ANN, BOB, NOBODY)]
    assert said == [True, False, None]
    assert look(service="is_known").rows == []


def test_a_person_reads_what_is_held_on_them() -> None:
    build()
    (held,) = queries.held_on(key_of(ANN))
    assert (held.resource, held.department) == ("households", "civil")
    assert held.rows[0]["street"] == "Mill Lane"


def test_an_answer_says_since_when_it_holds() -> None:
    build()
    assert look().as_of is None
    link = Link.objects.create(code="homes", resource_id="households", mode="full")
    for hour, state in ((1, "done"), (2, "done"), (3, "failed")):
        Batch.objects.create(
            link=link, state=state, started_at=datetime(2020, 1, 2, hour, tzinfo=UTC)
        )
    assert look().as_of == "2020-01-02T02:00:00Z"
