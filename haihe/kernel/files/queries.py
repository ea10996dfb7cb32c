"""Reads of files: one's own, and how much is kept."""

from __future__ import annotations

from django.db.models import Count, Max, QuerySet, Sum

from haihe.base.actor import Actor
from haihe.kernel.files.models import StoredFile


def files_of(owner: Actor) -> QuerySet[StoredFile]:
    """Files that the actor stored, newest first."""
    return StoredFile.objects.filter(owner=owner.name).order_by("-made_at", "-id")


def files_on(subject: bytes) -> QuerySet[StoredFile]:
    """Files that concern a subject, newest first."""
    return StoredFile.objects.filter(subject=subject).order_by("-made_at", "-id")


def kept() -> tuple[int, int, int]:
    """How many files, how many different contents, how many bytes those take."""
    rows = StoredFile.objects.count()
    contents = StoredFile.objects.values("sha256").annotate(each=Max("size"))
    totals = contents.aggregate(count=Count("sha256"), taken=Sum("each"))
    return rows, totals["count"], totals["taken"] or 0
