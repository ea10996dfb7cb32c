"""Writing messages, in the transaction of what they tell of; reading them; sending one again."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import Q
from procrastinate import exceptions
from procrastinate.contrib.django import app

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import HaiheError
from haihe.base.text import Text
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.messages import internals
from haihe.kernel.messages.errors import NoReceiver, NoTransaction, NotYours
from haihe.kernel.messages.models import Channel, Message
from haihe.kernel.org.models import Account, Department

SEND = "messages.send_waiting"


def write(
    *,
    key: str,
    title: Text,
    text: Text,
    to: Account | Department,
    channel: str = "in_app",
    url: str = "",
    purpose: str = "",
    urgent: bool = False,
) -> Message:
    """Write one message; a second with the same key is the first.

    Called by other nouns' actions, which have checked their permission: must stand in their
    transaction, so that the message goes if and only if what it tells of happened. ``purpose``
    names the consent that it needs (empty: it belongs to a service that the receiver uses);
    ``urgent`` passes by quiet hours and daily limits.
    Errors: ``messages.no_transaction``, ``messages.receiver``.
    """
    if not connection.in_atomic_block:
        raise NoTransaction
    chosen = Channel(channel)
    account = to if isinstance(to, Account) else None
    department = to if isinstance(to, Department) else None
    if department and chosen != Channel.IN_APP:
        raise NoReceiver
    message = Message(
        key=key,
        account=account,
        department=department,
        channel=chosen,
        title=dict(title),
        text=dict(text),
        url=url,
        purpose=purpose,
        is_urgent=urgent,
    )
    if chosen == Channel.IN_APP:
        _show(message)
    moment = now()
    message.made_at = message.next_try_at = moment
    Message.objects.bulk_create([message], ignore_conflicts=True)
    if chosen != Channel.IN_APP:
        transaction.on_commit(_send_soon, robust=True)
    return Message.objects.get(key=key)


def mark_read(*, by: Actor, message: Message) -> None:
    """Note when the receiver, or the first officer of the department, read it."""
    _must_receive(by, message)
    with transaction.atomic():
        Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=now())


def mark_all_read(*, by: Actor) -> int:
    """Note that an officer read all of their inbox, their department's among it; how many."""
    own = Q(account=by.name) | Q(department=by.department) if by.department else Q(account=by.name)
    shown = Message.objects.filter(own, channel=Channel.IN_APP, state=Message.State.SENT)
    with transaction.atomic():
        return shown.filter(read_at__isnull=True).update(read_at=now())


def retry(*, by: Actor, message: Message) -> None:
    """Let a message that a gateway refused, or that was withheld, wait to be sent again."""
    by.must("messages.retry")
    again = Message.objects.filter(
        pk=message.pk, state__in=[Message.State.FAILED, Message.State.WITHHELD]
    ).exclude(channel=Channel.IN_APP)
    with transaction.atomic():
        if again.update(state=Message.State.WAITING, next_try_at=now()):
            body = {"message": str(message.pk), "channel": message.channel}
            ledger.record(by=by, kind="messages.retried", body=body)
            transaction.on_commit(_send_soon, robust=True)


def _must_receive(by: Actor, message: Message) -> None:
    own = message.account_id is not None and by.name == str(message.account_id)
    theirs = message.department_id is not None and by.department == message.department_id
    if not (own or theirs):
        raise NotYours


def _show(message: Message) -> None:
    """In-app messages need no gateway: they stand when the transaction does."""
    try:
        internals.must_be_wanted(message)
    except HaiheError as refusal:
        message.state, message.reason = Message.State.WITHHELD, refusal.code
    else:
        message.state, message.sent_at = Message.State.SENT, now()


def _send_soon() -> None:
    """Wake the job; if that fails it comes by the clock within a minute."""
    try:
        app.configure_task(SEND, queueing_lock=SEND).defer()
    except exceptions.AlreadyEnqueued:
        return
