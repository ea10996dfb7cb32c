"""What other nouns call in cases."""

from __future__ import annotations

from django.db.models import Q

from haihe.base.actor import Actor
from haihe.kernel.cases.internals.given import Given
from haihe.kernel.cases.internals.handing import hand_all


def officer_leaves(*, by: Actor, officer: int) -> None:
    """An officer leaves: their open cases go back to their department's inbox, none is lost."""
    hand_all(Q(officer=officer), by=by, to=Given(), body={"from_officer": officer})
