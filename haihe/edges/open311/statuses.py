"""Statuses: GeoReport's two, and mySociety's, which say why and how far."""

from __future__ import annotations

OPEN_STATUSES = (
    "OPEN",
    "FOR_TRIAGE",
    "INVESTIGATING",
    "ACTION_SCHEDULED",
    "IN_PROGRESS",
    "INTERNAL_REFERRAL",
    "REOPEN",
)
CLOSED_STATUSES = (
    "CLOSED",
    "FIXED",
    "DUPLICATE",
    "NOT_COUNCILS_RESPONSIBILITY",
    "NO_FURTHER_ACTION",
    "CANCELLED",
)
STATUSES = OPEN_STATUSES + CLOSED_STATUSES
_OTHER_WORDS = {
    "PLANNED": "ACTION_SCHEDULED",
    "CONFIRMED": "OPEN",
    "RECEIVED": "OPEN",
    "NEW": "OPEN",
    "FIXED_COUNCIL": "FIXED",
    "FIXED_USER": "FIXED",
    "UNABLE_TO_FIX": "NO_FURTHER_ACTION",
    "CANCELED": "CANCELLED",
    "REOPENED": "REOPEN",
}
"""Words of servers that are about, as FixMyStreet's own adapters meet them."""


def read_status(text: str) -> str:
    """A status as one of ours; the empty text for a word that nobody knows.

    >>> read_status("in progress"), read_status("Fixed - Council"), read_status("blue")
    ('IN_PROGRESS', 'FIXED', '')
    """
    parts = text.upper().replace("-", " ").replace("_", " ").split()
    word = "_".join(parts)
    word = _OTHER_WORDS.get(word, word)
    return word if word in STATUSES else ""


def is_open(status: str) -> bool:
    """Whether somebody still works on what has this status."""
    return status in OPEN_STATUSES


def basic(status: str) -> str:
    """GeoReport's own word: ``open`` or ``closed``."""
    return "open" if is_open(status) else "closed"
