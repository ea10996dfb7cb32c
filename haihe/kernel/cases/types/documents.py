"""A case type as one canonical document, and back; its faults, all at once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import msgspec

from haihe.kernel.cases.declare import CaseType
from haihe.kernel.cases.errors import BadType
from haihe.kernel.cases.types.fault import Fault
from haihe.kernel.cases.types.faults import faults_of

_read: dict[bytes, CaseType] = {}


def document_of(case_type: CaseType) -> dict[str, Any]:
    """The type as plain JSON values, every default written out.

    A converted type leaves defaults to its class, so each field is asked for by name.
    """
    return dict(msgspec.to_builtins(asdict(case_type)))


def text_of(case_type: CaseType) -> str:
    """The type's complete document as JSON text, in its own order: states, actions, fields."""
    return msgspec.json.encode(document_of(case_type)).decode()


def digest_of(text: str) -> bytes:
    """SHA-256 over a document's text."""
    return hashlib.sha256(text.encode()).digest()


def checked(document: Mapping[str, Any]) -> CaseType:
    """The type that a document says; ``cases.type.bad`` names every fault of it."""
    try:
        found = msgspec.convert(document, CaseType)
    except msgspec.ValidationError as fault:
        raise BadType(f"The document is no case type: {fault}.") from None
    faults = [*_unknown(document, document_of(found)), *faults_of(found)]
    if faults:
        raise BadType(" ".join(faults), faults=faults)
    return found


def read(text: str, *, digest: bytes) -> CaseType:
    """The type of a stored document, which was checked before it was stored."""
    if digest not in _read:
        _read[digest] = msgspec.json.decode(text, type=CaseType)
    return _read[digest]


def _unknown(given: Any, known: Any, where: str = "") -> list[Fault]:
    """Names in the document that a case type does not have."""
    if isinstance(given, Mapping) and isinstance(known, Mapping):
        return [
            fault
            for name, value in given.items()
            for fault in (
                _unknown(value, known[name], f"{where}{name}.")
                if name in known
                else [Fault("{name} is nothing that a case type has.", name=f"{where}{name}")]
            )
        ]
    if isinstance(given, list | tuple) and isinstance(known, list | tuple):
        pairs = enumerate(zip(given, known, strict=True))
        return [f for n, (one, two) in pairs for f in _unknown(one, two, f"{where}{n}.")]
    return []
