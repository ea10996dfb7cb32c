"""Handing over what an officer or a post holds, in one action."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from haihe.base.actor import Actor
from haihe.kernel.cases.errors import HandedToNobody
from haihe.kernel.cases.internals.given import Given
from haihe.kernel.cases.internals.handing import hand_all


@transaction.atomic
def hand_over(
    *,
    by: Actor,
    from_officer: int | None = None,
    from_post: int | None = None,
    department: str = "",
    post: int | None = None,
    officer: int | None = None,
) -> int:
    """Put all open cases of an officer or post into other hands; how many.

    To an officer or post of the same department, or to another department, whose the lead's task
    then is too; to nobody named: back to the department's inbox.
    Errors: ``cases.hand_over.nobody``, ``cases.assignee.bad``, ``cases.department.unknown``.
    """
    by.must("cases.hand_over")
    is_same = (from_officer, from_post) in {(officer, None), (None, post)}
    if (from_officer is None) == (from_post is None) or is_same:
        raise HandedToNobody
    which = Q(officer=from_officer) if from_post is None else Q(post=from_post)
    to = Given(department=department, post=post, officer=officer)
    body = {"from_officer": from_officer, "from_post": from_post, "to": department,
            "to_post": post, "to_officer": officer}  # fmt: skip
    return hand_all(which, by=by, to=to, body=body)
