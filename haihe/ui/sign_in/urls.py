"""Addresses of signing in. Allauth's pages for mail addresses are left out: accounts have none."""

from __future__ import annotations

from allauth.account import views
from django.urls import include, path

from haihe.ui.sign_in import pages

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("signup/", pages.register, name="account_signup"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("mfa/webauthn/keys/<int:pk>/remove/", pages.remove_passkey, name="mfa_remove_webauthn"),
    path("mfa/", include("allauth.mfa.urls")),
]
