"""What patrols and visits ask: whose round it is, what was consented to, which grids were seen."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from haihe.base.actor import Actor
from haihe.base.text import Text
from haihe.kernel.cases import queries as cases
from haihe.kernel.cases.models import Case
from haihe.kernel.org import queries as org
from haihe.kernel.org.duty import absences_covered_by, grids_of_post
from haihe.kernel.org.models import Account, Officer, Post
from haihe.kernel.places import queries as places
from haihe.kernel.places.queries import today
from haihe.systems.grid.declare import CONSENT_VERSION
from haihe.systems.grid.errors import NotYourGrid
from haihe.systems.grid.models import PatrolConsent, Visit

LATELY = 200


@dataclass(frozen=True)
class Covered:
    """A grid and how often somebody was there today; of whom is not kept."""

    code: str
    name: Text
    times: int


def officer_behind(by: Actor) -> Officer:
    """The officer who acts; ``grid.round.not_yours``."""
    account = Account.objects.filter(pk=by.name).first() if by.name.isdecimal() else None
    found = org.officer_of(account) if account else None
    if found is None:
        raise NotYourGrid
    return found


def posts_of(officer: Officer) -> list[Post]:
    """Posts that an officer holds, then those that they stand in for."""
    found = [*org.posts_held(officer)]
    for away in absences_covered_by(officer):
        found += org.posts_held(away.officer)
    return found


def grids_of(officer: Officer) -> list[str]:
    """Codes of the grids of an officer's posts, on shift or not."""
    return sorted({code for post in posts_of(officer) for code in grids_of_post(post)})


def post_working(officer: Officer, grid: str) -> Post | None:
    """The officer's post that works a grid."""
    return next((p for p in posts_of(officer) if grid in grids_of_post(p)), None)


def consent_of(account: Account) -> PatrolConsent | None:
    """The worker's standing consent to the wording that is asked now."""
    return PatrolConsent.objects.filter(
        account=account, withdrawn_at=None, version=CONSENT_VERSION
    ).first()


def coverage_today(prefix: str = "") -> list[Covered]:
    """Every grid in force with how often somebody checked in there today, by code."""
    times = dict(Visit.objects.filter(day=today()).values_list("grid", "times"))
    return [
        Covered(line.code, line.name, times.get(line.code, 0))
        for line in places.grid_index().lines
        if line.code.startswith(prefix)
    ]


def usual_items(officer: Officer, *, most: int = 3) -> list[str]:
    """Codes of the items reported most in the officer's grids; else the first of the list."""
    known = [each.pk for each in cases.items()]
    lately = Case.objects.filter(grid__in=grids_of(officer)).order_by("-opened_at")
    seen = lately.values_list("category", flat=True)[:LATELY]
    counted = [code for code, _ in Counter(c for c in seen if c in set(known)).most_common(most)]
    return [*counted, *(code for code in known if code not in counted)][:most]
