"""A city with reports at every desk: riverton, its grids, and an officer for each part."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from haihe.base.actor import Actor
from haihe.kernel.cases import actions, queries
from haihe.kernel.cases.models import Case
from haihe.kernel.org.models import Account
from haihe.kernel.org.queries import actor_of
from tests.pages.cities import client_of, officer

POINT = (150.05, 30.15, "WGS-84")
HANDLES = ("cases.handle", "files.store")
VISITOR = Actor("visitor", "somebody")


@dataclass(frozen=True)
class Desks:
    """Accounts by their part; ``worker`` is the unit's own officer."""

    supervisor: Account
    commander: Account
    worker: Account
    land: Account
    trade: Account
    stranger: Account


def desks() -> Desks:
    """An officer for each part of a report; the stranger has none."""
    return Desks(
        supervisor=officer("data_office", "Sue", permissions=("cases.supervise",)),
        commander=officer("data_office", "Cole", permissions=("cases.command",)),
        worker=officer("oldbridge", "Will", permissions=HANDLES),
        land=officer("land", "Lana", permissions=HANDLES),
        trade=officer("trade", "Tess", permissions=HANDLES),
        stranger=officer("welfare", "Stan", permissions=("cases.handle",)),
    )


def at_desk(account: Account) -> Client:
    """A signed-in client that reads English."""
    client = client_of(account)
    client.cookies["django_language"] = "en"
    return client


def picture(name: str = "photo.jpg") -> SimpleUploadedFile:
    """A small JPEG, as a form sends it."""
    kept = BytesIO()
    Image.new("RGB", (64, 48), (90, 120, 150)).save(kept, "JPEG")
    return SimpleUploadedFile(name, kept.getvalue(), content_type="image/jpeg")


def reported(of: Desks, **changes: Any) -> Case:
    """A visitor's report, assigned to the unit's officer."""
    worker = actor_of(of.worker)
    given: dict[str, Any] = {
        "by": VISITOR,
        "type": "cases.report",
        "department": worker.department,
        "officer": of.worker.officer.pk,
        "place": "D01W01",
        "point": POINT,
        "category": "public",
        "title": "Street lamp out",
        "note": "It is dark at the gate",
        **changes,
    }
    return actions.open_case(**given)


def step(client: Client, case: Case, action: str, **given: Any) -> str:
    """Send the form of a step; the page that answers."""
    answer = client.post(f"/desk/cases/{case.pk}/{action}", given, follow=True)
    return answer.content.decode()


def state(case: Case) -> str:
    """In which state the case is now."""
    return queries.case(case.pk).state
