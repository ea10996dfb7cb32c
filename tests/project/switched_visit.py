"""Run in a process of its own, for a city with some systems off: walks its pages, prints JSON.

Everything that it makes is undone at the end, so that one database serves every choice.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
import sys
from collections import deque
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client
from django.test.utils import setup_test_environment

from haihe.base.actor import Actor
from haihe.base.registry import registry
from haihe.base.settings import settings
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.catalogue.queries import grantable_columns, purposes
from haihe.kernel.exchange.models import Batch, Link, Serving
from haihe.kernel.org.models import Account
from haihe.kernel.people.actions import proof, register_person
from haihe.kernel.people.queries import subject_key
from haihe.project import reference
from haihe.project.pack.check import check_pack
from tests.pages.cities import actor, client_of, officer

PASSWORD = "water over the old bridge 7"
LINKS = re.compile(r'\b(?:href|action|hx-get|hx-post|src)="([^"]*)"')
WALKED = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"')
MOST = 160
PATHS = re.compile(r'\bpath\(\s*"([^"]*)"')


def visit(off: list[str]) -> dict[str, Any]:
    """What each kind of reader meets: menus, links, answers; and the addresses of what is off."""
    officers, citizens = _officer(), _citizen()
    readers = {
        "visitor": Client(),
        "officer": client_of(officers),
        "citizen": client_of(citizens),
    }
    return {
        "systems": sorted(registry.systems),
        "menu": [entry.url for place in ("officer", "citizen") for entry in registry.menu(place)],
        "walked": {name: _walk(client) for name, client in readers.items()},
        "first": {name: _page(client, "/")[1] for name, client in readers.items()},
        "off": {
            address: {name: client.get(address).status_code for name, client in readers.items()}
            for system in off
            for address in _addresses(system)
        },
        "reference": reference.pages()["systems.md"],
        "faults": [str(each) for each in check_pack(settings().city).faults.found],
        "started": importlib.import_module("haihe.project.wsgi").__name__,
        "after sign-in": {each.username: _sign_in(each) for each in (officers, citizens)},
    }


def _walk(client: Client) -> dict[str, tuple[int, list[str]]]:
    """Every page that links lead to from the first one: its status and all its targets."""
    found: dict[str, tuple[int, list[str]]] = {}
    waiting = deque(["/"])
    while waiting and len(found) < MOST:
        address = waiting.popleft()
        if address in found:
            continue
        status, text = _page(client, address)
        found[address] = (status, LINKS.findall(text))
        ours = [each for each in WALKED.findall(text) if each.startswith("/")]
        waiting.extend(each.split("#")[0].split("?")[0] for each in ours)
    return found


def _page(client: Client, address: str) -> tuple[int, str]:
    answer = client.get(address, headers={"accept-language": "en"}, follow=True)
    is_page = answer.headers["Content-Type"].startswith("text/html")
    return answer.status_code, answer.content.decode() if is_page else ""


def _addresses(system: str) -> list[str]:
    # Read, not imported: the tables of a system that is off are not there.
    found = importlib.util.find_spec(f"haihe.systems.{system}")
    assert found is not None
    assert found.submodule_search_locations
    text = (Path(found.submodule_search_locations[0]) / "urls.py").read_text(encoding="utf-8")
    return [f"/{system}/{each}" for each in PATHS.findall(text) if "<" not in each]


def _sign_in(account: Account) -> tuple[str, int, str]:
    """Where an account is led after its password, and what stands there once it is let in."""
    client = Client()
    given = {"login": account.username, "password": PASSWORD}
    answer = client.post("/account/login/", given)
    led = answer["Location"] if answer.status_code == 302 else f"stayed: {answer.status_code}"
    status, text = _page(client_of(account), led)
    return led, status, text


def _officer() -> Account:
    """An officer who may do everything, for whose department something of each kind waits."""
    account = officer("housing", "Ann")
    account.set_password(PASSWORD)
    account.save()
    by, provider = actor(account), actor(officer("registry", "Bob"))
    catalogue.raise_demand(
        by=provider,
        resource="housing.housing_fund",
        columns=grantable_columns("housing.housing_fund")[:3],
        purpose=purposes()[0],
        basis="Riverton Registers Act, s. 2",
        mode="interface",
    )
    catalogue.propose_resource(
        by=by,
        code="housing.proposed",
        title={"en": "Proposed", "zh": "拟编"},
        department="housing",
        table="housing.proposed",
        sharing_class="unconditional",
        columns=[ColumnDraft("number", "text")],
    )
    code = "housing.housing_fund"
    link, _ = Link.objects.get_or_create(code=code, defaults={"resource_id": code, "mode": "full"})
    Batch.objects.create(link=link, state="failed", error_code="x", error="No answer.")
    return account


def _citizen() -> Account:
    account = Account.objects.create(username="wang")
    account.set_password(PASSWORD)
    account.save()
    person = register_person(
        by=Actor(kind="citizen", name=str(account.pk)),
        number="1000000008",
        name="Wang Li",
        scheme="luhn.person",
        account=account,
        proofing=1,
    )
    counter = Actor(kind="officer", name="1", permissions=frozenset({"people.person.proof"}))
    proof(by=counter, person=person)
    Serving.objects.create(
        subject=subject_key(person),
        resource="registry.person",
        rows=[{"name": "Wang Li"}],
        batch=Batch.objects.latest("started_at").pk,
    )
    return account


if __name__ == "__main__":
    setup_test_environment()
    with transaction.atomic():
        found = visit([each for each in sys.argv[1:] if each])
        transaction.set_rollback(True)
    sys.stdout.write(json.dumps(found))
