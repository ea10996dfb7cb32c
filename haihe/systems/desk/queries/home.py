"""What waits for an officer, under which grants they may look somebody up, what the log holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Manager, Q

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.registry import Permission, registry
from haihe.base.text import Text
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Column, Grant, Mode, Purpose, Resource
from haihe.kernel.exchange.models import Batch
from haihe.kernel.ledger import queries as ledger
from haihe.kernel.ledger.queries import AccessLine, Filter
from haihe.kernel.org import queries as org
from haihe.kernel.org.models import Department, Officer, Post, Posting
from haihe.kernel.people.queries import subject_of
from haihe.kernel.services import queries as services
from haihe.kernel.services.models import Service
from haihe.ui.addresses import address_of
from haihe.ui.values import in_words

FAILED_DAYS = 7
OFFICER = "officer"


@dataclass(frozen=True)
class Way:
    """One way to look somebody up: an open service under a grant of the department."""

    service: Service
    purpose: Purpose
    grant: Grant

    @property
    def key(self) -> str:
        """What the form sends."""
        return f"{self.service.code}|{self.purpose.code}"


@dataclass(frozen=True)
class Shown:
    """One granted column of an answer: its title and what stands there, in words."""

    title: Text
    value: str
    is_objected: bool = False


@dataclass(frozen=True)
class EntryLine:
    """An entry of the ledger in an auditor's words; ``officer``: the name of the one who acted."""

    line: AccessLine
    title: Text
    department: Text
    resource: Text
    purpose: Text
    officer: str

    @property
    def kind(self) -> str:
        """The kind of who acted: officer, citizen, system, administrator or clock."""
        return self.line.actor.partition(":")[0]


@dataclass(frozen=True)
class Waiting:
    """Something that waits for the department, with the address of its page."""

    what: Any
    address: str
    is_overdue: bool = False
    state: str = ""


@dataclass(frozen=True)
class OfficerLine:
    """An officer with the posts that they hold now and what they are: active, locked, left."""

    officer: Officer
    posts: list[Post]
    state: str


def waiting_demands(department: str, *, limit: int) -> list[Waiting]:
    """Demands to decide, the one due first on top."""
    return [
        Waiting(each, address_of("catalogue.demand", each.pk), catalogue.is_overdue(each))
        for each in catalogue.waiting_for(department)[:limit]
    ]


def proposed(department: str, *, limit: int) -> list[Waiting]:
    """Resources of the department that wait to be confirmed."""
    found = catalogue.search(department=department, state="proposed")
    return [Waiting(each, address_of("catalogue.proposal", each.pk)) for each in found[:limit]]


def failed_batches(department: str, *, limit: int) -> list[Waiting]:
    """Batches of the last days that failed or did not balance, of links that concern us."""
    ours = Q(link__resource__department=department) | Q(link__grant__department=department)
    bad = Q(state=Batch.State.FAILED) | Q(state=Batch.State.DONE, is_reconciled=False)
    since = now() - timedelta(days=FAILED_DAYS)
    chosen = Batch.objects.select_related("link__resource").filter(ours, bad, started_at__gte=since)
    return [
        Waiting(
            each,
            address_of("exchange.batch", each.pk),
            state="failed" if each.state == Batch.State.FAILED else "unequal",
        )
        for each in chosen.order_by("-started_at")[:limit]
    ]


def ways(department: str) -> list[Way]:
    """Every way in which officers of the department may look somebody up now."""
    grants = catalogue.grants(department=department).filter(mode=Mode.INTERFACE)
    by_resource: dict[str, list[Grant]] = {}
    for grant in grants:
        by_resource.setdefault(grant.resource_id, []).append(grant)
    opened = services.services(open_only=True).filter(resource__in=by_resource)
    return [
        Way(service, grant.purpose, grant)
        for service in opened
        for grant in by_resource[service.resource_id]
    ]


def shown(rows: Sequence[dict[str, Any]], resource: str, *, number: str) -> list[list[Shown]]:
    """Rows of an answer on a number in the catalogue's words; what is objected to is marked."""
    columns = list(Column.objects.filter(resource=resource).order_by("ordinal"))
    scheme = next((each.scheme for each in columns if each.is_subject), "")
    asked = registry.call("values_shown", subject=subject_of(number, scheme), resource=resource)
    objected = {name for names in asked for name in names}
    return [
        [
            Shown(
                each.title,
                in_words(row[each.name], kind=each.kind, unit=each.unit),
                each.name in objected,
            )
            for each in columns
            if each.name in row
        ]
        for row in rows
    ]


def entries(narrowed: Filter, *, limit: int, before: UUID | None) -> list[EntryLine]:
    """Entries of the ledger, newest first, in words."""
    found = ledger.entries(narrowed, limit=limit, before=before)
    departments = _titles(Department.objects, "name", {line.department for line in found})
    resources = _titles(Resource.objects, "title", {_resource(line) for line in found})
    purposes = _titles(Purpose.objects, "title", {line.purpose for line in found})
    officers = _officers(found)
    return [
        EntryLine(
            line=line,
            title=_title(line.kind),
            department=departments.get(line.department, {}),
            resource=resources.get(_resource(line), {}),
            purpose=purposes.get(line.purpose, {}),
            officer=officers.get(line.actor, ""),
        )
        for line in found
    ]


def _titles(rows: Manager[Any], word: str, codes: set[str]) -> dict[str, Text]:
    return dict(rows.filter(pk__in=codes).values_list("pk", word))


def _resource(line: AccessLine) -> str:
    return str(line.body.get("resource", ""))


def _officers(lines: Sequence[AccessLine]) -> dict[str, str]:
    """The names of the officers among those who acted, by actor."""
    accounts = [
        name for kind, _, name in (e.actor.partition(":") for e in lines) if kind == OFFICER
    ]
    known = [int(name) for name in accounts if name.isdecimal()]
    found = Officer.objects.filter(account__in=known).values_list("account", "name")
    return {f"{OFFICER}:{account}": name for account, name in found}


def _title(kind: str) -> Text:
    declared = registry.ledger_kinds.get(kind)
    return declared.title if declared else {"en": kind}


def begins(day: date | None) -> datetime | None:
    """The first moment of a day in the city."""
    zone = ZoneInfo(settings.CITY["time_zone"])
    return datetime.combine(day, time(0), tzinfo=zone) if day else None


def holders_of(posts: Sequence[Post]) -> dict[int, list[Officer]]:
    """Who holds each of the posts now."""
    found: dict[int, list[Officer]] = {}
    for post in posts:
        for posting in post.postings.all():
            if _holds(posting):
                found.setdefault(post.pk, []).append(posting.officer)
    return found


def permissions_of(post: Post) -> list[Permission]:
    """The declared permissions of a post, by name."""
    held = sorted(each.permission for each in post.permissions.all())
    return [registry.permissions[name] for name in held if name in registry.permissions]


def givable(post: Post) -> list[Permission]:
    """Permissions that the post does not hold yet, by name."""
    held = {each.permission for each in post.permissions.all()}
    return [p for name, p in sorted(registry.permissions.items()) if name not in held]


def _holds(posting: Posting) -> bool:
    return posting.until is None or posting.until > now()


def posts_of(officer: Officer) -> list[Post]:
    """The posts that an officer of ``org.queries.officers`` holds now."""
    held = [posting.post for posting in officer.postings.all() if _holds(posting)]
    return sorted(held, key=lambda post: post.pk)


def officer_line(officer: Officer) -> OfficerLine:
    """One officer as the list shows them."""
    return OfficerLine(officer, posts_of(officer), org.state_of(officer))


def placeable(*, by: Actor, department: str = "") -> list[Post]:
    """The posts that the actor may put officers into; of one department if named."""
    found = org.posts().filter(department=department) if department else org.posts()
    return [post for post in found if org.may_place(by, post)]


def free_posts(officer: Officer, *, by: Actor) -> list[Post]:
    """The posts of the officer's department that the actor may still give them."""
    held = {post.pk for post in posts_of(officer)}
    return [p for p in placeable(by=by, department=officer.department_id) if p.pk not in held]


def vacant_without(officer: Officer) -> list[Post]:
    """The posts that nobody would hold once the officer has left."""
    held = org.posts().filter(pk__in=[post.pk for post in posts_of(officer)])
    holders = holders_of(list(held))
    return [post for post in held if len(holders.get(post.pk, [])) <= 1]
