"""Taking the cases of an inbox out as a file: noted before the rows are answered."""

from __future__ import annotations

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.cases.errors import NotYourPart
from haihe.kernel.cases.models import Case
from haihe.kernel.cases.queries import Inbox, inbox
from haihe.kernel.ledger import actions as ledger

MOST = 5_000


@transaction.atomic
def take_out(*, by: Actor, which: Inbox, most: int = MOST) -> list[Case]:
    """The cases of an inbox that the actor may see, by due, at most so many.

    The entry says how many of which; never the words that were searched for.
    Errors: ``cases.not_your_part``, ``cases.inbox.whose``.
    """
    must_see(by=by, which=which)
    found: list[Case] = []
    after = ""
    while len(found) < most:
        page = inbox(which, after=after, size=min(500, most - len(found)))
        found += page.cases
        after = page.after
        if not after:
            break
    body = {
        "cases": len(found),
        "whole": which.whole,
        "department": which.department,
        "post": which.post,
        "type": which.type,
        "state": which.state,
        "overdue": which.overdue,
    }
    ledger.record(by=by, kind="cases.taken_out", body=body)
    return found


def must_see(*, by: Actor, which: Inbox) -> None:
    """Refuse an inbox that is not the actor's; ``cases.not_your_part``."""
    if which.whole and (by.may("cases.supervise") or by.may("cases.command")):
        return
    if which.whole or not by.may("cases.handle"):
        raise NotYourPart
    if which.department and which.department != by.department:
        raise NotYourPart
