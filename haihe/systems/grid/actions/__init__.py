"""What is done with grids: on the round, on visits, on patrol. The only code that writes."""

from haihe.systems.grid.actions.patrol import (
    forget_points,
    give_consent,
    keep_points,
    make_venue,
    withdraw_consent,
)
from haihe.systems.grid.actions.visits import open_visit, see_contact, see_person
from haihe.systems.grid.actions.walks import check_in, forget_sent, report, take_step

__all__ = [
    "check_in",
    "forget_points",
    "forget_sent",
    "give_consent",
    "keep_points",
    "make_venue",
    "open_visit",
    "report",
    "see_contact",
    "see_person",
    "take_step",
    "withdraw_consent",
]
