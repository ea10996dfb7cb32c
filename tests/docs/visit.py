"""Run inside the howto's city, in a process of its own: the provider confirms, or looks."""

from __future__ import annotations

import json
import os
import sys

from django.test import Client

from haihe.kernel.catalogue.models import Resource
from haihe.kernel.org.models import Account

CODE = "welfare/households"


def client() -> Client:
    """The provider's officer, signed in with a second factor."""
    found = Client(headers={"host": "localhost"})
    found.force_login(
        Account.objects.get(username="wen"), backend="haihe.ui.sign_in.backend.Backend"
    )
    session = found.session
    session["second_factor"] = True
    session.save()
    found.cookies["django_language"] = "en"
    return found


def confirm() -> dict[str, object]:
    """Confirm the proposed resource on its page, as it is proposed."""
    officer = client()
    address = f"/sharing/resource/{CODE}/confirm"
    page = officer.get(address)
    values = {name: value for form in _forms(page) for name, value in _initial(form).items()}
    answer = officer.post(address, values)
    state = Resource.objects.get(pk=CODE).state
    return {"shown": page.status_code, "answered": answer.status_code, "state": state}


def _forms(page: object) -> list[object]:
    """The forms that the page's template was given, alone or in lists."""
    context = page.context.flatten() if page.context else {}  # type: ignore[attr-defined]
    given = [each for value in context.values() for each in _listed(value)]
    return [form for form in given if hasattr(form, "fields") and hasattr(form, "prefix")]


def _listed(value: object) -> list[object]:
    if isinstance(value, list | tuple):
        return [inner for each in value for inner in _listed(each)]
    return [value, *vars(value).values()] if hasattr(value, "form") else [value]


def _initial(form: object) -> dict[str, object]:
    """What a browser would send if nothing were changed."""
    sent = {}
    for bound in form:  # type: ignore[attr-defined]
        value = bound.value()
        if value not in (None, False, ""):
            sent[bound.html_name] = "on" if value is True else value
    return sent


def overview() -> dict[str, object]:
    """The overview, as the officer sees it."""
    page = client().get("/sharing/")
    return {"status": page.status_code, "text": page.content.decode()}


if __name__ == "__main__":
    chosen = {"confirm": confirm, "overview": overview}[os.environ["VISIT"]]
    sys.stdout.write(json.dumps(chosen()))
