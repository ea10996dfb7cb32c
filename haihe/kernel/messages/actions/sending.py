"""Sending what waits. One worker holds a message while it sends it; its key bars a repeat.

A worker that dies between the gateway's answer and its own commit sends the message again under
the same key, which the gateway has seen.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from haihe.base.actor import CLOCK
from haihe.base.clock import now
from haihe.base.text import in_language
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.messages import internals
from haihe.kernel.messages.errors import (
    GatewayDown,
    GatewayRefused,
    NoAddress,
    NoConsent,
    NoGateway,
)
from haihe.kernel.messages.gateways import Envelope, gateway_of
from haihe.kernel.messages.models import Message
from haihe.kernel.people import queries as people

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
KEEP = timedelta(days=400)


def send_waiting(*, most: int = 500) -> int:
    """Send what waits and may go now, oldest first, at most so many; how many were sent.

    A channel whose gateway is down is left alone for the rest of this run.
    """
    down: set[str] = set()
    sent = 0
    for _ in range(most):
        with transaction.atomic():
            message = _next(down)
            if message is None:
                break
            sent += _send(message, down)
    return sent


def forget_old() -> int:
    """Delete messages older than 400 days, save those that wait; how many went."""
    old = Message.objects.filter(made_at__lt=now() - KEEP)
    gone, _ = old.exclude(state=Message.State.WAITING).delete()
    return gone


def wait_after(tries: int) -> timedelta:
    """How long to wait after so many failed tries: doubled each time, an hour at most."""
    doubled: int = 2 ** min(tries, 10)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def _next(down: set[str]) -> Message | None:
    waiting = Message.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        state=Message.State.WAITING, next_try_at__lte=now()
    )
    waiting = waiting.exclude(channel__in=down).select_related("account")
    return waiting.order_by("next_try_at", "id").first()


def _send(message: Message, down: set[str]) -> bool:
    moment = now()
    try:
        internals.must_be_wanted(message)
        gateway = gateway_of(message.channel)
        address = internals.address_of(message)
        goes_at = internals.may_go_at(message, moment=moment)
        if goes_at > moment:
            _keep(message, next_try_at=goes_at)
            return False
        gateway.send(_envelope(message, address))
    except GatewayDown as fault:
        down.add(message.channel)
        wait = wait_after(message.tries)
        _keep(message, tries=F("tries") + 1, next_try_at=moment + wait, reason=fault.code)
        return False
    except (NoConsent, NoAddress, NoGateway) as refusal:
        _keep(message, state=Message.State.WITHHELD, reason=refusal.code)
        return False
    except GatewayRefused as refusal:
        _keep(message, state=Message.State.FAILED, reason=refusal.code)
        _record(message, "messages.failed")
        return False
    _keep(message, state=Message.State.SENT, sent_at=now(), reason="")
    _record(message, "messages.sent")
    return True


def _envelope(message: Message, address: str) -> Envelope:
    language = message.account.language if message.account else "zh-hans"
    return Envelope(
        key=message.key,
        channel=message.channel,
        to=address,
        title=in_language(message.title, language),
        text=in_language(message.text, language),
        url=message.url,
    )


def _keep(message: Message, **changed: object) -> None:
    Message.objects.filter(pk=message.pk).update(**changed)


def _record(message: Message, kind: str) -> None:
    person = people.person_of(message.account) if message.account else None
    ledger.record(
        by=CLOCK,
        kind=kind,
        purpose=message.purpose,
        subject=people.subject_key(person) if person else None,
        body={"message": str(message.pk), "channel": message.channel},
    )
