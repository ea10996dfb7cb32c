"""What every page's template may use."""

from __future__ import annotations

from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, object]:
    """Values for the frame of every page."""
    return {}
