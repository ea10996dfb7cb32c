"""What demands, wanted data and disputes have in common: whose turn, until when, who is told."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from haihe.base.actor import Actor
from haihe.base.registry import registry
from haihe.base.text import Text
from haihe.kernel.catalogue.declare import Procedure
from haihe.kernel.catalogue.errors import (
    MovedAlready,
    NotYourDepartment,
    PartyDecides,
    UnknownDispute,
    UnknownWanted,
    WithoutAuthority,
    WithoutReason,
)
from haihe.kernel.catalogue.internals.clocks import city_day, due_in
from haihe.kernel.catalogue.internals.notices import tell
from haihe.kernel.catalogue.models import Demand, Dispute, Waiting, Wanted

NAMES: dict[type, str] = {Demand: "demand", Wanted: "wanted", Dispute: "dispute"}


def procedure() -> Procedure:
    """How this city deals with demands."""
    chosen: Procedure | None = getattr(settings, "CATALOGUE_PROCEDURE", None)
    return chosen or Procedure()


def authority() -> str:
    """The code of the city's data authority; ``catalogue.without_authority``."""
    code = procedure().authority
    if not code:
        raise WithoutAuthority
    return code


def must_be_authority(by: Actor, *parties: str) -> str:
    """Refuse whoever is not of the authority, or is of one of the parties; the authority's code.

    Errors: ``catalogue.without_authority``, ``catalogue.not_your_department``,
    ``catalogue.party_decides``.
    """
    code = authority()
    if by.department != code:
        raise NotYourDepartment
    if code in parties:
        raise PartyDecides
    return code


def must_stand(row: Demand | Wanted | Dispute, *states: str) -> None:
    """Refuse (``catalogue.state.not_allowed``) what stands in another state."""
    if row.state not in states:
        raise MovedAlready(f"This is {row.state} already.")


def must_say(reason: str) -> str:
    """The reason without what surrounds it; ``catalogue.without_reason``."""
    if not reason.strip():
        raise WithoutReason
    return reason.strip()


def wait(row: Waiting, days: int) -> None:
    """So many working days from today; the row is not saved here."""
    row.due, row.due_since, row.due_days = due_in(days), city_day(), days


def rest(row: Waiting) -> None:
    """Nobody is waited for any more; the row is not saved here."""
    row.due = row.due_since = row.due_days = None


def moved(
    row: Demand | Wanted | Dispute,
    *,
    by: Actor,
    action: str,
    unit: str = "",
    note: str = "",
    units: int = 0,
) -> None:
    """Call whoever follows the procedure: what was done, who has it now, how many days more."""
    registry.call(
        "procedure_moved",
        by=by,
        what=NAMES[type(row)],
        key=row.pk,
        action=action,
        unit=unit,
        note=note,
        units=units,
    )


def say_to(row: Demand | Wanted | Dispute, department: str, event: str, title: Text) -> None:
    """Tell a department what happened, once."""
    tell(
        department,
        key=f"catalogue.{NAMES[type(row)]}:{row.pk}:{event}",
        title=title,
        text=_subject(row),
    )


def locked_wanted(given: Wanted | UUID) -> Wanted:
    """The entry as it is now, locked; ``catalogue.wanted.unknown``."""
    key = given.pk if isinstance(given, Wanted) else given
    found = Wanted.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if found is None:
        raise UnknownWanted("There is no such entry of wanted data.")
    return found


def locked_dispute(given: Dispute | UUID) -> Dispute:
    """The dispute as it is now, locked; ``catalogue.dispute.unknown``."""
    key = given.pk if isinstance(given, Dispute) else given
    found = Dispute.objects.select_for_update(of=("self",)).filter(pk=key).first()
    if found is None:
        raise UnknownDispute("There is no such dispute.")
    return found


def _subject(row: Demand | Wanted | Dispute) -> Text:
    if isinstance(row, Wanted):
        return {"zh": row.title, "en": row.title}
    demand = row.demand if isinstance(row, Dispute) else row
    return dict(demand.resource.title)
