"""Taking an officer's lost second factor away, so that they enrol another at the next sign-in."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.org import actions as org
from haihe.kernel.org.models import Account


def remove_factors(*, by: Actor, account: Account, password: str) -> None:
    """Remove every second factor, set a new password, end the sessions: all or nothing.

    The old password alone must not open the account while it has no second factor.
    Errors: those of ``org.actions.reset``.
    """
    with transaction.atomic():
        org.reset(by=by, account=account, password=password)
        Authenticator.objects.filter(user=account).delete()
