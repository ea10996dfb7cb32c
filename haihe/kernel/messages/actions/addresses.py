"""Where people are reached: kept sealed, set and removed by themselves or at a counter."""

from __future__ import annotations

import re

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.messages import internals
from haihe.kernel.messages.errors import BadContact, NotYours
from haihe.kernel.messages.models import Channel, ContactAddress
from haihe.kernel.org.models import Account

_SHAPES = {
    Channel.SMS: re.compile(r"\+?[0-9]{5,15}"),
    Channel.WECHAT: re.compile(r"[A-Za-z0-9_-]{6,64}"),
    Channel.MAIL: re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,190}\.[^@\s,;<>\".]{2,}"),
}


def set_address(*, by: Actor, account: Account, channel: str, address: str) -> None:
    """Keep where an account is reached through a channel; the one before is forgotten.

    Errors: ``messages.address.bad``, ``messages.not_yours``.
    """
    _must_be(by, account)
    shape = _SHAPES.get(Channel(channel))
    address = address.strip().replace(" ", "")
    if shape is None or not shape.fullmatch(address):
        raise BadContact
    with transaction.atomic():
        ContactAddress.objects.update_or_create(
            account=account, channel=channel, defaults={"sealed": internals.seal(address)}
        )
        body = {"account": account.pk, "channel": channel}
        ledger.record(by=by, kind="messages.address.set", body=body)


def remove_address(*, by: Actor, account: Account, channel: str) -> None:
    """Forget where an account is reached through a channel."""
    _must_be(by, account)
    with transaction.atomic():
        gone, _ = ContactAddress.objects.filter(account=account, channel=channel).delete()
        if gone:
            body = {"account": account.pk, "channel": channel}
            ledger.record(by=by, kind="messages.address.removed", body=body)


def _must_be(by: Actor, account: Account) -> None:
    if by.name == str(account.pk):
        return
    if by.kind == "citizen":
        raise NotYours
    by.must("messages.address.set")
