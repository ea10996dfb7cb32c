"""The house's own pages: the door for visitors, and each reader's choice of language and type."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from haihe.base.registry import registry
from haihe.base.settings import settings as haihe_settings
from haihe.base.text import Text
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.exchange import queries as exchange
from haihe.kernel.ledger import queries as ledger
from haihe.kernel.org.models import Account, Officer
from haihe.kernel.org.queries import officer_of, posts_held
from haihe.ui.context import LARGE
from haihe.ui.doors import open_page
from haihe.ui.menu import home_of
from haihe.ui.sign_in.demo import DemoAccount, demo_accounts

YEAR_S = 365 * 24 * 3600


@open_page()
def landing(request: HttpRequest) -> HttpResponse:
    """The first page: what this is, and the ways in."""
    home = home_of(request.user) if request.user.is_authenticated else "/"
    context = {
        "demo_accounts": _demo_accounts() if haihe_settings().demo else [],
        "figures": _figures(),
        "home": home if home != "/" else "",
        "for_citizens": registry.lines("citizen"),
        "for_officers": registry.lines("officer"),
    }
    return render(request, "ui/landing.html", context)


def _demo_accounts() -> list[tuple[DemoAccount, Officer | None, list[Text]]]:
    """Demo accounts, with the department and posts of officers."""
    shown = demo_accounts()
    named = Account.objects.filter(username__in=[each.username for each in shown])
    officers = {account.username: officer_of(account) for account in named}
    return [(each, officers[each.username], _posts(officers[each.username])) for each in shown]


def _posts(officer: Officer | None) -> list[Text]:
    return [post.title for post in posts_held(officer)] if officer else []


def _figures() -> list[tuple[int, str]]:
    """What anybody may know: counted now."""
    return [
        (catalogue.search().count(), gettext("resources published")),
        (exchange.gathered_rows(), gettext("rows held")),
        (ledger.summary().size, gettext("entries in the ledger")),
    ]


@require_POST
@open_page()
def choose_language(request: HttpRequest) -> HttpResponse:
    """Speak another language from now on."""
    answer = _back(request)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        _remember(answer, settings.LANGUAGE_COOKIE_NAME, language)
    return answer


@require_POST
@open_page()
def choose_type(request: HttpRequest) -> HttpResponse:
    """Larger type (长辈模式), or the usual one."""
    answer = _back(request)
    _remember(answer, LARGE, "yes" if request.POST.get("large") == "yes" else "no")
    return answer


def _remember(answer: HttpResponse, name: str, value: str) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=YEAR_S,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
    )


def _back(request: HttpRequest) -> HttpResponse:
    """To the page that the form stood on; never to another host."""
    wanted = request.POST.get("next", "/")
    own = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return redirect(wanted if own else "/")
