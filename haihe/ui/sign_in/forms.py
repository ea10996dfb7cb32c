"""Forms of signing in: codes are counted like passwords; citizens register with their number."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import validate_totp_code
from django import forms
from django.utils.translation import gettext_lazy as _

from haihe.base.settings import settings
from haihe.kernel.org.actions import tries
from haihe.kernel.org.models import Account
from haihe.ui.sign_in.adapter import MfaAdapter
from haihe.ui.sign_in.demo import demo_code


class _Counted(forms.Form):
    """Counts a try before the code is looked at; five wrong ones close it for a while."""

    user: Account
    authenticator: Authenticator

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if settings().demo and self.user.is_demo:
            shown = _("In this demonstration the code is now {code}.")
            self.fields["code"].help_text = shown.format(code=demo_code(self.user.username))

    def clean_code(self) -> str:
        """The code; refused alike when wrong, used before, or tried too often."""
        if not tries.count_code_try(account=self.user):
            raise get_adapter().validation_error("too_many_login_attempts")
        code = self._demo_code() or self._checked_code()
        tries.code_succeeded(account=self.user)
        return code

    def _checked_code(self) -> str:
        try:
            return str(super().clean_code())  # type: ignore[misc]
        except forms.ValidationError:
            tries.try_failed(account=self.user)
            raise

    def _demo_code(self) -> str:
        """A demo account's code may be used again within its half minute: the page shows it."""
        if not (settings().demo and self.user.is_demo):
            return ""
        code = str(self.cleaned_data["code"])
        totp = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).first()
        if totp is None or not validate_totp_code(MfaAdapter().decrypt(totp.data["secret"]), code):
            return ""
        self.authenticator = totp
        return code


class CountedAuthenticateForm(_Counted, AuthenticateForm):
    """The second step of signing in."""


class CountedReauthenticateForm(_Counted, ReauthenticateForm):
    """The second factor again, before something grave."""


class SignInForm(LoginForm):
    """Name and password, the name called as on every other page."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Sign-in name")


class RegistrationForm(forms.Form):
    """A citizen opens an account and says who they are."""

    username = forms.CharField(
        label=_("Sign-in name"),
        min_length=3,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    number = forms.CharField(
        label=_("Identity number"),
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    password1 = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, object]:
        """Both passwords must be the same."""
        given = super().clean() or {}
        if given.get("password1") != given.get("password2"):
            self.add_error("password2", _("The two passwords differ."))
        return given
