"""Properties of the judge and of proofs: no column outside the grant ever leaves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haihe.engine.calls import proofs
from haihe.engine.calls.judge import Judge
from haihe.engine.calls.refusals import Refusal
from haihe.engine.calls.rights import NoRights, read_rights

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no fault of the code."""

NAMES = ("person", "income", "since", "street", "faith")
names = st.lists(st.sampled_from(NAMES), unique=True)
grants = st.fixed_dictionaries(
    {
        "id": st.uuids().map(str),
        "department": st.sampled_from(("housing", "tax")),
        "resource": st.sampled_from(("households", "pets")),
        "purpose": st.sampled_from(("fund", "relief")),
        "rate": st.integers(0, 1000),
        "since": st.floats(0, 100),
        "until": st.floats(0, 200),
        "withdrawn": st.booleans(),
        "columns": names,
        "rows": st.lists(
            st.sampled_from(
                (
                    {"column": "street", "test": "prefix", "values": ["A"]},
                    {"column": "since", "test": "within", "values": ["2020-01-01", None]},
                    {"column": "faith", "test": "one_of", "values": ["any"]},
                )
            ),
            max_size=2,
        ),
    }
)
services = st.fixed_dictionaries(
    {
        "code": st.sampled_from(("one", "two")),
        "title": st.just({"en": "A service"}),
        "kind": st.sampled_from(("look_up", "proof")),
        "resource": st.sampled_from(("households", "pets")),
        "column": st.sampled_from(("", "income")),
        "operator": st.just("<="),
        "value": st.just(5),
        "is_open": st.booleans(),
        "member": st.just("civil"),
        "subsystem": st.just("civil-db"),
        "scheme": st.just("luhn.person"),
    }
)
stored = st.fixed_dictionaries(
    {
        "callers": st.just([]),
        "services": st.lists(services, max_size=2, unique_by=lambda each: each["code"]),
        "grants": st.lists(grants, max_size=6),
        "columns": st.just(
            {
                resource: [
                    {"name": name, "title": {}, "kind": "text", "length": None,
                     "withheld": name == "faith"}
                    for name in NAMES
                ]
                for resource in ("households", "pets")
            }
        ),
        "negative": st.dictionaries(
            st.sampled_from(("households", "pets")),
            st.dictionaries(st.sampled_from(NAMES), st.just("A law"), max_size=3),
        ),
        "as_of": st.just({}),
    }
)  # fmt: skip


@unhurried
@given(
    stored=stored,
    service=st.sampled_from(("one", "two", "three")),
    department=st.sampled_from(("housing", "tax", "civil")),
    purpose=st.sampled_from(("fund", "relief", "")),
    columns=names,
    at=st.floats(0, 200),
)
def test_no_column_outside_the_grant_ever_leaves(
    stored: dict[str, Any],
    service: str,
    department: str,
    purpose: str,
    columns: list[str],
    at: float,
) -> None:
    judge = Judge(read_rights(msgspec.json.encode(stored).decode()))
    try:
        permit = judge.permit(
            service, department=department, purpose=purpose, columns=columns, at=at
        )
    except Refusal:
        return
    grant = next(each for each in stored["grants"] if UUID(each["id"]) == permit.grant.id)
    negative = stored["negative"].get(permit.service.resource, {})
    assert (grant["department"], grant["purpose"]) == (department, purpose)
    assert grant["resource"] == permit.service.resource
    assert grant["since"] <= at < grant["until"]
    assert not grant["withdrawn"]
    assert permit.service.is_open
    assert permit.columns
    assert set(permit.columns) <= set(grant["columns"]) - set(negative) - {"faith"}
    assert not columns or set(permit.columns) == set(columns)
    needed = permit.service.column
    assert not needed or needed in set(grant["columns"]) - set(negative)
    held = [
        {"street": street, "since": since, "faith": "any"}
        for street in ("A1", "B1", None)
        for since in ("2019-12-31", "2020-01-01", None)
    ]
    for row in permit.given(held):
        assert row["street"] == "A1" or "street" not in {t["column"] for t in grant["rows"]}
        assert row["since"] == "2020-01-01" or "since" not in {t["column"] for t in grant["rows"]}
        assert {t["column"] for t in grant["rows"]}.isdisjoint({"faith", *negative})
    assert grant["rows"] or permit.given(held) == held


def test_rights_that_cannot_be_read_are_no_rights() -> None:
    with pytest.raises(NoRights):
        read_rights('{"callers": 5}')


held = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates().map(str)


@unhurried
@given(
    rows=st.lists(st.fixed_dictionaries({"it": held}), max_size=4),
    operator=st.sampled_from(proofs.OPERATORS),
    value=st.integers() | st.text(min_size=1) | st.booleans() | st.dates().map(str),
)
def test_a_proof_always_says_yes_no_or_unknown(
    rows: list[dict[str, Any]], operator: str, value: Any
) -> None:
    asked = [value] if operator == "in" else value
    said = proofs.answer(rows, column="it", operator=operator, value=asked)
    assert said in {True, False, None}
    if said is False:
        assert all(row["it"] is not None for row in rows)


@unhurried
@given(days=st.integers(-5, 5), operator=st.sampled_from(("<", "<=", "=", "!=", ">", ">=")))
def test_days_are_compared_as_days(days: int, operator: str) -> None:
    day = date(2020, 1, 3)
    rows = [{"it": str(day + timedelta(days=days))}]
    said = proofs.answer(rows, column="it", operator=operator, value=str(day))
    wanted = {
        "<": days < 0,
        "<=": days <= 0,
        "=": days == 0,
        "!=": days != 0,
        ">": days > 0,
        ">=": days >= 0,
    }
    assert said is wanted[operator]


@pytest.mark.parametrize(
    ("rows", "operator", "value", "said"),
    [
        ([{"it": "1000.00"}], "=", 1000, True),
        ([{"it": "12.5"}], "<", 12.6, True),
        ([{"it": "many"}], ">", 1, None),
        ([{"it": None}, {"it": 3}], ">", 1, True),
        ([{"it": None}, {"it": 0}], ">", 1, None),
        ([{"it": "active"}], "in", ["active", "new"], True),
        ([{"it": "ended"}], "in", ["active", "new"], False),
        ([{"it": True}], "=", True, True),
        ([{"it": "true"}], "=", True, None),
        ([], "=", 1, None),
        ([{"it": "2020-01-02T03:04:05"}], ">=", "2020-01-02", True),
    ],
)
def test_proofs_by_example(
    rows: list[dict[str, Any]], operator: str, value: Any, said: bool | None
) -> None:
    assert proofs.answer(rows, column="it", operator=operator, value=value) is said
