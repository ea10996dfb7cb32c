"""GeoReport's documents as values, from JSON or XML: strict in form, lenient in what is left out.

Servers differ: numbers for texts, one entry without its list, a list inside an object. All of that
is read. Each function raises ``open311.unreadable`` for what is no such document.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from haihe.edges.open311.faults import Unreadable
from haihe.edges.open311.moments import read_moment
from haihe.edges.open311.trees import Node, read_xml
from haihe.edges.open311.values import (
    Accepted,
    Attribute,
    Definition,
    Fault,
    Request,
    Service,
    Token,
    Update,
)

_LISTS = {"attributes", "values"}
Entry = Mapping[str, Any]


def read_services(content: bytes, *, form: str) -> list[Service]:
    """The list of services."""
    return [
        Service(
            code=_code(each, "service_code"),
            name=_text(each, "service_name"),
            description=_text(each, "description"),
            metadata=_flag(each, "metadata"),
            type=_code(each, "type") or "realtime",
            keywords=tuple(k for k in _text(each, "keywords").split(", ") if k),
            group=_text(each, "group"),
        )
        for each in _entries(content, form)
        if _code(each, "service_code")
    ]


def read_definition(content: bytes, *, form: str) -> Definition:
    """A service's attributes."""
    found = _document(content, form)
    if isinstance(found, list):
        found = found[0] if found else {}
    if not isinstance(found, Mapping) or "service_code" not in found:
        raise Unreadable
    listed = found.get("attributes")
    asked = listed if isinstance(listed, list) else []
    return Definition(
        _code(found, "service_code"),
        tuple(_attribute(each) for each in asked if isinstance(each, Mapping)),
    )


def read_requests(content: bytes, *, form: str) -> list[Request]:
    """A list of requests."""
    return [_request(each) for each in _entries(content, form) if _code(each, "service_request_id")]


def read_accepted(content: bytes, *, form: str, of_update: bool = False) -> Accepted:
    """The answer to a request, or an update, that was sent."""
    number = "update_id" if of_update else "service_request_id"
    for each in _entries(content, form):
        found = Accepted(
            id=_code(each, number),
            token=_code(each, "token"),
            notice=_text(each, "service_notice"),
            account_id=_code(each, "account_id"),
        )
        if found.id or found.token:
            return found
    raise Unreadable


def read_tokens(content: bytes, *, form: str) -> list[Token]:
    """What tokens stand for."""
    return [
        Token(_code(each, "token"), _code(each, "service_request_id"))
        for each in _entries(content, form)
    ]


def read_updates(content: bytes, *, form: str) -> list[Update]:
    """A list of updates; those that name no request are left out."""
    return [
        Update(
            id=_code(each, "update_id"),
            request=_code(each, "service_request_id"),
            status=_code(each, "status"),
            description=_text(each, "description"),
            updated=read_moment(_text(each, "updated_datetime")),
            media_url=_code(each, "media_url"),
            reference=_code(each, "update_id_ext"),
        )
        for each in _entries(content, form)
        if _code(each, "service_request_id")
    ]


def read_faults(content: bytes, *, form: str) -> list[Fault]:
    """What a server said was wrong; nothing if it did not say so in GeoReport's form."""
    try:
        entries = list(_entries(content, form))
    except Unreadable:
        return []
    found = [Fault(_code(each, "code"), _text(each, "description")) for each in entries]
    return [each for each in found if each.code or each.description]


def _entries(content: bytes, form: str) -> Iterator[Entry]:
    found = _document(content, form)
    if isinstance(found, Mapping):
        # One entry by itself, or a list inside an object, as some servers have it.
        inner = [each for each in found.values() if isinstance(each, list)]
        found = inner[0] if len(inner) == 1 and len(found) == 1 else [found]
    if not isinstance(found, list):
        raise Unreadable
    for each in found:
        if not isinstance(each, Mapping):
            raise Unreadable
        yield each


def _document(content: bytes, form: str) -> Any:
    if form == "xml":
        root = read_xml(content)
        return _plain(root, is_list=root.name != "service_definition")
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise Unreadable from None


def _plain(node: Node, *, is_list: bool) -> Any:
    if is_list:
        return [_plain(each, is_list=False) for each in node.children]
    if node.children:
        return {each.name: _plain(each, is_list=each.name in _LISTS) for each in node.children}
    return node.text


def _text(each: Entry, name: str) -> str:
    value = each.get(name)
    if value is None or isinstance(value, Mapping | list):
        return ""
    return str(value).replace("\0", "")  # JSON can say it; no database of ours can keep it


def _code(each: Entry, name: str) -> str:
    return _text(each, name).strip()


def _flag(each: Entry, name: str) -> bool:
    return _code(each, name).lower() in {"true", "1", "yes"}


def _degrees(each: Entry, name: str) -> float | None:
    try:
        found = float(_code(each, name))
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _attribute(each: Entry) -> Attribute:
    listed = each.get("values")
    chosen = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    order = _code(each, "order")
    return Attribute(
        code=_code(each, "code"),
        description=_text(each, "description"),
        datatype=_code(each, "datatype") or "string",
        required=_flag(each, "required"),
        variable=_flag(each, "variable"),
        order=int(order) if order.isdecimal() and len(order) < 10 else 1,
        datatype_description=_text(each, "datatype_description"),
        values=tuple((_code(one, "key"), _text(one, "name")) for one in chosen),
    )


def _request(each: Entry) -> Request:
    return Request(
        id=_code(each, "service_request_id"),
        status=_code(each, "status"),
        status_notes=_text(each, "status_notes"),
        service_code=_code(each, "service_code"),
        service_name=_text(each, "service_name"),
        description=_text(each, "description"),
        agency=_text(each, "agency_responsible"),
        notice=_text(each, "service_notice"),
        requested=read_moment(_text(each, "requested_datetime")),
        updated=read_moment(_text(each, "updated_datetime")),
        expected=read_moment(_text(each, "expected_datetime")),
        address=_text(each, "address"),
        lon=_degrees(each, "long"),
        lat=_degrees(each, "lat"),
        media_url=_code(each, "media_url"),
        extended=_code(each, "extended_status"),
        reference=_code(each, "service_request_id_ext"),
    )
