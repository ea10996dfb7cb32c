"""Counting tries to sign in, in the database, so that all processes count together.

A try is counted *before* the password is looked at: a hundred at once get no more than five looks.
Names that no account bears are counted alike, and nothing here answers differently for them.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from haihe.base import sealing
from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.settings import settings
from haihe.kernel.ledger import actions as ledger
from haihe.kernel.org.models import Account, Tries, plain_name

NAME_LIMIT = 5
ADDRESS_LIMIT = 50
LOCK = timedelta(minutes=15)
KEEP = timedelta(days=1)


def count_try(*, name: str, address: str) -> bool:
    """Count one try of a name from an address; whether the password may be looked at.

    Five wrong ones in a row lock a name, fifty within a quarter of an hour an address, for a
    quarter of an hour each.
    """
    with transaction.atomic():
        name_free = _count(_name_key(name), limit=NAME_LIMIT)
        address_free = _count(_key("address", address), limit=ADDRESS_LIMIT, within=LOCK)
    return name_free and address_free


def count_code_try(*, account: Account) -> bool:
    """Count one try of an account's second factor; whether the code may be looked at."""
    return _count(_key("code", str(account.pk)), limit=NAME_LIMIT)


def count_registration(*, address: str) -> bool:
    """Count one registration from an address: fifty within a quarter of an hour."""
    return _count(_key("registration", address), limit=ADDRESS_LIMIT, within=LOCK)


def try_failed(*, account: Account | None) -> None:
    """Enter a failed try in the ledger: the account's id, or that there is none; no name."""
    by = Actor(kind="visitor", name=str(account.pk) if account else "unknown")
    with transaction.atomic():
        ledger.record(by=by, kind="org.sign_in_failed")


def try_succeeded(*, name: str, address: str) -> None:
    """The password was right: the name's count starts anew, the address gets its try back."""
    _free(_name_key(name))
    Tries.objects.filter(key=_key("address", address), count__gt=0).update(
        count=F("count") - 1, locked_until=None
    )


def code_succeeded(*, account: Account) -> None:
    """The second factor was right: its count starts anew."""
    _free(_key("code", str(account.pk)))


def signed_in(*, account: Account, factors: int) -> None:
    """Enter a sign-in in the ledger, with how many factors were shown."""
    _record(account, "org.signed_in", {"factors": factors})


def signed_out(*, account: Account) -> None:
    """Enter a sign-out in the ledger."""
    _record(account, "org.signed_out", {})


def password_changed(*, account: Account) -> None:
    """Enter in the ledger that an account's holder changed its password."""
    _record(account, "org.password.changed", {"account": account.pk})


def second_factor_changed(*, account: Account, change: str) -> None:
    """Enter in the ledger that a second factor was added or removed."""
    _record(account, "org.second_factor.changed", {"change": change})


def forget_tries() -> int:
    """Delete counts that nothing was added to for a day; how many went."""
    gone, _ = Tries.objects.filter(seen_at__lt=now() - KEEP).delete()
    return gone


def _record(account: Account, kind: str, body: dict[str, object]) -> None:
    officer = getattr(account, "officer", None)
    by = Actor(
        kind="officer" if officer else "citizen",
        name=str(account.pk),
        department=officer.department_id if officer else "",
    )
    with transaction.atomic():
        ledger.record(by=by, kind=kind, body=body)


def _name_key(name: str) -> bytes:
    return _key("name", plain_name(name).lower())


def _key(sort: str, value: str) -> bytes:
    key = sealing.key(settings().keys_path, "sign_in")
    return hmac.new(key, f"{sort}:{value}".encode(), hashlib.sha256).digest()[:16]


def _free(key: bytes) -> None:
    Tries.objects.filter(key=key).update(count=0, locked_until=None)


def _count(key: bytes, *, limit: int, within: timedelta | None = None) -> bool:
    moment = now()
    with transaction.atomic():
        # Makes the row or touches it: either way it is there, and ours until we commit.
        Tries.objects.bulk_create(
            [Tries(key=key, since=moment, seen_at=moment)],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["seen_at"],
        )
        tries = Tries.objects.get(key=key)
        if tries.locked_until and tries.locked_until > moment:
            return False
        over = within is not None and tries.since + within < moment
        if tries.locked_until or over:
            tries.count = 0
        if within is None or over or tries.locked_until:
            tries.since = moment
        tries.count += 1
        tries.locked_until = moment + LOCK if tries.count >= limit else None
        tries.save(update_fields=["count", "since", "locked_until"])
    return True
