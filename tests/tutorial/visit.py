"""Run inside the tutorial's own city, in a process of its own: visits its pages, prints JSON."""

from __future__ import annotations

import json
import sys

from django.test import Client

from haihe.base.registry import registry
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org.models import Account


def client_of(name: str) -> Client:
    """A client signed in as one of the officers whom the page lets join."""
    account = Account.objects.get(username=name)
    client = Client(headers={"host": "localhost"})
    client.force_login(account, backend="haihe.ui.sign_in.backend.Backend")
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


def visit() -> dict[str, object]:
    """What the pages answer to Sam, who reads, and to Eve, the editor; what the ledger says."""
    reader, editor = client_of("sam"), client_of("eve")
    found: dict[str, object] = {"systems": sorted(registry.systems)}
    for language in ("zh-hans", "en"):
        reader.cookies["django_language"] = language
        page = reader.get("/noticeboard/")
        found[f"board {language}"] = [page.status_code, page.content.decode()]
    found["reader posts"] = reader.post("/noticeboard/post", {"text": "No"}).status_code
    found["editor posts"] = editor.post("/noticeboard/post", {"text": "Bridge closed"}).status_code
    found["editor sees"] = editor.get("/noticeboard/").content.decode()
    found["frame en"] = reader.get("/sharing/").content.decode()
    kinds = Entry.objects.filter(kind="noticeboard.notice.posted")
    found["entries"] = [[entry.department, entry.body] for entry in kinds]
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(visit()))
