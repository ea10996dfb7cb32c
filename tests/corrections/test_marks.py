"""A value under an objection is marked where it is given: which value, and no more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from haihe.base.settings import settings
from haihe.engine.age import new_identity
from haihe.kernel.exchange import actions as exchange
from haihe.kernel.exchange.models import Batch, Objected
from haihe.kernel.ledger.models import Entry
from haihe.kernel.services import actions as services
from haihe.systems.corrections import actions
from tests.corrections.builders import (
    ANN,
    BOB,
    CIVIL,
    HOUSING,
    PURPOSE,
    REVIEWER,
    RIGHT,
    STEWARD,
    Case,
    grant,
    proof_service,
    wrong_value,
)
from tests.servers import Database
from tests.services.running import Served

Ask = Callable[..., dict[str, Any]]
IN_2021 = {"column": "since", "test": "within", "values": ["2021-01-01", "2021-12-31"]}


@pytest.fixture
def asked(own_database: str, department: Database, tmp_path: Path) -> Iterator[tuple[Case, Ask]]:
    """The wrong value, and how the tax department's system calls for it over HTTP."""
    case = wrong_value(department)
    proof_service(case.resource)
    grant(case.resource, "early", "person", "since")
    grant(case.resource, "housing", "person", "income", "since", rows=[IN_2021])
    keys = {
        code: services.make_caller(by=STEWARD, department=code, subsystem="app")
        for code in ("tax", "early", "housing")
    }
    served = Served(own_database, str(settings().data), str(tmp_path / "calls.log"))

    def ask(who: str = ANN, *, by: str = "tax", service: str = "households") -> dict[str, Any]:
        status, _, body = served.call(
            who, key=keys[by], path=f"/r1/RV/GOV/civil/civil-db/{service}",
            client=f"RV/GOV/{by}/app", purpose=PURPOSE,
        )  # fmt: skip
        assert status == 200, body
        return dict(body)

    served.start()
    try:
        yield case, ask
    finally:
        served.stop()


def test_answers_are_marked_until_the_corrected_value_has_come(asked: tuple[Case, Ask]) -> None:
    wrong, ask = asked
    assert "under_objection" not in ask()
    raised = wrong.object()
    marked = ask()
    assert (marked["under_objection"], marked["rows"][0]["income"]) == (["income"], 90)
    assert ask(service="is_low")["under_objection"] == ["income"]
    entry = Entry.objects.filter(kind="services.call.answered", department="tax").latest("pk")
    assert entry.body["under_objection"] == ["income"]
    for other in (ask(BOB), ask(by="early"), ask(by="housing")):
        assert "under_objection" not in other  # another's row, another column, beyond the rule
    actions.accept(by=CIVIL, objection=raised.pk, value=RIGHT)
    assert ask()["under_objection"] == ["income"]
    wrong.correct()
    assert "under_objection" not in ask()


def test_the_mark_ends_with_the_objection_however_it_ends(wrong: Case) -> None:
    raised = wrong.object()
    mark = Objected.objects.get()
    assert (mark.pk, mark.column, mark.key) == (raised.pk, "income", {"person": ANN})
    actions.withdraw(by=wrong.by, objection=raised.pk)
    assert not Objected.objects.exists()
    again = wrong.object()
    actions.reject(by=CIVIL, objection=again.pk, reason="As registered")
    actions.appeal(by=wrong.by, objection=again.pk, why="It is not")
    assert Objected.objects.get().pk == again.pk
    actions.dismiss(by=REVIEWER, objection=again.pk, reason="The receipt shows it")
    assert not Objected.objects.exists()


@pytest.mark.parametrize(
    ("columns", "rows", "marked"),
    [
        (("person", "income", "since"), [], 1),
        (("person", "since"), [], 0),
        (("person", "income", "since"), [IN_2021], 0),
    ],
)
def test_a_delivery_says_how_many_of_its_values_are_objected_to(
    wrong: Case, columns: tuple[str, ...], rows: list[dict[str, Any]], marked: int
) -> None:
    exchange.register_key(by=HOUSING, public=new_identity().recipient.text)
    held = grant(wrong.resource, "housing", *columns, mode="file", rows=rows)
    link = exchange.make_file_delivery(by=HOUSING, code="housing.files", grant=held)
    wrong.object()
    batch = exchange.run_link(by=HOUSING, link=link)
    assert Batch.objects.get(pk=batch.pk).values_objected == marked
    body = Entry.objects.get(pk=batch.entry).body
    assert body.get("values_objected", 0) == marked
    assert ANN not in str(body)
