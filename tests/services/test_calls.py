"""Governed calls over real HTTP: answers within the grant, and refusals each with its reason."""

from __future__ import annotations

from tests.services.city import ANN, BOB, NOBODY, PROOF, City
from tests.services.running import Served


def test_a_call_is_answered_with_granted_columns_alone(served: Served, city: City) -> None:
    status, _, body = served.call(ANN, key=city.key)
    assert status == 200, body
    assert body["found"] is True
    assert body["rows"] == [{"person": ANN, "income": 90_000}]


def test_a_proof_says_yes_no_or_unknown_and_nothing_else(served: Served, city: City) -> None:
    answers = [served.call(n, key=city.key, path=PROOF)[2] for n in (ANN, BOB, NOBODY)]
    assert [each["answer"] for each in answers] == [True, False, None]
    assert all(set(each) == {"answer", "as_of", "receipt"} for each in answers)
