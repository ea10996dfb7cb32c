"""Passkeys in a real browser, with its virtual authenticator."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from haihe.kernel.ledger.models import Entry
from haihe.kernel.org import actions
from tests import needs
from tests.org import builders

PASSWORD = "a long enough word"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
TOUCH_ID = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def give_authenticator(context: BrowserContext, page: Page) -> None:
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": TOUCH_ID})


def sign_in(page: Page, home: str) -> None:
    page.goto(f"{home}/account/login/")
    page.fill("[name=login]", "warden")
    page.fill("[name=password]", PASSWORD)
    page.click("main form button")
    page.wait_for_url("**/mfa/authenticate/")


@needs.chromium
@pytest.mark.django_db(transaction=True)
def test_a_passkey_stands_in_for_the_code(
    live_server: LiveServer, settings, chromium: Browser
) -> None:  # type: ignore[no-untyped-def]
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    officer = actions.join(
        by=builders.founder(),
        account=builders.account("warden", PASSWORD),
        department=builders.department(),
        name="W. Arden",
    )
    TOTP.activate(officer.account, SECRET)
    home = live_server.url
    context = chromium.new_context()
    page = context.new_page()
    give_authenticator(context, page)
    sign_in(page, home)
    assert page.locator("#mfa_webauthn_authenticate").count() == 0
    page.fill("[name=code]", str(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))))
    page.click("main form button")
    page.wait_for_url(lambda url: "authenticate" not in url)
    page.goto(f"{home}/account/mfa/webauthn/add/")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/")
    page.goto(f"{home}/account/logout/")
    page.click("main form button")
    page.wait_for_url(f"{home}/")
    sign_in(page, home)
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url(lambda url: "authenticate" not in url)
    context.close()
    kinds = list(Entry.objects.filter(kind="org.signed_in").values_list("body", flat=True))
    assert kinds == [{"factors": 2}, {"factors": 2}]
    changes = Entry.objects.filter(kind="org.second_factor.changed").values_list("body", flat=True)
    assert {change["change"] for change in changes} >= {"webauthn_added"}
