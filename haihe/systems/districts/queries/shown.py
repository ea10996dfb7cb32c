"""Reports as they are told outside: to everybody a spot and a category, to a partner its own cases.

The public sees what snap's page lets through: no words that somebody wrote, a point within about
a hundred metres, blurred photos that an officer published, no category that the city keeps back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from haihe.base.clock import now
from haihe.base.registry import registry
from haihe.base.text import in_language
from haihe.edges.open311 import Request, Update, basic
from haihe.engine import geometry
from haihe.kernel.cases.declare import IMPORTS, PAST
from haihe.kernel.cases.models import Case, CaseTypeVersion, Event, Item, Remark
from haihe.kernel.cases.report import REPORT_TYPE
from haihe.systems.districts.declare import MOST_LISTED, PAGE, SPAN, STATUS_OF_STATE, TOLD, Platform
from haihe.systems.districts.errors import BadRequest, UnknownRequest
from haihe.systems.districts.models import Mirror
from haihe.systems.districts.queries import platforms
from haihe.systems.districts.queries.offered import title_of
from haihe.systems.districts.queries.statuses import status_of

WGS = "WGS-84"
_ALIKE = [
    [state for state, word in STATUS_OF_STATE.items() if word == status]
    for status in set(STATUS_OF_STATE.values())
]
_STANDS = reduce(or_, (Q(start__in=states, to__in=states) for states in _ALIKE))
"""Steps after which a case stands outside as before."""
_FIRST_LOOK = (timedelta(days=1), timedelta(days=7))


@dataclass(frozen=True)
class Asked:
    """Which requests: all that is empty says nothing. ``since`` and ``until`` of their filing."""

    ids: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    updated_since: datetime | None = None
    updated_until: datetime | None = None
    reference: str = ""
    page: int = 1
    size: int = PAGE


@dataclass(frozen=True)
class Partner:
    """Who asks with a key: under which name its cases are kept, and its platform if declared."""

    name: str
    platform: Platform | None = None

    def cases(self) -> Q:
        """What a partner sees whole: what it shares, and what lies in its platform's division."""
        shared = Mirror.objects.filter(platform=self.name, case__isnull=False)
        found = Q(pk__in=shared.values("case"))
        if self.platform is not None and self.platform.division:
            found |= Q(place__code__startswith=self.platform.division)
        return found


Link = Callable[[str], str]
"""Makes a whole address of a path."""


def requests(asked: Asked, *, partner: Partner | None, link: Link) -> list[Request]:
    """A page of requests, the newest first; ``districts.parameter.bad`` beyond the last shown."""
    first = (asked.page - 1) * asked.size
    if first >= MOST_LISTED:
        raise BadRequest(f"Only {MOST_LISTED} are listed: narrow start_date and end_date.")
    rows: list[Case] = []
    for each in [*_shorter(asked), asked]:
        found = _narrowed(_reports(partner), each, partner).order_by("-opened_at", "-pk")
        rows = list(found.select_related("place", "department")[first : first + asked.size])
        if len(rows) == asked.size:
            break
    return _told(rows, partner, link)


def _shorter(asked: Asked) -> list[Asked]:
    """The same question of the last days: a full page of theirs is the page of all, sooner."""
    if asked.ids or asked.reference or asked.since or asked.updated_since or asked.updated_until:
        return []
    until = asked.until or now()
    return [replace(asked, since=until - span) for span in _FIRST_LOOK]


def request(id: str, *, partner: Partner | None, link: Link) -> Request:
    """One request; ``districts.request.unknown``."""
    case = case_of(id, partner)
    return _told([case], partner, link)[0]


def case_of(id: str, partner: Partner | None) -> Case:
    """The case of a number, for whoever may see it; ``districts.request.unknown``."""
    key = read_id(id)
    rows = _reports(partner).select_related("place", "department", "version")
    found = rows.filter(pk=key).first() if key else None
    if found is None:
        raise UnknownRequest
    return found


def own_case(id: str, partner: Partner) -> Case:
    """A partner's case; ``districts.request.unknown`` also for one that is merely public."""
    found = case_of(id, partner)
    if not Case.objects.filter(partner.cases(), pk=found.pk).exists():
        raise UnknownRequest
    return found


def updates(asked: Asked, *, partner: Partner | None, link: Link) -> list[Update]:
    """Steps in a time that changed how a case stands or were written for outside, in order.

    To a partner none that came from it: nothing is ever sent back.
    """
    seen = _reports(partner).filter(pk=OuterRef("case_id"))
    found = Event.objects.filter(Exists(seen)).exclude(action__in=["open", PAST, IMPORTS])
    until = asked.until or now()
    since = asked.since or until - SPAN
    found = found.filter(at__gte=since, at__lte=until)
    if asked.ids:
        found = found.filter(case__in=[key for key in map(read_id, asked.ids) if key])
    silent = _STANDS
    if partner is not None:
        found = found.exclude(by=platforms.origin_of(partner.name))
        written = Remark.objects.filter(case=OuterRef("case_id"), ordinal=OuterRef("ordinal"))
        found = found.annotate(is_told=Exists(written.filter(case__in=_whole(partner))))
        silent &= ~Q(action__in=TOLD, is_told=True)
    found = found.exclude(silent)
    first = (asked.page - 1) * asked.size
    rows = list(found.order_by("at", "case_id", "ordinal")[first : first + asked.size])
    return _updates(rows, partner, link)


def whole_of(found: Iterable[Request | Update]) -> list[UUID]:
    """The cases of which more is told than the public may know."""
    keys: dict[UUID, None] = {}
    for each in found:
        if isinstance(each, Request) and each.extended:
            keys[UUID(each.id)] = None
        elif isinstance(each, Update) and (each.description or each.media_url):
            keys[UUID(each.request)] = None
    return list(keys)


def update_id(case: UUID, ordinal: int) -> str:
    """The number of a step, as it is told outside."""
    return f"{case}.{ordinal}"


def read_id(text: str) -> UUID | None:
    """The case's key in a number."""
    try:
        return UUID(text.strip())
    except ValueError:
        return None


def wgs(case: Case) -> tuple[float, float] | None:
    """A case's point in WGS-84, or None without one."""
    if case.lon is None or case.lat is None:
        return None
    lon, lat = geometry.convert(case.lon, case.lat, source=case.datum, target=WGS)
    return float(lon), float(lat)


def _reports(partner: Partner | None) -> QuerySet[Case]:
    versions = CaseTypeVersion.objects.filter(name=REPORT_TYPE).values_list("pk", flat=True)
    found = Case.objects.filter(version__in=list(versions))
    kept_back = set(settings.CITY.get("snap", {}).get("kept_back", ()))
    if not kept_back:
        return found
    items = Item.objects.filter(category__in=kept_back).values_list("pk", flat=True)
    public = ~Q(category__in=[*kept_back, *items])
    return found.filter(public | partner.cases() if partner else public)


def _narrowed(found: QuerySet[Case], asked: Asked, partner: Partner | None) -> QuerySet[Case]:
    if asked.reference:
        name = partner.name if partner else ""
        shared = Mirror.objects.filter(platform=name, foreign_id=asked.reference)
        return found.filter(pk__in=shared.values("case"))
    if asked.ids:
        return found.filter(pk__in=[key for key in map(read_id, asked.ids) if key])
    if asked.services:
        items = Item.objects.filter(category__in=asked.services).values_list("pk", flat=True)
        found = found.filter(category__in=[*asked.services, *items])
    if asked.status:
        told = [state for state, word in STATUS_OF_STATE.items() if basic(word) in asked.status]
        found = found.filter(state__in=told)
    if asked.updated_since or asked.updated_until:
        until = asked.updated_until or now()
        lately = Event.objects.filter(
            case=OuterRef("pk"), at__gte=asked.updated_since or until - SPAN, at__lte=until
        )
        return found.filter(Exists(lately))
    until = asked.until or now()
    return found.filter(opened_at__gte=asked.since or until - SPAN, opened_at__lte=until)


def _told(rows: Sequence[Case], partner: Partner | None, link: Link) -> list[Request]:
    keys = [case.pk for case in rows]
    whole: set[UUID] = set()
    if partner is not None:
        whole = set(Case.objects.filter(partner.cases(), pk__in=keys).values_list("pk", flat=True))
    items = Item.objects.select_related("category").in_bulk([case.category for case in rows])
    latest = _latest(keys)
    public = _public_photos(keys)
    notes = _remarks([(key, 1) for key in whole])
    references = _references(partner, whole)
    found = []
    for case in rows:
        item = items.get(case.category)
        said = notes.get((case.pk, 1), {}) if case.pk in whole else {}
        shown = item if case.pk in whole or item is None else item.category or item
        photos = _private_links(case.pk, said, link) if case.pk in whole else []
        if not photos:
            photos = [link(path) for path in public.get(case.pk, [])][:1]
        lon, lat = _point(case, is_exact=case.pk in whole)
        found.append(
            Request(
                id=str(case.pk),
                status=basic(status_of(case)),
                service_code=shown.pk if shown else case.category,
                service_name=title_of(shown) if shown else "",
                description=str(said.get("note") or case.title) if case.pk in whole else "",
                agency=in_language(case.department.name, settings.LANGUAGE_CODE),
                requested=_whole_second(case.opened_at),
                updated=_whole_second(latest.get(case.pk, case.opened_at)),
                expected=_whole_second(case.due),
                lon=lon,
                lat=lat,
                media_url=",".join(photos),
                extended=status_of(case) if case.pk in whole else "",
                reference=references.get(case.pk, ""),
            )
        )
    return found


def _updates(rows: Sequence[Event], partner: Partner | None, link: Link) -> list[Update]:
    whole: set[UUID] = set()
    if partner is not None:
        keys = {event.case_id for event in rows}
        whole = set(Case.objects.filter(partner.cases(), pk__in=keys).values_list("pk", flat=True))
    noted = _remarks([(event.case_id, event.ordinal) for event in rows])
    found = []
    for event in rows:
        is_whole = event.case_id in whole
        said = noted.get((event.case_id, event.ordinal), {}) if is_whole else {}
        note = str(said.get("note", "")) if event.action in TOLD else ""
        photos = _private_links(event.case_id, said, link) if event.action in TOLD else []
        found.append(
            Update(
                id=update_id(event.case_id, event.ordinal),
                request=str(event.case_id),
                status=STATUS_OF_STATE.get(event.to, "OPEN"),
                description=note,
                updated=_whole_second(event.at),
                media_url=",".join(photos),
            )
        )
    return found


def _whole(partner: Partner) -> QuerySet[Case]:
    return Case.objects.filter(partner.cases()).values("pk")


def _whole_second(moment: datetime | None) -> datetime | None:
    """As older clients read it: without parts of a second."""
    return moment and moment.replace(microsecond=0)


def _point(case: Case, *, is_exact: bool) -> tuple[float | None, float | None]:
    point = wgs(case)
    if point is None:
        return None, None
    return point if is_exact else (round(point[0], 3), round(point[1], 3))


def _latest(keys: Iterable[UUID]) -> dict[UUID, datetime]:
    events = Event.objects.filter(case__in=list(keys)).order_by("case_id", "-ordinal")
    return dict(events.distinct("case_id").values_list("case_id", "at"))


def _public_photos(keys: Sequence[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for answer in registry.call("photos_shown", cases=keys):
        found |= answer
    return found


def _remarks(keys: Sequence[tuple[UUID, int]]) -> dict[tuple[UUID, int], dict[str, object]]:
    rows = Remark.objects.filter(case__in={case for case, _ in keys}).values_list(
        "case_id", "ordinal", "body"
    )
    wanted = set(keys)
    return {(case, at): body for case, at, body in rows if (case, at) in wanted}


def _private_links(case: UUID, said: dict[str, object], link: Link) -> list[str]:
    photos = said.get("photos")
    listed = photos if isinstance(photos, list) else []
    return [link(reverse("open311:photo", args=[case, photo])) for photo in listed]


def _references(partner: Partner | None, whole: set[UUID]) -> dict[UUID, str]:
    if partner is None:
        return {}
    rows = Mirror.objects.filter(platform=partner.name, case__in=whole)
    return dict(rows.values_list("case", "foreign_id"))
