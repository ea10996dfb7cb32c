"""Reads of messages: what stands in somebody's or a department's inbox."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from haihe.kernel.messages.models import Channel, ContactAddress, Message
from haihe.kernel.org.models import Account, Department


def inbox_of(account: Account) -> QuerySet[Message]:
    """A person's in-app messages, newest first."""
    return Message.objects.filter(
        account=account, channel=Channel.IN_APP, state=Message.State.SENT
    ).order_by("-made_at", "-id")


def inbox_of_department(department: Department) -> QuerySet[Message]:
    """A department's messages, newest first."""
    return Message.objects.filter(department=department, state=Message.State.SENT).order_by(
        "-made_at", "-id"
    )


MOST_COUNTED = 100


def inbox_of_officer(account: Account, department: str) -> QuerySet[Message]:
    """In-app messages to an officer and to their department, newest first."""
    to = Q(account=account) | Q(department=department)
    return Message.objects.filter(to, channel=Channel.IN_APP, state=Message.State.SENT).order_by(
        "-made_at", "-id"
    )


def unread_of_officer(account: Account, department: str) -> int:
    """How many of those are unread; 100 stands for more."""
    fresh = Message.objects.filter(
        channel=Channel.IN_APP, state=Message.State.SENT, read_at__isnull=True
    )
    own = fresh.filter(account=account).values("pk")[:MOST_COUNTED].count()
    theirs = fresh.filter(department=department).values("pk")[:MOST_COUNTED].count()
    return min(own + theirs, MOST_COUNTED)


def unread(account: Account) -> int:
    """How many of a person's in-app messages are unread."""
    return inbox_of(account).filter(read_at__isnull=True).count()


def channels_of(account: Account) -> list[str]:
    """Channels for which the account has an address."""
    kept = ContactAddress.objects.filter(account=account).order_by("channel")
    return list(kept.values_list("channel", flat=True))


def states() -> dict[str, int]:
    """How many messages are in each state."""
    counted = Message.objects.values_list("state").annotate(count=Count("pk"))
    return dict(counted)
