"""Departments and posts."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from haihe.base.actor import Actor
from haihe.base.text import Text
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.errors import DepartmentThere
from haihe.kernel.org.models import Department, Post


def make_department(
    *,
    by: Actor,
    code: str,
    name: Text,
    kind: str = "department",
    credit_code: str = "",
    division: str | None = None,
) -> Department:
    """Make a department. ``division`` is the code of the division that it governs.

    Errors: ``org.department.taken``.
    """
    by.must("org.department.make")
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = Department.objects.create(
                    code=code,
                    name=dict(name),
                    kind=Department.Kind(kind),
                    credit_code=credit_code,
                    division_id=division,
                )
        except IntegrityError:
            raise DepartmentThere from None
        ledger.record(by=by, kind="org.department.made", body={"department": code, "kind": kind})
    return made


def make_post(*, by: Actor, department: Department, title: Text) -> Post:
    """Make a post without permissions."""
    by.must("org.post.make")
    with transaction.atomic():
        post = Post.objects.create(department=department, title=dict(title))
        body = {"post": post.pk, "department": department.code}
        ledger.record(by=by, kind="org.post.made", body=body)
    return post
