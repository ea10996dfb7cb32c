"""Deleting what Haihe delivered, once its life or its grant is over, and proving it."""

from __future__ import annotations

from datetime import datetime, timedelta

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.settings import settings
from haihe.engine import moving
from haihe.engine.moving import PostgresTarget
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue import queries
from haihe.kernel.catalogue.models import Deletion
from haihe.kernel.exchange.internals.alone import alone
from haihe.kernel.exchange.internals.moves import delivered_rules
from haihe.kernel.exchange.models import Batch, Link


def ask_for_lives_over(*, by: Actor) -> int:
    """Ask for the deletion of delivered rows that lie with their receiver too long; how many.

    A full delivery brings all rows anew with each batch, so their life begins with the last one;
    files of changes with the last whole set, which takes the place of all before it.
    Of one by watermark it is the oldest row that counts: all are deleted, and the next batch
    brings what the grant still gives.
    """
    by.must("exchange.delivery.delete")
    held = Link.objects.filter(grant__withdrawn_at__isnull=True, grant__until__gt=now())
    asked = 0
    for link in list(held.select_related("grant", "resource").order_by("code")):
        since = _lying_since(link)
        assert link.grant is not None  # noqa: S101 - the filter's
        if since is not None and since + timedelta(days=link.grant.data_life_days) <= now():
            asked += catalogue.ask_deletion(by=by, grant=link.grant) is not None
    return asked


def _lying_since(link: Link) -> datetime | None:
    done = link.batches.filter(state=Batch.State.DONE, ended_at__isnull=False)
    emptied = Deletion.objects.filter(grant=link.grant_id, received_at__isnull=False)
    last = emptied.order_by("-received_at").values_list("received_at", flat=True).first()
    if last is not None:
        done = done.filter(ended_at__gt=last)
    if link.mode == Link.Mode.CHANGES:
        done = done.filter(export__is_whole=True)
    order = "ended_at" if link.mode == Link.Mode.WATERMARK else "-ended_at"
    return done.order_by(order).values_list("ended_at", flat=True).first()


def delete_delivered(*, by: Actor, deletion: Deletion) -> Deletion:
    """Delete what a link delivered, and give the receipt: rows and hash before, none after.

    What lay there is kept before the target commits, the receipt after the rows were counted
    again. A run that was killed between finds an empty table and the figures that it had kept.
    Errors: ``exchange.link.running``, ``catalogue.system.paused``,
    ``catalogue.state.not_allowed``, those of the target.
    """
    by.must("exchange.delivery.delete")
    link = (
        Link.objects.filter(grant=deletion.grant_id)
        .select_related("resource", "target_system")
        .first()
    )
    if link is None or link.target_system is None:
        catalogue.note_found(by=by, deletion=deletion, rows=0, content_hash=0)
        return catalogue.prove_deletion(by=by, deletion=deletion, left=0, place="")
    target = PostgresTarget(queries.address_of(link.target_system), link.target_table)
    with alone(link.code):
        emptied = moving.empty(
            target,
            delivered_rules(link),
            link=link.code,
            staging=settings().data / "staging",
            before_commit=lambda rows, content: catalogue.note_found(
                by=by, deletion=deletion, rows=rows, content_hash=content
            ),
        )
        place = f"{link.target_system_id}: {link.target_table}"
        proven = catalogue.prove_deletion(
            by=by, deletion=deletion, left=emptied.rows_after, place=place
        )
        Link.objects.filter(pk=link.pk).update(position=None)
    return proven
