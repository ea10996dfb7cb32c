"""Whether a name and a password belong to an account that may sign in.

One path for every answer: the same rows are written and one password is hashed whether the name
is known, unknown, locked or closed.
"""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, check_password
from django.http import HttpRequest

from haihe.base.settings import settings
from haihe.kernel.org import queries
from haihe.kernel.org.actions import tries
from haihe.kernel.org.models import Account
from haihe.ui.sign_in.address import address_of

UNKNOWN = UNUSABLE_PASSWORD_PREFIX
"""Stands in where no account bears the name: hashed like any, fits nothing."""


class Backend(BaseBackend):
    """Django's authentication backend over ``org.Account``."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_: object,
    ) -> Account | None:
        """The account, or None for every reason alike."""
        if not username or not password:
            return None
        address = address_of(request)
        is_free = tries.count_try(name=username, address=address)
        account = queries.account_named(username)
        is_right = check_password(password, account.password if account else UNKNOWN)
        if account and is_free and is_right and may_sign_in(account):
            tries.try_succeeded(name=username, address=address)
            return account
        if is_free:
            tries.try_failed(account=account)
        return None

    def get_user(self, user_id: int) -> Account | None:
        """The account of a session; None ends the session of one that may no longer sign in."""
        account = Account.objects.filter(pk=user_id).first()
        return account if account and may_sign_in(account) else None


def may_sign_in(account: Account) -> bool:
    """Whether the account is open, not locked, and no demo account outside demo mode."""
    is_open = account.is_active and account.locked_at is None
    return is_open and (settings().demo or not account.is_demo)
