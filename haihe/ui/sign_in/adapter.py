"""Allauth's questions, answered by org: where to go, what to enter in the ledger, how to seal."""

from __future__ import annotations

import base64
from time import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from haihe.base import sealing
from haihe.base.settings import settings
from haihe.kernel.org import queries
from haihe.kernel.org.actions import tries
from haihe.kernel.org.models import Account
from haihe.ui.menu import home_of
from haihe.ui.sign_in.address import address_of
from haihe.ui.sign_in.notices import note_change

BACKEND = "haihe.ui.sign_in.backend.Backend"
WRONG = _("This name and password don't fit, or there were too many tries. Wait a while.")


class AccountAdapter(DefaultAccountAdapter):
    """How accounts sign in and out here."""

    error_messages = {  # noqa: RUF012 - allauth's own form
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "too_many_login_attempts": WRONG,
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """The client's address."""
        return address_of(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The account's home."""
        return home_of(request.user)

    def set_password(self, user: Account, password: str) -> None:
        """Keep a password that its holder has chosen: nobody else knows it."""
        user.has_given_password = False
        super().set_password(user, password)

    def login(self, request: HttpRequest, user: Account) -> None:
        """Begin the session; it stands in the ledger with the number of factors shown."""
        records = get_authentication_records(request, user)
        factors = len({record["method"] for record in records} & {"password", "mfa"})
        user.backend = BACKEND
        super().login(request, user)
        tries.signed_in(account=user, factors=max(factors, 1))

    def logout(self, request: HttpRequest) -> None:
        """End the session; it stands in the ledger."""
        account = request.user
        logout(request)
        if isinstance(account, Account):
            tries.signed_out(account=account)

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        """Whether to ask again before a grave change: not just after signing in."""
        request = context.request
        since = time() - django_settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(request, request.user)
        return not any(record["at"] > since for record in records)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing extra: the page after says where one is."""

    def send_notification_mail(
        self, template_prefix: str, user: Account, *_: Any, **__: Any
    ) -> None:
        """Allauth's mail of a change: entered in the ledger, told in the app and where it rings."""
        note_change(user, change=template_prefix.rpartition("/")[2])


class MfaAdapter(DefaultMFAAdapter):
    """How second factors are kept: their secrets sealed."""

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return base64.b64encode(sealing.seal(text, key=_key(), field="mfa.secret")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret; ``sealing.cannot_open``."""
        sealed = base64.b64decode(encrypted_text)
        return sealing.unseal(sealed, key=_key(), field="mfa.secret")

    def get_totp_issuer(self) -> str:
        """What an authenticator app shows as the issuer."""
        return str(django_settings.CITY_NAME)

    def generate_authenticator_name(self, user: Account, type: str) -> str:
        """What a new passkey is called until its holder says otherwise."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey") if number == 1 else f"{gettext('Passkey')} {number}"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """An officer keeps at least one second factor; a citizen may go without."""
        if not queries.is_officer(authenticator.user):
            return True
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        return others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def _key() -> bytes:
    return sealing.key(settings().keys_path, "mfa")
