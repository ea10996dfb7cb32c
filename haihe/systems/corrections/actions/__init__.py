"""The verbs of corrections: the only code that writes."""

from haihe.systems.corrections.actions.arriving import check_arrival, check_arrivals
from haihe.systems.corrections.actions.deciding import (
    accept,
    appeal,
    dismiss,
    reject,
    restate,
    uphold,
    withdraw,
)
from haihe.systems.corrections.actions.raising import (
    Asked,
    Evidence,
    object_to_given,
    object_to_own,
    see_given,
    see_own,
)
from haihe.systems.corrections.actions.reading import open_evidence, read
from haihe.systems.corrections.actions.recalling import confirm
from haihe.systems.corrections.actions.retention import forget_due

__all__ = [
    "Asked",
    "Evidence",
    "accept",
    "appeal",
    "check_arrival",
    "check_arrivals",
    "confirm",
    "dismiss",
    "forget_due",
    "object_to_given",
    "object_to_own",
    "open_evidence",
    "read",
    "reject",
    "restate",
    "see_given",
    "see_own",
    "uphold",
    "withdraw",
]
