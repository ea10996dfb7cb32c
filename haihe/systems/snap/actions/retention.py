"""What ends by the clock: unsent photos, and what is personal of reports whose term is over."""

from __future__ import annotations

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.kernel.files import actions as files
from haihe.kernel.ledger import actions as ledger
from haihe.systems.snap.actions.limits import forget_tallies
from haihe.systems.snap.declare import KEEP, KEEP_UNSENT
from haihe.systems.snap.models import Follower, SnapPhoto, SnapReport

MOST = 5000


def forget_due(*, by: Actor) -> int:
    """Delete unsent photos, old counts, and photos, phones and secrets past their term.

    A report's term begins with its case's end; one that is re-opened starts anew. How many
    reports were forgotten.
    """
    by.must("files.drop")
    unsent = SnapPhoto.objects.filter(report=None, receipt=None, made_at__lt=now() - KEEP_UNSENT)
    for photo in unsent.select_related("original", "blurred").order_by("made_at")[:MOST]:
        _drop(by, photo)
    forget_tallies()
    due = SnapReport.objects.filter(forgotten_at=None, case__ended_at__lt=now() - KEEP)
    keys = list(due.order_by("made_at").values_list("pk", flat=True)[:MOST])
    for key in keys:
        _forget(by, key)
    return len(keys)


@transaction.atomic
def _forget(by: Actor, key: object) -> None:
    report = SnapReport.objects.select_for_update().get(pk=key)
    for photo in report.photos.select_related("original", "blurred"):
        _drop(by, photo)
    report.phone_sealed = report.token_hash = report.account = None
    report.forgotten_at = now()
    report.save(update_fields=["phone_sealed", "token_hash", "account", "forgotten_at"])
    Follower.objects.filter(case=report.case_id).delete()
    ledger.record(by=by, kind="snap.report.forgotten", body={"case": str(report.case_id)})


@transaction.atomic
def _drop(by: Actor, photo: SnapPhoto) -> None:
    """Both files of a photo; its row goes with the original."""
    if photo.blurred is not None:
        files.drop(by=by, file=photo.blurred)
    files.drop(by=by, file=photo.original)
