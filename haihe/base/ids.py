"""Distinct types of ids, and ids that sort by time (RFC 9562 version 7)."""

from __future__ import annotations

import secrets
import time
from typing import NewType
from uuid import UUID

PlaceCode = NewType("PlaceCode", str)
DepartmentCode = NewType("DepartmentCode", str)
ResourceCode = NewType("ResourceCode", str)
EntryId = NewType("EntryId", UUID)
SubjectKey = NewType("SubjectKey", bytes)
"""Keyed hash of a subject's identity number: 16 bytes, see ``base.sealing``."""


def new_id() -> UUID:
    """A UUID of version 7: 48 bits of Unix milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | secrets.randbits(80)
    value = value & ~(0xF << 76) | (0x7 << 76)
    return UUID(int=value & ~(0x3 << 62) | (0x2 << 62))
