"""A grant's frozen document as an ODRL agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

MEDIA_TYPE = "application/ld+json"
PROFILE = "urn:haihe:odrl:"
"""The profile, and the namespace of what ODRL's own vocabulary has no word for."""

CONTEXT: dict[str, Any] = {
    "@version": 1.1,
    "@vocab": "http://www.w3.org/ns/odrl/2/",
    "haihe": PROFILE,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "uid": "@id",
    "type": "@type",
    **{
        name: {"@type": "@vocab"}
        for name in (
            "action", "assignee", "assigner", "conflict", "leftOperand", "operator", "profile",
            "source",
        )
    },
    **{
        name: {"@container": "@set"}
        for name in ("constraint", "obligation", "permission", "prohibition", "refinement")
    },
}  # fmt: skip
"""Inline, so that whoever reads a policy fetches nothing."""

FIELDS = {
    "grant": "`uid`: urn:uuid:…",
    "provider, receiver": "`assigner`, `assignee`",
    "resource, columns": "`target`: an AssetCollection, its `source`, refined by haihe:column",
    "rows": "refinements of the target by haihe:rows-COLUMN: haihe:beginsWith, isAnyOf, or `and` of"
    " gteq and lteq",
    "purpose": "`purpose` eq, and haihe:legalBasis",
    "mode": "`deliveryChannel` eq",
    "frequency": "haihe:callsPerMinute lteq; `timeInterval` gteq; `count` lteq 1 for once",
    "since, until": "`dateTime` gteq and lt",
    "data_life": "an obligation to `delete`: `elapsedTime` lteq, `dateTime` lteq",
    "onward_use": "a prohibition to `distribute`; each exception a permission to, for its"
    " `recipient`s, with haihe:legalBasis and its end; `conflict`: perm",
    "form, edition, demand, version, basis, return_flow": "haihe: properties of the policy",
}
"""Which field of a document becomes what; for the reference."""

CARRIED = ("form", "edition", "demand", "version", "basis", "return_flow")
"""Fields that are kept as they are, as properties of the profile."""


def policy_of(document: Mapping[str, Any], *, city: str) -> dict[str, Any]:
    """The agreement that says what a grant's document says, in JSON's own types.

    ``document``: as docs/reference/grant-terms.md has it. ``city`` goes into the names of
    departments, resources and purposes, which are otherwise the city's own.
    """
    names = Names(city)
    target = _target(document, names)
    permissions = [_use(document, names, target), *_exceptions(document, names, target)]
    policy: dict[str, Any] = {
        "@context": CONTEXT,
        "type": "Agreement",
        "uid": f"urn:uuid:{document['grant']}",
        "profile": PROFILE,
        **{f"haihe:{name}": document[name] for name in CARRIED},
        "assigner": names.iri("department", document["provider"]),
        "assignee": names.iri("department", document["receiver"]),
        "permission": permissions,
        "prohibition": [{"action": "distribute", "target": target}],
        "obligation": [_deletion(document, target)],
    }
    if len(permissions) > 1:
        policy["conflict"] = "perm"
    return policy


class Names:
    """Names of a city's things: ``urn:haihe:CITY:KIND:CODE``."""

    def __init__(self, city: str) -> None:
        self._start = f"urn:haihe:{quote(city, safe='')}:"

    def iri(self, kind: str, code: str) -> str:
        """The name of a thing."""
        return f"{self._start}{kind}:{quote(code, safe='')}"


def constraint(left: str, operator: str, right: object) -> dict[str, Any]:
    """One constraint; ``right`` is a value of JSON, typed, or named by an IRI."""
    return {
        "type": "Constraint", "leftOperand": left, "operator": operator, "rightOperand": right,
    }  # fmt: skip


def typed(value: str, of: str) -> dict[str, str]:
    """A literal of XML Schema."""
    return {"@value": value, "@type": f"xsd:{of}"}


def _target(document: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """The columns and rows of the resource; one node, named once by the grant's edition."""
    return {
        "type": "AssetCollection",
        "source": names.iri("resource", document["resource"]),
        "refinement": [
            constraint("haihe:column", "isAnyOf", {"@list": list(document["columns"])}),
            *(_row_test(test) for test in document["rows"]),
        ],
    }


def _row_test(test: Mapping[str, Any]) -> dict[str, Any]:
    left = f"haihe:rows-{quote(test['column'], safe='')}"
    if test["test"] == "within":
        first, last = test["values"]
        bounds = [
            constraint(left, operator, typed(day, "date"))
            for operator, day in (("gteq", first), ("lteq", last))
            if day is not None
        ]
        return {"type": "LogicalConstraint", "and": {"@list": bounds}}
    operator = "haihe:beginsWith" if test["test"] == "prefix" else "isAnyOf"
    return constraint(left, operator, {"@list": list(test["values"])})


def _use(document: Mapping[str, Any], names: Names, target: object) -> dict[str, Any]:
    purpose = document["purpose"]
    return {
        "action": "use",
        "target": target,
        "constraint": [
            constraint("purpose", "eq", {"@id": names.iri("purpose", purpose["code"])}),
            constraint("haihe:legalBasis", "eq", purpose["basis"]),
            constraint("deliveryChannel", "eq", {"@id": f"haihe:{document['mode']}"}),
            constraint("dateTime", "gteq", typed(document["since"], "dateTime")),
            constraint("dateTime", "lt", typed(document["until"], "dateTime")),
            *_pace(document["frequency"]),
        ],
    }


def _pace(frequency: Mapping[str, Any]) -> list[dict[str, Any]]:
    if "calls_a_minute" in frequency:
        return [constraint("haihe:callsPerMinute", "lteq", frequency["calls_a_minute"])]
    if frequency["fetch"] == "once":
        return [constraint("count", "lteq", 1)]
    if frequency["every_hours"] is None:
        return []
    return [constraint("timeInterval", "gteq", typed(f"PT{frequency['every_hours']}H", "duration"))]


def _deletion(document: Mapping[str, Any], target: object) -> dict[str, Any]:
    life = document["data_life"]["value"]
    return {
        "action": "delete",
        "target": target,
        "constraint": [
            constraint("elapsedTime", "lteq", typed(f"P{life}D", "duration")),
            constraint("dateTime", "lteq", typed(document["until"], "dateTime")),
        ],
    }


def _exceptions(document: Mapping[str, Any], names: Names, target: object) -> list[dict[str, Any]]:
    onward = document["onward_use"]
    asked = [{"allowed_to": onward["allowed_to"], "law": onward["law"]}]
    found: Sequence[Mapping[str, Any]] = [
        *(asked if onward["allowed_to"] else []),
        *onward.get("exceptions", ()),
    ]
    return [_exception(each, names, target) for each in found]


def _exception(each: Mapping[str, Any], names: Names, target: object) -> dict[str, Any]:
    to = [{"@id": names.iri("department", code)} for code in each["allowed_to"]]
    constraints = [
        constraint("recipient", "isAnyOf", {"@list": to}),
        constraint("haihe:legalBasis", "eq", each["law"]),
    ]
    if "until" in each:
        constraints.append(constraint("dateTime", "lt", typed(each["until"], "dateTime")))
    return {"action": "distribute", "target": target, "constraint": constraints}
