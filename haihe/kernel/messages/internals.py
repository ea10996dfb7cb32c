"""Whether a waiting message may go now, and where to; sealing of addresses."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings
from django.db import connection

from haihe.base import sealing
from haihe.base.settings import settings
from haihe.kernel.messages.declare import Limits
from haihe.kernel.messages.errors import NoAddress, NoConsent
from haihe.kernel.messages.models import ContactAddress, Message
from haihe.kernel.people import queries as people

DAY = timedelta(days=1)


def seal(value: str) -> bytes:
    """Seal an address."""
    return sealing.seal(value, key=_key(), field="messages.address")


def address_of(message: Message) -> str:
    """Where the receiver is reached; ``messages.address.none``."""
    kept = ContactAddress.objects.filter(account__messages=message, channel=message.channel).first()
    if kept is None:
        raise NoAddress
    return sealing.unseal(bytes(kept.sealed), key=_key(), field="messages.address")


def must_be_wanted(message: Message) -> None:
    """Refuse what needs a consent that does not stand; ``messages.consent.none``."""
    if not message.purpose or message.account is None:
        return
    person = people.person_of(message.account)
    if person is None or not people.has_consented(person, purpose=message.purpose):
        raise NoConsent


def may_go_at(message: Message, *, moment: datetime) -> datetime:
    """The moment from which the message may go: now, after the quiet hours, after a day."""
    if message.is_urgent:
        return moment
    limits = Limits.of(django_settings.CITY.get("messages", {}))
    local = moment.astimezone(ZoneInfo(django_settings.CITY["time_zone"]))
    if limits.is_quiet(local.time()):
        ends = local.replace(
            hour=limits.quiet_until.hour, minute=limits.quiet_until.minute, second=0, microsecond=0
        )
        return ends if ends > local else ends + DAY
    _hold_account(message)
    lately = Message.objects.filter(
        account__messages=message,
        channel=message.channel,
        is_urgent=False,
        state=Message.State.SENT,
        sent_at__gt=moment - DAY,
    ).order_by("-sent_at")
    sent = list(lately.values_list("sent_at", flat=True)[: limits.a_day])
    if len(sent) < limits.a_day or sent[-1] is None:
        return moment
    return sent[-1] + DAY


def _hold_account(message: Message) -> None:
    """Let no other worker count this account's messages until this one is sent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtext('messages'), %s::int)",
            [(message.account_id or 0) % 2**31],
        )


def _key() -> bytes:
    return sealing.key(settings().keys_path, "messages")
