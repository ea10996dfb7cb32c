"""A grant's terms as an ODRL agreement: by the W3C's vocabulary, and read back as they were."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import ODRL2

from haihe.base.errors import HaiheError
from haihe.edges.odrl import PROFILE, document_of, policy_of

TEXT = st.text(min_size=1, max_size=12)
CODE = st.from_regex(r"[a-z0-9_./:-]{1,12}", fullmatch=True)
DAY = st.dates().map(lambda day: day.isoformat())
MOMENT = st.datetimes().map(lambda at: f"{at.isoformat()}+00:00")
TESTS = st.one_of(
    st.fixed_dictionaries(
        {
            "column": TEXT,
            "test": st.just("prefix"),
            "values": st.lists(CODE, min_size=1, max_size=3),
        }
    ),
    st.fixed_dictionaries(
        {
            "column": TEXT,
            "test": st.just("one_of"),
            "values": st.one_of(
                st.lists(TEXT, min_size=1), st.lists(st.integers(), min_size=1), st.just([True])
            ),
        }
    ),
    st.tuples(TEXT, st.one_of(st.tuples(DAY, DAY), st.tuples(st.none(), DAY))).map(
        lambda each: {"column": each[0], "test": "within", "values": list(each[1])}
    ),
)
PACES = st.one_of(
    st.fixed_dictionaries({"calls_a_minute": st.integers(1, 10_000)}),
    st.just({"fetch": "once", "every_hours": None}),
    st.fixed_dictionaries(
        {
            "fetch": st.just("periodic"),
            "every_hours": st.one_of(st.none(), st.integers(1, 8784)),
        }
    ),
)
EXCEPTION = st.fixed_dictionaries(
    {"allowed_to": st.lists(CODE, min_size=1, max_size=3), "law": TEXT}
)
BANNED = {"allowed_to": [], "law": ""}
FIRST = st.one_of(st.just(BANNED), EXCEPTION)
LATER = st.lists(
    st.tuples(EXCEPTION, MOMENT).map(lambda each: {**each[0], "until": each[1]}), max_size=2
)
ONWARD = st.one_of(
    st.tuples(st.just(1), FIRST),
    st.tuples(FIRST, LATER).map(lambda each: (2, {**each[0], "exceptions": each[1]})),
)
DOCUMENTS = st.tuples(
    ONWARD,
    st.fixed_dictionaries(
        {
            "grant": st.uuids().map(str),
            "edition": st.integers(1, 9),
            "demand": st.uuids().map(str),
            "provider": CODE,
            "receiver": CODE,
            "resource": CODE,
            "version": st.integers(1, 99),
            "purpose": st.fixed_dictionaries({"code": CODE, "basis": TEXT}),
            "basis": TEXT,
            "columns": st.lists(TEXT, min_size=1, max_size=4),
            "rows": st.lists(TESTS, max_size=3),
            "return_flow": st.booleans(),
            "mode": st.sampled_from(["table", "file", "interface"]),
            "frequency": PACES,
            "since": MOMENT,
            "until": MOMENT,
            "data_life": st.integers(1, 3660).map(lambda days: {"unit": "day", "value": days}),
        }
    ),
).map(lambda each: {**each[1], "form": each[0][0], "onward_use": each[0][1]})

GRANT: dict[str, Any] = {
    "form": 2, "grant": "0190a5a0-0000-7000-8000-000000000001", "edition": 1, "version": 3,
    "demand": "0190a5a0-0000-7000-8000-000000000002", "provider": "civil", "receiver": "housing",
    "resource": "civil.households", "basis": "Housing Act, art. 3", "return_flow": False,
    "purpose": {"code": "housing.fund", "basis": "Housing Act"}, "columns": ["person", "income"],
    "rows": [
        {"column": "division", "test": "prefix", "values": ["D01"]},
        {"column": "born", "test": "within", "values": [None, "1960-01-01"]},
    ],
    "mode": "table", "frequency": {"fetch": "periodic", "every_hours": 24},
    "since": "2026-01-01T00:00:00+00:00", "until": "2027-01-01T00:00:00+00:00",
    "data_life": {"unit": "day", "value": 90},
    "onward_use": {
        "allowed_to": [], "law": "",
        "exceptions": [
            {"allowed_to": ["tax"], "law": "Tax Act", "until": "2026-06-01T00:00:00+00:00"}
        ],
    },
}  # fmt: skip
CITY = "riverton"
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
"""The library reads JSON-LD with a class of its own that it has deprecated."""


def graph_of(document: dict[str, Any]) -> Graph:
    """The policy as an unrelated parser of JSON-LD reads it."""
    found = Graph()
    found.parse(data=json.dumps(policy_of(document, city=CITY)), format="json-ld")
    return found


@settings(deadline=None, max_examples=60)
@given(DOCUMENTS)
def test_a_policy_is_read_back_as_the_document_that_it_was_made_of(
    document: dict[str, Any],
) -> None:
    sent = json.dumps(policy_of(document, city=CITY))
    assert document_of(json.loads(sent), city=CITY) == document


@settings(deadline=None, max_examples=25)
@given(DOCUMENTS)
def test_every_term_is_of_the_vocabulary_or_the_profile(document: dict[str, Any]) -> None:
    known = {str(ODRL2[name]) for name in ODRL2.__annotations__ if not name.startswith("_")}
    known |= {str(ODRL2["and"])}
    said = {
        str(part)
        for triple in graph_of(document)
        for part in triple
        if isinstance(part, URIRef) and str(part).startswith(str(ODRL2))
    }
    assert said
    assert said <= known
    predicates = {str(each) for each in graph_of(document).predicates()}
    others = {each for each in predicates if not each.startswith((str(ODRL2), PROFILE))}
    assert others <= {str(RDF.type), str(RDF.first), str(RDF.rest)}


def test_the_agreement_says_who_what_until_when_and_what_is_forbidden() -> None:
    graph = graph_of(GRANT)
    (policy,) = graph.subjects(RDF.type, ODRL2.Agreement)
    assert str(policy) == f"urn:uuid:{GRANT['grant']}"
    assert str(graph.value(policy, ODRL2.assigner)) == "urn:haihe:riverton:department:civil"
    assert str(graph.value(policy, ODRL2.assignee)) == "urn:haihe:riverton:department:housing"
    assert graph.value(policy, ODRL2.conflict) == ODRL2.perm
    actions = {
        kind: sorted(
            str(graph.value(rule, ODRL2.action)).rsplit("/", 1)[1]
            for rule in graph.objects(policy, ODRL2[kind])
        )
        for kind in ("permission", "prohibition", "obligation")
    }
    assert actions == {
        "permission": ["distribute", "use"],
        "prohibition": ["distribute"],
        "obligation": ["delete"],
    }
    rights = {
        (str(graph.value(each, ODRL2.leftOperand)).rsplit("/", 1)[-1], str(right))
        for each, right in graph.subject_objects(ODRL2.rightOperand)
        if isinstance(right, Literal | URIRef)
    }
    assert {
        ("purpose", "urn:haihe:riverton:purpose:housing.fund"),
        ("elapsedTime", "P90D"),
        ("timeInterval", "P1D"),  # as this parser writes 24 hours
        ("urn:haihe:odrl:legalBasis", "Tax Act"),
    } <= rights


def test_without_an_exception_nothing_stands_against_the_ban() -> None:
    policy = policy_of({**GRANT, "form": 1, "onward_use": BANNED}, city=CITY)
    assert "conflict" not in policy
    assert [each["action"] for each in policy["permission"]] == ["use"]


def _with(change: Any) -> dict[str, Any]:
    policy: dict[str, Any] = json.loads(json.dumps(policy_of(GRANT, city=CITY)))
    change(policy)
    return policy


@pytest.mark.parametrize(
    ("named", "change"),
    [
        ("spatial", lambda p: p["permission"][0]["constraint"].append(
            {"type": "Constraint", "leftOperand": "spatial", "operator": "eq", "rightOperand": "x"}
        )),
        ("payAmount", lambda p: p["permission"][0]["constraint"][0].update(
            leftOperand="payAmount"
        )),
        ("sell", lambda p: p["permission"][1].update(action="sell")),
        ("compensate", lambda p: p["obligation"].append({"action": "compensate"})),
        ("remedy", lambda p: p["prohibition"][0].update(remedy=[])),
        ("inheritFrom", lambda p: p.update(inheritFrom="urn:uuid:1")),
        ("unit", lambda p: p["permission"][0]["constraint"][0].update(unit="x")),
        ("fileFormat", lambda p: p["permission"][0]["target"]["refinement"][0].update(
            leftOperand="fileFormat"
        )),
        ("or", lambda p: p["permission"][0]["target"]["refinement"].append({"or": []})),
    ],
)  # fmt: skip
def test_what_a_grant_can_not_say_is_refused_by_its_name(named: str, change: Any) -> None:
    with pytest.raises(HaiheError) as refusal:
        document_of(_with(change), city=CITY)
    assert refusal.value.code == "odrl.term.unknown"
    assert named in refusal.value.message


@pytest.mark.parametrize(
    "change",
    [
        lambda p: p.update(type="Offer"),
        lambda p: p.update(permission=[]),
        lambda p: p.update(permission="use"),
        lambda p: p.pop("prohibition"),
        lambda p: p.pop("conflict"),
        lambda p: p.update(assigner="urn:haihe:elsewhere:department:civil"),
        lambda p: p["@context"].update({"@vocab": "http://example.org/"}),
        lambda p: p["permission"][0]["constraint"].reverse(),
        lambda p: p["permission"][0]["constraint"][4].update(operator="lteq"),
        lambda p: p["permission"][1]["target"]["refinement"].pop(),
        lambda p: p["obligation"][0]["constraint"].pop(),
        lambda p: p["obligation"][0]["constraint"][0]["rightOperand"].update({"@value": "P1Y"}),
    ],
)
def test_a_policy_of_another_form_is_refused(change: Any) -> None:
    with pytest.raises(HaiheError) as refusal:
        document_of(_with(change), city=CITY)
    assert refusal.value.code == "odrl.policy.bad"
