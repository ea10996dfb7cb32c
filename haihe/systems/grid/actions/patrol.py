"""The patrol: consent to its points, their term, and the venues whose codes are scanned.

Points are kept only with consent; nobody but the clock ever reads them to others.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings as django_settings
from django.db import transaction

from haihe.base.actor import CLOCK, Actor
from haihe.base.clock import now
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Account
from haihe.kernel.places import queries as places
from haihe.systems.grid.declare import CONSENT_VERSION, KEEP_DAYS, MOST_POINTS, PLAN, WALK
from haihe.systems.grid.errors import NoConsent, NoGridGiven
from haihe.systems.grid.models import PatrolConsent, PatrolPoint, Venue
from haihe.systems.grid.queries.patrol import consent_of, officer_behind
from haihe.systems.grid.queries.walks import my_grids

Point = tuple[float, float, str]


@transaction.atomic
def give_consent(*, by: Actor) -> PatrolConsent:
    """Let the points of one's patrols be kept, in the words that were shown."""
    by.must(WALK)
    account = Account.objects.select_for_update().get(pk=by.name)
    standing = consent_of(account)
    if standing is not None:
        return standing
    PatrolConsent.objects.filter(account=account, withdrawn_at=None).update(withdrawn_at=now())
    given = PatrolConsent.objects.create(account=account, version=CONSENT_VERSION, given_at=now())
    ledger.record(by=by, kind="grid.consent.given", body={"version": CONSENT_VERSION})
    return given


@transaction.atomic
def withdraw_consent(*, by: Actor) -> int:
    """Withdraw it, as easily as it was given; every point kept so far is deleted now. How many."""
    by.must(WALK)
    account = Account.objects.select_for_update().get(pk=by.name)
    standing = PatrolConsent.objects.filter(account=account, withdrawn_at=None)
    if not standing.update(withdrawn_at=now()):
        return 0
    gone, _ = PatrolPoint.objects.filter(account=account).delete()
    ledger.record(by=by, kind="grid.consent.withdrawn", body={"points": gone})
    return gone


@transaction.atomic
def keep_points(*, by: Actor, points: Iterable[tuple[Point, datetime]]) -> int:
    """Keep where the worker was: only with consent, only on shift, in their grids. How many.

    A point outside the grids that they walk now is dropped: it says where they were off duty.
    Errors: ``grid.patrol.no_consent``.
    """
    by.must(WALK)
    account = Account.objects.select_for_update().get(pk=by.name)
    if consent_of(account) is None:
        raise NoConsent
    own = set(my_grids(officer_behind(by)))
    rows = []
    for (lon, lat, datum), at in list(points)[:MOST_POINTS]:
        line = places.grid_of(lon, lat, datum=datum)
        is_timely = now() - timedelta(days=1) < at <= now() + timedelta(minutes=5)
        if line is not None and line.code in own and is_timely:
            rows.append(
                PatrolPoint(account=account, grid=line.code, lon=lon, lat=lat, datum=datum, at=at)
            )
    PatrolPoint.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def forget_points(*, by: Actor = CLOCK, days: int | None = None) -> int:
    """Delete points past their term; the ledger says how many. By the clock.

    The pack's ``patrol_days`` is the term, 30 days by default.
    """
    if by.kind != "clock":
        by.must("ledger.subject.erase")
    kept = days or int(django_settings.CITY.get("patrol_days", KEEP_DAYS))
    before = now() - timedelta(days=kept)
    points, _ = PatrolPoint.objects.filter(at__lt=before).delete()
    if points:
        body = {"points": points, "days": kept}
        ledger.record(by=by, kind="grid.points.forgotten", body=body)
    return points


@transaction.atomic
def make_venue(*, by: Actor, grid: str, title: str) -> Venue:
    """Add a place of a grid where a code will hang. Errors: ``grid.venue.no_grid``."""
    by.must(PLAN)
    if not places.codes_in_force([grid]):
        raise NoGridGiven
    made = Venue.objects.create(grid=grid, title=title.strip()[:80])
    ledger.record(by=by, kind="grid.venue.made", body={"grid": grid, "venue": made.pk})
    return made
