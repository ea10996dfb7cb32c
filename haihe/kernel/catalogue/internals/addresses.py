"""How a source system's address is sealed."""

from __future__ import annotations


def address_field(code: str) -> str:
    """Under which name a system's address is sealed: one moved to another row does not open."""
    return f"catalogue.system.address:{code}"
