"""What an officer can do with their own desk."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.db import transaction

from haihe.base.actor import Actor
from haihe.kernel.org.models import Account
from haihe.systems.desk.errors import BadView, TooManyViews
from haihe.systems.desk.models import SavedView

MOST_VIEWS = 20
_KEPT = ("view", "words", "type", "state", "category", "overdue")


@transaction.atomic
def keep_view(*, by: Actor, title: str, query: str) -> SavedView:
    """Keep an inbox with its filter under a name; one of the same name is replaced.

    Errors: ``desk.view.bad``, ``desk.view.too_many``.
    """
    words = title.strip()
    filtered = urlencode([(k, v) for k, v in parse_qsl(query) if k in _KEPT and v])
    if not 0 < len(words) <= 40 or len(filtered) > 600:
        raise BadView
    account = Account.objects.select_for_update().get(pk=by.name)
    own = SavedView.objects.filter(account=account)
    if own.count() >= MOST_VIEWS and not own.filter(title=words).exists():
        raise TooManyViews
    made, _ = SavedView.objects.update_or_create(
        account=account, title=words, defaults={"query": filtered}
    )
    return made


@transaction.atomic
def drop_view(*, by: Actor, view: int) -> None:
    """Drop one's own kept view; one that is not there, or not one's own, is left."""
    SavedView.objects.filter(pk=view, account=by.name).delete()
