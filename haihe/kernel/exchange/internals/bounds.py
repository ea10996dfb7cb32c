"""What bounds a link besides its columns: a grant's pace, and its ban of onward use."""

from __future__ import annotations

from datetime import timedelta

from django.db.models.functions import Trim

from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Fetch
from haihe.kernel.exchange.errors import DeliveredOnce, GatheredThere, OnwardUse, TooSoon
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

    Asked when the link is made and before each run, for resources and deliveries change. An
    exception in the grant opens no second source (一数一源): whoever it names demands the rows
    of their provider. ``exchange.link.onward_use``.
    """
    system, names = link.resource.system, _names(link.resource.source_table)
    if system is None:
        return
    into = Link.objects.filter(target_table__in=names, target_system__isnull=False)
    for each in into.select_related("target_system"):
        if each.target_system and catalogue.is_same_database(each.target_system, system):
            raise OnwardUse


def must_not_be_gathered(link: Link) -> None:
    """Refuse to deliver into a table that Haihe gathers from. ``exchange.delivery.gathered``."""
    target, names = link.target_system, _names(link.target_table)
    if target is None:
        return
    gathering = Link.objects.filter(grant=None).annotate(table=Trim("resource__source_table"))
    for each in gathering.filter(table__in=names).select_related("resource__system"):
        source = each.resource.system
        if source and catalogue.is_same_database(source, target):
            raise GatheredThere


def whole_name(table: str) -> str:
    """A table of a PostgreSQL database as ``schema.table``; empty if it names none."""
    schema, dot, name = table.strip().rpartition(".")
    schema, name = schema.strip() if dot else "public", name.strip()
    return f"{schema}.{name}" if schema and name else ""


def _names(table: str) -> set[str]:
    whole = whole_name(table)
    return {whole, whole.removeprefix("public."), table.strip()}
