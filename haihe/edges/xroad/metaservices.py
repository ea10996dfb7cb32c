"""X-Road's metaservices for REST: listMethods, allowedMethods, getOpenAPI (OpenAPI 3.1). Pure.

Source: X-Road 7.8, doc/Protocols/pr-mrest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from haihe.base.text import Text, in_language
from haihe.edges.xroad.address import Client

CODES = frozenset({"listMethods", "allowedMethods", "getOpenAPI"})
"""Service codes that no service of a provider may bear."""

RESERVED = CODES | {"listClients", "getWsdl", "getSecurityServerMetrics"}
"""All that X-Road reserves (since 7.7)."""

_TYPES: dict[str, dict[str, Any]] = {
    "integer": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "boolean": {"type": ["boolean", "null"]},
    "date": {"type": ["string", "null"], "format": "date"},
    "timestamp": {"type": ["string", "null"], "format": "date-time"},
}


def methods(provider: Client, codes: Sequence[str]) -> dict[str, Any]:
    """The body of listMethods and allowedMethods: a provider's services."""
    return {
        "service": [
            {
                "object_type": "SERVICE",
                "xroad_instance": provider.instance,
                "member_class": provider.member_class,
                "member_code": provider.member,
                "subsystem_code": provider.subsystem,
                "service_code": code,
                "service_type": "OPENAPI",
                "endpoint_list": [{"method": "POST", "path": "/"}],
            }
            for code in codes
        ]
    }


def open_api(
    *, path: str, title: Text, is_proof: bool, columns: Sequence[tuple[str, Text, str]]
) -> dict[str, Any]:
    """The OpenAPI 3.1 document of one service.

    ``columns`` are name, title and kind of what may leave at all; a grant may hold fewer.
    """
    answer = _proof_answer() if is_proof else _look_up_answer(columns)
    return {
        "openapi": "3.1.0",
        "info": {"title": in_language(title, "en"), "version": "1", "x-title": dict(title)},
        "paths": {
            path: {
                "post": {
                    "operationId": "call",
                    "parameters": _PARAMETERS,
                    "security": [{"key": []}],
                    "requestBody": {
                        "required": True,
                        "content": {"application/json": {"schema": _asked(columns, is_proof)}},
                    },
                    "responses": {
                        "200": {
                            "description": "The answer, with its promise of inclusion.",
                            "content": {"application/json": {"schema": answer}},
                        },
                        "default": {
                            "description": "A refusal: code, sentence, hint.",
                            "content": {"application/problem+json": {"schema": _PROBLEM}},
                        },
                    },
                }
            }
        },
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
    }


def _header(name: str, text: str, *, required: bool) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": text,
        "schema": {"type": "string", "maxLength": 200},
    }


_PARAMETERS = [
    _header("X-Road-Client", "instance/class/member/subsystem of the caller", required=True),
    _header("X-Haihe-Purpose", "Purpose code of the grant", required=True),
    _header("X-Road-Id", "The caller's own id of the call", required=False),
    _header("X-Road-UserId", "Who asks; kept as a keyed hash", required=False),
    _header("X-Road-Issue", "The case file that causes the call", required=False),
]

_PROBLEM = {
    "type": "object",
    "required": ["type", "status", "detail", "code", "hint"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "hint": {"type": "string"},
    },
}

_RECEIPT = {
    "type": "object",
    "description": "Signed promise that the ledger includes the entry of this call.",
    "required": ["origin", "entry", "leaf", "at", "index", "size", "path", "signature"],
}


_OBJECTED = {
    "type": "array",
    "items": {"type": "string"},
    "description": "Columns in which a value given is under an objection; left out if none is.",
}


def _asked(columns: Sequence[tuple[str, Text, str]], is_proof: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "subject": {"type": "string", "description": "The subject's number"}
    }
    if not is_proof:
        names = [name for name, _, _ in columns]
        properties["columns"] = {"type": "array", "items": {"enum": names}}
    return {
        "type": "object",
        "required": ["subject"],
        "additionalProperties": False,
        "properties": properties,
    }


def _proof_answer() -> dict[str, Any]:
    return _object(answer={"type": ["boolean", "null"], "description": "null: the data do not say"})


def _look_up_answer(columns: Sequence[tuple[str, Text, str]]) -> dict[str, Any]:
    row = {
        "type": "object",
        "properties": {name: _column(title, kind) for name, title, kind in columns},
    }
    return _object(found={"type": "boolean"}, rows={"type": "array", "items": row})


def _object(**own: dict[str, Any]) -> dict[str, Any]:
    shared = {
        "as_of": {"type": ["string", "null"], "format": "date-time"},
        "receipt": _RECEIPT,
    }
    return {
        "type": "object",
        "required": [*own, *shared],
        "properties": {**own, **shared, "under_objection": _OBJECTED},
    }


def _column(title: Text, kind: str) -> dict[str, Any]:
    known = _TYPES.get(kind.partition("(")[0].lower(), {"type": ["string", "null"]})
    return {**known, "title": in_language(title, "en"), "x-title": dict(title)}
