"""Moments as GeoReport writes them: ISO 8601 by the W3C note, always with their zone."""

from __future__ import annotations

from datetime import UTC, datetime


def write_moment(moment: datetime | None) -> str:
    """A moment in UTC, with parts of a second only where it has any; nothing for None.

    >>> write_moment(datetime(2026, 11, 25, 8, 30, tzinfo=UTC))
    '2026-11-25T08:30:00Z'
    """
    return "" if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_moment(text: str) -> datetime | None:
    """A moment, in UTC; None for what is none, or lacks the zone that the format demands.

    >>> read_moment("1994-11-05T08:15:30-05:00")
    datetime.datetime(1994, 11, 5, 13, 15, 30, tzinfo=datetime.timezone.utc)
    >>> read_moment("1994-11-05T08:15:30") is None
    True
    """
    try:
        found = datetime.fromisoformat(text.strip())
        return None if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
