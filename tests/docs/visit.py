"""Run inside the howto's city, in a process of its own: the provider confirms, or looks."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from django.test import Client
from django.test.utils import setup_test_environment

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
    setup_test_environment()  # lets the forms of an answer be read
    officer = client()
    address = f"/sharing/catalogue/confirm/{CODE}"
    page = officer.get(address)
    values = {name: value for form in _forms(page) for name, value in _initial(form).items()}
    answer = officer.post(address, values)
    state = Resource.objects.get(pk=CODE).state
    return {
        "shown": page.status_code,
        "answered": answer.status_code,
        "state": state,
        "errors": [str(form.errors) for form in _forms(answer)],
    }


def _forms(page: Any) -> list[Any]:
    """The forms of the page: the resource's, then one a column."""
    if page.context is None or "form" not in page.context:
        return []
    return [page.context["form"], *(row[1] for row in page.context["rows"])]


def _initial(form: Any) -> dict[str, object]:
    """What a browser would send if nothing were changed."""
    sent = {}
    for bound in form:
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
