"""The demo's calling systems: real calls over HTTP to the services process, as a department's."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException

from haihe.base.actor import Actor
from haihe.base.settings import settings
from haihe.edges.xroad.address import Address, Client
from haihe.kernel.services import actions as services
from haihe.kernel.services.models import Caller, Count
from haihe.project.calls.desk import MEMBER_CLASS
from haihe.project.demo.notes import Notes
from haihe.project.pack import documents as doc
from haihe.project.pack.read import Pack
from haihe.project.seed.making import MadeUpCity

READY_SECONDS = 10.0


def caller_keys(pack: Pack, notes: Notes, *, by: Actor) -> dict[str, str]:
    """The key of each demo caller, by ``department/subsystem``; made, or made anew if forgotten."""
    keys: dict[str, str] = notes.get("keys") or {}
    for each in pack.demo.callers if pack.demo else []:
        name = f"{each.department}/{each.subsystem}"
        if name in keys:
            continue
        known = Caller.objects.filter(department=each.department, subsystem=each.subsystem).first()
        if known is not None and known.is_active:
            services.end_caller(by=by, caller=known)
        keys[name] = services.make_caller(
            by=by, department=each.department, subsystem=each.subsystem
        )
        notes.put("keys", keys)
    return keys


def call_all(pack: Pack, city: MadeUpCity, keys: dict[str, str]) -> dict[str, int] | None:
    """Make the calls that are still wanted; answers by service. None if no services run."""
    if not _is_ready():
        return None
    answered: dict[str, int] = {}
    for each in pack.demo.callers if pack.demo else []:
        wanted = each.calls - _made(each)
        if wanted > 0:
            key = keys[f"{each.department}/{each.subsystem}"]
            answered[each.service] = _call(pack, city, each, key=key, calls=wanted)
    return answered


def _made(each: doc.CallerDoc) -> int:
    counts = Count.objects.filter(service=each.service, department=each.department)
    return sum(counts.values_list("calls", flat=True))


def _call(pack: Pack, city: MadeUpCity, each: doc.CallerDoc, *, key: str, calls: int) -> int:
    resource = next(
        r for _, r in pack.resources if each.service in {service.code for service in r.services}
    )
    instance = str(pack.city["code"])
    provider = Client(instance, MEMBER_CLASS, resource.department, resource.system)
    client = Client(instance, MEMBER_CLASS, each.department, each.subsystem)
    headers = {
        "X-Road-Client": str(client),
        "Authorization": f"Bearer {key}",
        "X-Haihe-Purpose": each.purpose,
        "Content-Type": "application/json",
    }
    path = Address(provider, each.service).path
    answered = 0
    connection = HTTPConnection(settings().host, settings().services_port, timeout=10)
    try:
        for number in itertools.islice(_numbers(city, resource), calls):
            connection.request("POST", path, json.dumps({"subject": number}), headers)
            answer = connection.getresponse()
            answer.read()
            answered += answer.status == 200
    finally:
        connection.close()
    return answered


def _numbers(city: MadeUpCity, resource: doc.ResourceDoc) -> Iterator[str]:
    """Half of them held by the resource, half people or enterprises at large; without end."""
    held, others = city.numbers(resource.seed, most=200)
    return itertools.cycle(itertools.chain(*zip(held, others, strict=False)))


def _is_ready() -> bool:
    """Whether the services process answers, and knows what was opened last."""
    ends = time.monotonic() + READY_SECONDS
    while time.monotonic() < ends:
        try:
            connection = HTTPConnection(settings().host, settings().services_port, timeout=2)
            connection.request("GET", "/ready")
            if json.loads(connection.getresponse().read()).get("ready"):
                # Rights are read anew within a second: what was granted just now counts then.
                time.sleep(1.5)
                return True
        except (OSError, HTTPException, ValueError):
            return False
        time.sleep(0.2)
    return False
