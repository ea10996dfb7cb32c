"""Values as GeoReport's documents, in JSON or XML.

Both say the same: an empty text is null in JSON and an empty element in XML.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from haihe.edges.open311.moments import write_moment
from haihe.edges.open311.trees import Plain, write_xml
from haihe.edges.open311.values import (
    Accepted,
    Attribute,
    Definition,
    Discovery,
    Fault,
    Request,
    Service,
    Token,
    Update,
)

FORMATS = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
"""Formats by the ending of an address, with their media types."""

_ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_requests_updates": "request_update",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}


def write_services(services: Iterable[Service], *, form: str) -> bytes:
    """The list of services."""
    return _write(form, "services", [_service(each) for each in services])


def write_definition(definition: Definition, *, form: str) -> bytes:
    """A service's attributes."""
    asked = [_attribute(each) for each in definition.attributes]
    found = {"service_code": definition.code, "attributes": asked}
    return _write(form, "service_definition", found)


def write_requests(requests: Iterable[Request], *, form: str) -> bytes:
    """A list of requests; also the answer about one."""
    return _write(form, "service_requests", [_request(each) for each in requests])


def write_accepted(accepted: Accepted, *, form: str, of_update: bool = False) -> bytes:
    """The answer to a request, or an update, that was sent."""
    number = "update_id" if of_update else "service_request_id"
    found = {number: accepted.id} if accepted.id else {"token": accepted.token}
    if not of_update:
        found |= {"service_notice": accepted.notice, "account_id": accepted.account_id}
    name = "service_request_updates" if of_update else "service_requests"
    return _write(form, name, [_nulls(found)])


def write_tokens(tokens: Iterable[Token], *, form: str) -> bytes:
    """What a token stands for."""
    found = [{"service_request_id": each.id or None, "token": each.token} for each in tokens]
    return _write(form, "service_requests", found)


def write_updates(updates: Iterable[Update], *, form: str) -> bytes:
    """A list of updates."""
    return _write(form, "service_requests_updates", [_update(each) for each in updates])


def write_faults(faults: Iterable[Fault], *, form: str) -> bytes:
    """What was wrong."""
    found = [{"code": each.code, "description": each.description} for each in faults]
    return _write(form, "errors", found)


def write_discovery(found: Discovery, *, form: str) -> bytes:
    """Where the endpoints are."""
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": found.url,
        "changeset": write_moment(found.changed),
        "type": "production",
        "formats": list(found.formats),
    }
    body = {
        "changeset": write_moment(found.changed),
        "contact": found.contact or None,
        "key_service": None,
        "endpoints": [endpoint],
    }
    return _write(form, "discovery", body)


def _write(form: str, name: str, value: Plain) -> bytes:
    if form == "xml":
        return write_xml(name, value, items=_ITEMS)
    return json.dumps(value, ensure_ascii=False).encode(errors="replace")


def _nulls(found: dict[str, Any]) -> dict[str, Any]:
    return {name: None if value == "" else value for name, value in found.items()}


def _service(each: Service) -> dict[str, Any]:
    return _nulls(
        {
            "service_code": each.code,
            "service_name": each.name,
            "description": each.description,
            "metadata": each.metadata,
            "type": each.type,
            "keywords": ", ".join(each.keywords),
            "group": each.group,
        }
    )


def _attribute(each: Attribute) -> dict[str, Any]:
    return _nulls(
        {
            "variable": each.variable,
            "code": each.code,
            "datatype": each.datatype,
            "required": each.required,
            "datatype_description": each.datatype_description,
            "order": each.order,
            "description": each.description,
            "values": [{"key": key, "name": name} for key, name in each.values],
        }
    )


def _request(each: Request) -> dict[str, Any]:
    found = _nulls(
        {
            "service_request_id": each.id,
            "status": each.status,
            "status_notes": each.status_notes,
            "service_name": each.service_name,
            "service_code": each.service_code,
            "description": each.description,
            "agency_responsible": each.agency,
            "service_notice": each.notice,
            "requested_datetime": write_moment(each.requested),
            "updated_datetime": write_moment(each.updated),
            "expected_datetime": write_moment(each.expected),
            "address": each.address,
            "address_id": "",
            "zipcode": "",
            "lat": each.lat,
            "long": each.lon,
            "media_url": each.media_url,
        }
    )
    told = {"extended_status": each.extended, "service_request_id_ext": each.reference}
    return found | {name: value for name, value in told.items() if value}


def _update(each: Update) -> dict[str, Any]:
    found = _nulls(
        {
            "update_id": each.id,
            "service_request_id": each.request,
            "status": each.status,
            "updated_datetime": write_moment(each.updated),
            "description": each.description,
            "media_url": each.media_url,
        }
    )
    return found | ({"update_id_ext": each.reference} if each.reference else {})
