"""Whether this process was asked to end: work that takes turns without end looks, and stops."""

from __future__ import annotations

from threading import Event

ENDING = Event()
"""Set once, by whoever hears the signal; waiting for it is how such work rests between turns."""
