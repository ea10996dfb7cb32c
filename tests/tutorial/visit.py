"""Run inside the tutorial's own city, in a process of its own: visits its pages, prints JSON."""

from __future__ import annotations

import json
import sys

from django.test import Client

from haihe.base.registry import registry
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org.models import Account, Officer, Post, Posting, PostPermission


def client_of(name: str, *permissions: str) -> Client:
    """A client signed in as an officer of the bureau who holds these permissions."""
    account, _ = Account.objects.get_or_create(username=name)
    officer, _ = Officer.objects.get_or_create(
        account=account, defaults={"department_id": "bureau", "name": name}
    )
    post, _ = Post.objects.get_or_create(department_id="bureau", title={"en": name})
    Posting.objects.get_or_create(officer=officer, post=post)
    for permission in permissions:
        PostPermission.objects.get_or_create(post=post, permission=permission)
    client = Client(headers={"host": "localhost"})
    client.force_login(account, backend="haihe.ui.sign_in.backend.Backend")
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


def visit() -> dict[str, object]:
    """What the pages answer to a reader and to an editor, and what the ledger says after."""
    reader, editor = client_of("reader"), client_of("editor", "noticeboard.notice.post")
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
