"""What others call in snap: a case moved, and whoever reported it in their name is told; which
photos the public may see.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from haihe.base.actor import Actor
from haihe.base.text import Text
from haihe.kernel.cases.report import REPORT_TYPE
from haihe.kernel.messages import actions as messages
from haihe.systems.snap import queries
from haihe.systems.snap.models import SnapReport
from haihe.systems.snap.queries.keys import spoken

_SAID: dict[str, Text] = {
    "opening": {"zh": "已现场核实。", "en": "Somebody was there: it is so."},
    "dispatching": {"zh": "已立案，即将派遣。", "en": "It is opened as a case."},
    "handling": {"zh": "已派遣，部门处置中。", "en": "A department is at work on it."},
    "confirming": {"zh": "部门已办结，等待核查。", "en": "It was handled; it will be confirmed."},
    "answered": {"zh": "已办结，请您评价。", "en": "It is done. Please rate it."},
    "rejected": {"zh": "不予立案。", "en": "It was not opened as a case."},
    "merged": {"zh": "与同一问题的上报合并。", "en": "It was joined with a report of the same."},
}
"""What is said of each state that a report comes to; of the others nothing."""


def case_moved(*, by: Actor, case: UUID, type: str, action: str, start: str, to: str) -> None:
    """Write a message to a named reporter, in the step's transaction."""
    if type != REPORT_TYPE or start == to or to not in _SAID:
        return
    rows = SnapReport.objects.select_related("account", "case").filter(account__isnull=False)
    report = rows.filter(pk=case).first()
    if report is None or report.account is None:
        return
    number = spoken(report.number)
    messages.write(
        key=f"snap:{case}:{report.case.steps}",
        title={"zh": f"随手拍 {number}", "en": f"Report {number}"},
        text=_SAID[to],
        to=report.account,
        url=f"/snap/mine/{report.number}/",
    )


def photos_shown(*, cases: Iterable[UUID]) -> dict[UUID, list[str]]:
    """Paths of the published, blurred photos of some cases."""
    return {
        case: [reverse("snap:public_photo", args=[photo]) for photo in photos]
        for case, photos in queries.photos_shown(cases).items()
    }
