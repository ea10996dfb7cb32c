"""Rows beyond a grant's rule are as if nobody held them: in calls over HTTP and on pages alike."""

from __future__ import annotations

from typing import Any

import pytest

from haihe.kernel.catalogue.declare import Terms
from haihe.kernel.ledger.models import Entry
from haihe.kernel.services import actions
from tests.services.city import ANN, BOB, CAROL, LOOK, NOBODY, PROOF, City, actor, give, hold
from tests.services.running import Served

SINCE = {"column": "since", "test": "within", "values": ["2021-01-01", None]}
BRIEF = "tax.brief"
KNOWN = PROOF.replace("is_poor", "is_known")


@pytest.fixture(scope="module", autouse=True)
def narrowed(city: City) -> City:
    """Tax may read households of 2021 and after; Carol has one of those, and two others."""
    hold(
        CAROL,
        [
            {"person": CAROL, "income": 500_000, "since": "2021-06-01", "street": "Mill Lane"},
            {"person": CAROL, "income": 1_000, "since": "2020-06-01", "street": "High St"},
            {"person": CAROL, "income": 1_000, "since": None, "street": "High St"},
        ],
    )
    give("person", "income", to="tax", purpose=BRIEF, terms=Terms(rows=[SINCE]))
    return city


def call(served: Served, city: City, number: str, path: str = LOOK) -> dict[str, Any]:
    status, _, body = served.call(
        number, key=city.tax_key, path=path, client="RV/GOV/tax/tax-app", purpose=BRIEF
    )
    assert status == 200, body
    found: dict[str, Any] = body
    return found


def test_a_call_gives_the_rows_within_the_rule_alone(city: City, served: Served) -> None:
    assert call(served, city, BOB)["rows"] == [{"person": BOB, "income": 250_000}]
    assert call(served, city, CAROL)["rows"] == [{"person": CAROL, "income": 500_000}]


def test_nobody_can_tell_a_row_beyond_the_rule_from_none(city: City, served: Served) -> None:
    beyond, nothing = call(served, city, ANN), call(served, city, NOBODY)
    for body in (beyond, nothing):
        assert (body["found"], body["rows"]) == (False, [])
    entries = Entry.objects.filter(kind="services.call.answered").order_by("-at")[:2]
    assert [each.body["found"] for each in entries] == [False, False]


def test_a_proof_never_denies_what_its_grant_does_not_see(city: City, served: Served) -> None:
    for path in (PROOF, KNOWN):
        for number in (ANN, NOBODY):
            assert call(served, city, number, path)["answer"] is None
    assert call(served, city, BOB, KNOWN)["answer"] is True
    # Within the rule she is not poor; beyond it she may be.
    assert call(served, city, CAROL, PROOF)["answer"] is None


def test_another_grant_of_every_row_is_not_narrowed_by_it(city: City, served: Served) -> None:
    assert served.call(ANN, key=city.key)[2]["found"] is True


@pytest.mark.usefixtures("own_database")
def test_an_officers_page_shows_the_rows_within_the_rule_alone() -> None:
    given: dict[str, Any] = {"by": actor("tax"), "service": "households", "purpose": BRIEF}
    assert actions.look_up(number=ANN, **given).found is False
    seen = actions.look_up(number=CAROL, **given)
    assert seen.rows == [{"person": CAROL, "income": 500_000}]
    poor = {**given, "service": "is_poor"}
    assert actions.look_up(number=CAROL, **poor).said is None
