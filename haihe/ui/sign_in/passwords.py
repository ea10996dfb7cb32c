"""First passwords: made here, shown once to whoever hands them over, kept only as their hash."""

from __future__ import annotations

import secrets

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Small letters and digits that nobody reads for another."""
_GROUPS, _LENGTH = 4, 5


def first_password() -> str:
    """A password that nobody chose: four groups of five signs, 99 bits."""
    groups = ("".join(secrets.choice(LETTERS) for _ in range(_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)
