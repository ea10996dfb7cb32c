"""An ODRL agreement read as the document of a grant: what a grant can't say is refused by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from haihe.edges.odrl.faults import BadPolicy, UnknownTerm
from haihe.edges.odrl.writing import CARRIED, policy_of

_POLICY = {
    "@context", "type", "uid", "profile", "assigner", "assignee", "permission", "prohibition",
    "obligation", "conflict", *(f"haihe:{name}" for name in CARRIED),
}  # fmt: skip
_RULE = {"action", "target", "constraint"}
_TARGET = {"type", "source", "refinement"}
_CONSTRAINT = {"type", "leftOperand", "operator", "rightOperand"}
_USE = {
    "purpose", "haihe:legalBasis", "deliveryChannel", "dateTime", "haihe:callsPerMinute", "count",
    "timeInterval",
}  # fmt: skip
_DELETE = {"elapsedTime", "dateTime"}
_DISTRIBUTE = {"recipient", "haihe:legalBasis", "dateTime"}
_ROWS = "haihe:rows-"


def document_of(policy: Mapping[str, Any], *, city: str) -> dict[str, Any]:
    """The document of a grant that a policy says; the inverse of ``policy_of``.

    The policy has the form that ``policy_of`` gives, keys in any order. Errors:
    ``odrl.term.unknown`` names the first rule, constraint or property that a grant has not;
    ``odrl.policy.bad`` for anything else that ``policy_of`` would not have written.
    """
    _must_be_known(policy)
    try:
        document = _document(policy)
        again = policy_of(document, city=city)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError):
        raise BadPolicy from None
    if again != dict(policy):
        raise BadPolicy
    return document


def _must_be_known(policy: Mapping[str, Any]) -> None:
    """Refuse what a grant has no word for, by its name."""
    if not isinstance(policy, Mapping) or policy.get("type") != "Agreement":
        raise BadPolicy
    _names(policy, _POLICY)
    for kind, actions in (
        ("permission", {"use": _USE, "distribute": _DISTRIBUTE}),
        ("prohibition", {"distribute": set()}),
        ("obligation", {"delete": _DELETE}),
    ):
        for rule in _mappings(policy.get(kind)):
            _names(rule, _RULE)
            known = actions.get(str(rule.get("action")))
            if known is None:
                raise UnknownTerm(f"A grant has no {kind} to {str(rule.get('action'))[:80]}.")
            _constraints(rule.get("constraint", ()), known)
            _refinements(rule.get("target"))


def _refinements(target: object) -> None:
    for asset in _mappings([target]):
        _names(asset, _TARGET)
        for each in _mappings(asset.get("refinement")):
            parts = _listed(each["and"]) if "and" in each else [each]
            if "and" in each:
                _names(each, {"type", "and"})
            _constraints(parts, {"haihe:column"}, rows=True)


def _constraints(given: object, known: Iterable[str], *, rows: bool = False) -> None:
    for each in _mappings(given):
        _names(each, _CONSTRAINT)
        left = str(each.get("leftOperand"))
        if left not in known and not (rows and left.startswith(_ROWS)):
            raise UnknownTerm(f"A grant has no constraint of {left[:80]} here.")


def _mappings(given: object) -> Iterator[Mapping[str, Any]]:
    if not isinstance(given, list | tuple) or not all(isinstance(each, Mapping) for each in given):
        raise BadPolicy
    yield from given


def _names(given: Mapping[str, Any], known: set[str]) -> None:
    for name in given:
        if name not in known:
            raise UnknownTerm(f"A grant has no property {str(name)[:80]} here.")


def _document(policy: Mapping[str, Any]) -> dict[str, Any]:
    use, *exceptions = policy["permission"]
    held = _by_operand(use["constraint"])
    moments = {each["operator"]: each["rightOperand"]["@value"] for each in held["dateTime"]}
    since, until = moments["gteq"], moments["lt"]
    target = use["target"]
    columns, *rows = target["refinement"]
    return {
        **{name: policy[f"haihe:{name}"] for name in CARRIED},
        "grant": policy["uid"].removeprefix("urn:uuid:"),
        "provider": _code(policy["assigner"]),
        "receiver": _code(policy["assignee"]),
        "resource": _code(target["source"]),
        "purpose": {
            "code": _code(held["purpose"][0]["rightOperand"]["@id"]),
            "basis": held["haihe:legalBasis"][0]["rightOperand"],
        },
        "columns": _listed(columns["rightOperand"]),
        "rows": [_row_test(each) for each in rows],
        "mode": held["deliveryChannel"][0]["rightOperand"]["@id"].removeprefix("haihe:"),
        "frequency": _pace(held),
        "since": since,
        "until": until,
        "data_life": {"unit": "day", "value": _life(policy)},
        "onward_use": _onward(exceptions, has_exceptions=policy["haihe:form"] > 1),
    }


def _by_operand(constraints: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for each in constraints:
        found.setdefault(each["leftOperand"], []).append(each)
    return found


def _pace(held: Mapping[str, list[Mapping[str, Any]]]) -> dict[str, Any]:
    if "haihe:callsPerMinute" in held:
        return {"calls_a_minute": held["haihe:callsPerMinute"][0]["rightOperand"]}
    if "count" in held:
        return {"fetch": "once", "every_hours": None}
    hours = None
    if "timeInterval" in held:
        hours = int(held["timeInterval"][0]["rightOperand"]["@value"][2:-1])
    return {"fetch": "periodic", "every_hours": hours}


def _life(policy: Mapping[str, Any]) -> int:
    held = _by_operand(policy["obligation"][0]["constraint"])
    return int(held["elapsedTime"][0]["rightOperand"]["@value"][1:-1])


def _onward(exceptions: list[Mapping[str, Any]], *, has_exceptions: bool) -> dict[str, Any]:
    read = [_exception(each) for each in exceptions]
    asked = [each for each in read if "until" not in each]
    found = asked[0] if asked else {"allowed_to": [], "law": ""}
    later = [each for each in read if "until" in each]
    return {**found, "exceptions": later} if has_exceptions else found


def _exception(rule: Mapping[str, Any]) -> dict[str, Any]:
    held = _by_operand(rule["constraint"])
    to = _listed(held["recipient"][0]["rightOperand"])
    found: dict[str, Any] = {
        "allowed_to": [_code(each["@id"]) for each in to],
        "law": held["haihe:legalBasis"][0]["rightOperand"],
    }
    if "dateTime" in held:
        found["until"] = held["dateTime"][0]["rightOperand"]["@value"]
    return found


def _row_test(given: Mapping[str, Any]) -> dict[str, Any]:
    if "and" in given:
        bounds = _listed(given["and"])
        days = {each["operator"]: each["rightOperand"]["@value"] for each in bounds}
        values = [days.get("gteq"), days.get("lteq")]
        return {"column": _column(bounds[0]), "test": "within", "values": values}
    test = "prefix" if given["operator"] == "haihe:beginsWith" else "one_of"
    return {"column": _column(given), "test": test, "values": _listed(given["rightOperand"])}


def _column(given: Mapping[str, Any]) -> str:
    return unquote(given["leftOperand"].removeprefix(_ROWS))


def _listed(given: Any) -> list[Any]:
    if not isinstance(given, Mapping) or not isinstance(given.get("@list"), list):
        raise BadPolicy
    return list(given["@list"])


def _code(iri: str) -> str:
    return unquote(iri.rsplit(":", 1)[1])
