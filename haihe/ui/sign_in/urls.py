"""Addresses of signing in, each behind a door: allauth's views ask for the account themselves.

Left out on purpose: allauth's pages for mail addresses and for resetting a password by mail.
"""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache

from haihe.ui.doors import View, open_page
from haihe.ui.sign_in import pages


def _page(address: str, view: View, name: str) -> URLPattern:
    return path(address, open_page()(never_cache(view)), name=name)


urlpatterns = [
    _page("login/", account.login, "account_login"),
    _page("logout/", account.logout, "account_logout"),
    _page("signup/", pages.register, "account_signup"),
    _page("inactive/", account.account_inactive, "account_inactive"),
    _page("reauthenticate/", account.reauthenticate, "account_reauthenticate"),
    _page("password/change/", account.password_change, "account_change_password"),
    _page("mfa/", factors.index, "mfa_index"),
    _page("mfa/authenticate/", factors.authenticate, "mfa_authenticate"),
    _page("mfa/reauthenticate/", factors.reauthenticate, "mfa_reauthenticate"),
    _page("mfa/totp/activate/", totp.activate_totp, "mfa_activate_totp"),
    _page("mfa/totp/deactivate/", totp.deactivate_totp, "mfa_deactivate_totp"),
    _page("mfa/recovery-codes/", recovery.view_recovery_codes, "mfa_view_recovery_codes"),
    _page(
        "mfa/recovery-codes/generate/",
        recovery.generate_recovery_codes,
        "mfa_generate_recovery_codes",
    ),
    _page(
        "mfa/recovery-codes/download/",
        recovery.download_recovery_codes,
        "mfa_download_recovery_codes",
    ),
    _page("mfa/webauthn/", passkeys.list_webauthn, "mfa_list_webauthn"),
    _page("mfa/webauthn/add/", passkeys.add_webauthn, "mfa_add_webauthn"),
    _page(
        "mfa/webauthn/reauthenticate/",
        passkeys.reauthenticate_webauthn,
        "mfa_reauthenticate_webauthn",
    ),
    _page("mfa/webauthn/keys/<int:pk>/edit/", passkeys.edit_webauthn, "mfa_edit_webauthn"),
    _page("mfa/webauthn/keys/<int:pk>/remove/", pages.remove_passkey, "mfa_remove_webauthn"),
]
