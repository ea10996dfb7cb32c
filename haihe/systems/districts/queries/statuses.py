"""How a case stands, as it is told outside; and what an outer word means for it here."""

from __future__ import annotations

from haihe.edges.open311 import is_open, read_status
from haihe.kernel.cases.models import Case
from haihe.systems.districts.declare import STATE_OF_STATUS, STATUS_OF_STATE, Platform


def status_of(case: Case) -> str:
    """A case's status in Open311's extended words."""
    return STATUS_OF_STATE.get(case.state, "OPEN")


def heard(status: str, platform: Platform | None = None) -> str:
    """A platform's word as a status of ours; empty for one that nobody knows."""
    mapped = platform.statuses.get(status, "") if platform else ""
    return mapped or read_status(status)


def target_of(case: Case, status: str, *, is_exact: bool = True) -> str:
    """The state that a status asks for; empty where the case stands so already.

    ``is_exact`` False: only ``open`` or ``closed`` is known, which says nothing of how far it is.
    """
    if not status or status == status_of(case):
        return ""
    known = status_of(case)
    if not is_exact and is_open(known) == is_open(status):
        return ""
    if is_open(known) == is_open(status) and STATE_OF_STATUS[status] == case.state:
        return ""
    if status == "CLOSED" and not is_open(known):
        return ""
    if status == "OPEN" and not is_exact and not is_open(known):
        return STATE_OF_STATUS["REOPEN"]
    return STATE_OF_STATUS[status]
