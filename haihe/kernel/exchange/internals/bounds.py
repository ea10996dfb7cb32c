"""What bounds a link besides its columns: a grant's pace, and its ban of onward use."""

from __future__ import annotations

from datetime import timedelta

from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.kernel.catalogue.models import Fetch
from haihe.kernel.exchange.errors import DeliveredOnce, OnwardUse, TooSoon
from haihe.kernel.exchange.models import Batch, Link

GRACE = timedelta(minutes=10)
"""A clock that begins a run some seconds earlier than yesterday breaks no pace of a day."""


def must_be_due(link: Link) -> None:
    """Refuse a delivery that its grant does not allow yet, or no more.

    Counted from the begin of the last batch that was done; what failed delivered nothing.
    Errors: ``exchange.delivery.too_soon``, ``exchange.delivery.delivered_once``.
    """
    grant = link.grant
    if grant is None or (grant.fetching != Fetch.ONCE and not grant.every_hours):
        return
    last = link.batches.filter(state=Batch.State.DONE).order_by("-started_at").first()
    if last is None:
        return
    if grant.fetching == Fetch.ONCE:
        raise DeliveredOnce
    due = last.started_at + timedelta(hours=grant.every_hours or 0)
    if now() < due - GRACE:
        raise TooSoon(
            f"The grant allows a delivery every {grant.every_hours} hours: from {due:%c}."
        )


def is_within_its_pace(link: Link) -> bool:
    """Whether the clock may ask for a run of the link now."""
    try:
        must_be_due(link)
    except HaiheError:
        return False
    return True


def must_not_pass_on(link: Link) -> None:
    """Refuse to gather a table that Haihe delivers into: its rows would go on to others.

    An exception in the grant opens no second source (一数一源): whoever it names demands the rows
    of their provider. ``exchange.link.onward_use``.
    """
    resource = link.resource
    name = resource.source_table.strip()
    names = {name, name.removeprefix("public."), f"public.{name}"}
    delivered = Link.objects.filter(target_system=resource.system_id, target_table__in=names)
    if delivered.exists():
        raise OnwardUse
