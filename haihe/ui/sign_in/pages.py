"""Registering as a citizen; all other pages of signing in are allauth's under our templates."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import remove_webauthn
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from haihe.base.actor import Actor
from haihe.base.errors import HaiheError
from haihe.kernel.org import actions as org
from haihe.kernel.org.actions import tries
from haihe.kernel.org.errors import LastFactor
from haihe.kernel.org.models import Account
from haihe.kernel.people import actions as people
from haihe.kernel.people.declare import BY_NUMBER
from haihe.ui.failures import told
from haihe.ui.menu import home_of
from haihe.ui.sign_in.adapter import WRONG, MfaAdapter
from haihe.ui.sign_in.address import address_of
from haihe.ui.sign_in.forms import RegistrationForm

_FIELD_OF = {
    "org.account.taken": "username",
    "org.account.bad_name": "username",
    "org.account.weak_password": "password1",
    "people.number.bad": "number",
    "people.name.bad": "name",
}


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password1", "password2", "number", "name")
def register(request: HttpRequest) -> HttpResponse:
    """Open an account, join it to the person by number and name, and sign in."""
    if request.user.is_authenticated:
        return redirect(home_of(request.user))
    form = RegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = _register(request, form)
        if account is not None:
            get_adapter().login(request, account)
            return redirect(home_of(account))
    status = 422 if form.errors else 200
    return render(request, "account/signup.html", {"form": form}, status=status)


def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Allauth's page, save that an officer keeps at least one second factor.

    Errors: ``org.second_factor.last``.
    """
    if request.method == "POST" and request.user.is_authenticated:
        key = get_object_or_404(Authenticator, pk=pk, user=request.user)
        if not MfaAdapter().can_delete_authenticator(key):
            raise LastFactor
    answer: HttpResponse = remove_webauthn(request, pk=pk)
    return answer


def _register(request: HttpRequest, form: RegistrationForm) -> Account | None:
    if not tries.count_registration(address=address_of(request)):
        form.add_error(None, WRONG)
        return None
    given = form.cleaned_data
    try:
        with transaction.atomic():
            account = org.register_account(username=given["username"], password=given["password1"])
            people.register_person(
                by=Actor(kind="citizen", name=str(account.pk)),
                number=given["number"],
                name=given["name"],
                scheme=settings.CITY["person_scheme"],
                account=account,
                proofing=BY_NUMBER,
            )
    except HaiheError as refusal:
        words = told(refusal)
        said = (words.message, words.detail, words.hint)
        form.add_error(_FIELD_OF.get(refusal.code), " ".join(part for part in said if part))
        return None
    return account
