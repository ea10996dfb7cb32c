"""Demo accounts: made in demo mode only, refused everywhere else, also when they exist."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from time import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.db import transaction

from haihe.base import sealing
from haihe.base.actor import Actor
from haihe.base.settings import settings
from haihe.kernel.org import actions as org
from haihe.kernel.org.errors import NotDemo
from haihe.kernel.org.models import Account

_PERIOD = 30


@dataclass(frozen=True)
class DemoAccount:
    """One demo account as the sign-in page shows it. ``code``: the one-time code of now, or ""."""

    username: str
    is_officer: bool
    code: str
    seconds_left: int


def make_demo_account(
    *, by: Actor, username: str, password: str, language: str = "zh-hans", factor: bool = True
) -> Account:
    """Make an account with a known second factor (``factor``: officers need one).

    Errors: ``org.demo.off`` outside demo mode; those of ``org.actions.make_account``.
    """
    if not settings().demo:
        raise NotDemo
    with transaction.atomic():
        account = org.make_account(by=by, username=username, password=password, language=language)
        account.is_demo = True
        account.save(update_fields=["is_demo"])
        if factor:
            TOTP.activate(account, demo_secret(username))
    return account


def demo_secret(username: str) -> str:
    """The TOTP secret (base 32) of a demo account: the same at each start, none outside demo mode.

    Errors: ``org.demo.off``.
    """
    if not settings().demo:
        raise NotDemo
    key = sealing.key(settings().keys_path, "demo")
    digest = hmac.new(key, username.lower().encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:20]).decode()


def demo_code(username: str, *, at: float | None = None) -> str:
    """The one-time code that a demo account's authenticator shows now; ``org.demo.off``."""
    counter = int(time() if at is None else at) // _PERIOD
    return str(format_hotp_value(hotp_value(demo_secret(username), counter)))


def demo_accounts() -> list[DemoAccount]:
    """Every demo account with its code of now, in the order they were made; ``org.demo.off``."""
    if not settings().demo:
        raise NotDemo
    left = _PERIOD - int(time()) % _PERIOD
    accounts = Account.objects.filter(is_demo=True, is_active=True).order_by("pk")
    enrolled: Mapping[int, bool] = dict.fromkeys(
        Authenticator.objects.filter(user__in=accounts, type=Authenticator.Type.TOTP).values_list(
            "user_id", flat=True
        ),
        True,
    )
    return [
        DemoAccount(
            username=account.username,
            is_officer=hasattr(account, "officer"),
            code=demo_code(account.username) if account.pk in enrolled else "",
            seconds_left=left,
        )
        for account in accounts.select_related("officer")
    ]
