"""Reports that the demo's people filed and worked on in the last weeks: by actions, step by step.

The same city gets the same reports: all choices come from a number. Each step stands at a moment of
the city's working time; only the ledger tells when it was really made up.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from io import BytesIO
from uuid import UUID

from django.conf import settings
from django.db import transaction
from PIL import Image, ImageDraw

from haihe.base.actor import Actor
from haihe.base.clock import now, told
from haihe.base.errors import HaiheError
from haihe.base.registry import registry
from haihe.base.text import in_language
from haihe.engine import coverage
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries as case_queries
from haihe.kernel.cases.models import Case, Item
from haihe.kernel.files import actions as files
from haihe.kernel.org.duty import on_duty
from haihe.kernel.org.models import GridPost
from haihe.kernel.org.queries import account_named, actor_of
from haihe.kernel.people import queries as people
from haihe.kernel.places.models import Grid
from haihe.project.demo.notes import Notes
from haihe.project.pack.read import Pack

Tell = Callable[[str], None]
SOURCES = ("snap", "snap", "snap", "grid", "hotline")
ENDS = (
    *("closed",) * 11, *("answered",) * 2, *("handling",) * 4, "suspended", "sent_back",
    "dispatching", "opening", "verifying", "verifying", "refuted", "redone", "redone",
)  # fmt: skip
"""How far reports have come, and how often each; the old ones have all come to an end."""
OLD = timedelta(days=14)
DONE = {
    "zh": "现场已处置完毕，谢谢您的反映。",
    "en": "Put right on site; thank you for telling us.",
}
UNTRUE = {"zh": "现场未发现所反映的情况。", "en": "Nothing of the kind was found on site."}
NOT_OURS = {"zh": "不属本单位职责，请另行派遣。", "en": "This is not ours; please dispatch anew."}
WAITING = {"zh": "等待配件到货。", "en": "Parts are on their way."}
BEFORE = timedelta(days=2)


def since(pack: Pack) -> datetime:
    """From when on the demo's people were there: before the first report."""
    plan = pack.demo.reports if pack.demo else None
    return now() - timedelta(days=plan.days if plan else 0) - BEFORE


def file_reports(pack: Pack, notes: Notes, *, tell: Tell) -> None:
    """File the reports that are missing; walk each as far as it has come, or not at all."""
    plan = pack.demo.reports if pack.demo else None
    there = _tried(notes)
    if plan is None or there >= plan.count:
        return
    hands, grids = Hands.of(pack), _worked_grids()
    if not grids or not hands.items:
        return
    tell("Reports of the last weeks")
    for number in range(there, plan.count):
        notes.put("reports", {"number": number, "cases": _filed()})
        draw = random.Random(f"report:{pack.city['code']}:{number}")  # noqa: S311 - made-up data
        opened = now() - timedelta(days=plan.days * (plan.count - number) / plan.count)
        try:
            with transaction.atomic():
                _Walk(hands, draw, opened).go(draw.choice(grids))
        except HaiheError as fault:
            tell(f"Report {number}: {fault.message} [{fault.code}]")
    notes.put("reports", {"number": plan.count, "cases": _filed()})


def _filed() -> int:
    return Case.objects.filter(source__in=SOURCES).count()


def _tried(notes: Notes) -> int:
    """How many reports are behind us; the one in hand at a kill is, where it was committed."""
    noted = notes.get("reports")
    if noted is None:
        return 0
    return int(noted["number"]) + (_filed() > noted["cases"])


def _worked_grids() -> list[Grid]:
    """The grids in force that somebody works, by code."""
    codes = GridPost.objects.values("grid")
    found = Grid.objects.filter(code__in=codes, plan__version__isnull=False)
    return list({each.code: each for each in found.order_by("code", "plan__version")}.values())


@dataclass(frozen=True)
class Hands:
    """Who has which part: actors by what they may do, and the items that they can handle."""

    supervisor: Actor
    commander: Actor
    operator: Actor
    handlers: Mapping[str, Actor]
    citizens: list[tuple[Actor, bytes]]
    items: list[Item]

    @classmethod
    def of(cls, pack: Pack) -> Hands:
        """The demo's officers by their permissions, its citizens by their accounts."""
        officers = [_actor(each.username) for each in pack.demo.officers] if pack.demo else []
        handlers = {each.department: each for each in officers if each.may("cases.handle")}
        found = case_queries.items()
        return cls(
            supervisor=_first(officers, "cases.supervise"),
            commander=_first(officers, "cases.command"),
            operator=_first(officers, "cases.open"),
            handlers=handlers,
            citizens=list(_citizens(pack)),
            items=[
                each
                for each in found
                if each.category_id and {each.lead_id, *each.assisting} <= set(handlers)
            ],
        )


def _actor(username: str) -> Actor:
    account = account_named(username)
    return actor_of(account) if account else Actor("officer", "0")


def _first(officers: list[Actor], permission: str) -> Actor:
    nobody = Actor("officer", "0")
    return next((each for each in officers if each.may(permission)), nobody)


def _citizens(pack: Pack) -> Iterator[tuple[Actor, bytes]]:
    for each in pack.demo.citizens if pack.demo else []:
        account = account_named(each.username)
        person = people.person_of(account) if account else None
        if account is not None and person is not None:
            yield actor_of(account), bytes(people.subject_key(person))


class _Walk:
    """One report, from its filing as far as its way goes until now."""

    def __init__(self, hands: Hands, draw: random.Random, opened: datetime) -> None:
        self.hands, self.draw = hands, draw
        self.calendar = settings.CITY_CALENDAR
        self.moment = self.calendar.add_time(opened, timedelta(minutes=draw.randint(1, 400)))
        self.item = draw.choice(hands.items)
        self.language = settings.LANGUAGE_CODE
        self.key = UUID(int=0)

    def go(self, grid: Grid) -> None:
        """File it and take one step after the other while they lie in the past."""
        with told(self.moment):
            self.key = self._file(grid)
        end = self.draw.choice(ENDS)
        if now() - self.moment > OLD and end not in {"refuted", "redone"}:
            end = "closed"
        for by, action, given in self._steps(end):
            self.moment = self.calendar.add_time(self.moment, self._pause(action))
            if self.moment >= now():
                return
            with told(self.moment):
                self._step(by or self._worker(grid.code), action, given)

    def _step(self, by: Actor, action: str, given: dict[str, object]) -> None:
        if given.pop("with_photo", False):
            given["photos"] = [self._photo(by)]
        cases.take_step(by=by, case=self.key, action=action, **given)  # type: ignore[arg-type]

    def _file(self, grid: Grid) -> UUID:
        source = self.draw.choice(SOURCES)
        by, subject = self._opener(source, grid.code)
        _, longitude, latitude = coverage.measured(bytes(grid.shape))
        title = in_language(self.item.title, self.language)
        point = (longitude, latitude, grid.plan.datum)
        if source == "snap" and "snap" in registry.systems:
            return self._snap(by, title, point)
        case = cases.file_report(
            by=by,
            point=point,
            category=str(self.item.category_id),
            title=title,
            source=source,
            photos=[self._photo(by)],
            subject=subject,
        )
        return case.pk

    def _snap(self, by: Actor, title: str, point: tuple[float, float, str]) -> UUID:
        """As citizens file it: with a number of its own, anonymous ones with a secret."""
        snap = import_module("haihe.systems.snap.actions")  # only where the city has it
        photo = snap.keep_photo(
            by=by, content=self._picture(), media_type="image/jpeg", source=snap.Source()
        )
        sent = snap.Sent(
            draft=UUID(int=self.draw.getrandbits(128)),
            point=point,
            category=str(self.item.category_id),
            text=title,
            photos=(photo.pk,),
        )
        token = by.name if by.kind == "visitor" else ""
        return UUID(str(snap.file_report(by=by, sent=sent, token=token).case_id))

    def _opener(self, source: str, grid: str) -> tuple[Actor, bytes | None]:
        if source == "hotline":
            return self.hands.operator, None
        if source == "grid":
            return self._worker(grid), None
        if self.hands.citizens and self.draw.random() < 0.7:
            return self.draw.choice(self.hands.citizens)
        return Actor("visitor", f"demo-{self.draw.getrandbits(60):015x}"), None

    def _steps(self, end: str) -> Iterator[tuple[Actor | None, str, dict[str, object]]]:
        """Who (None: the grid worker) does what, up to an end."""
        hands, lead = self.hands, self.hands.handlers[str(self.item.lead_id)]
        if end == "verifying":
            return
        if end == "refuted":
            yield None, "refute", {"note": in_language(UNTRUE, self.language)}
            return
        yield None, "verify", {"with_photo": True}
        if end == "opening":
            return
        yield hands.supervisor, "register", {"item": self.item.code}
        if end == "dispatching":
            return
        yield hands.commander, "dispatch", self._dispatching()
        if end == "sent_back":
            yield lead, "send_back", {"note": in_language(NOT_OURS, self.language)}
        elif end == "suspended":
            yield hands.commander, "suspend", {"note": in_language(WAITING, self.language)}
        elif end != "handling":
            yield from self._ending(end)

    def _dispatching(self) -> dict[str, object]:
        return {"lead": self.item.lead_id, "assisting": tuple(self.item.assisting)}

    def _ending(self, end: str) -> Iterator[tuple[Actor | None, str, dict[str, object]]]:
        done = {"note": in_language(DONE, self.language)}
        supervisor = self.hands.supervisor
        for department in (*self.item.assisting, str(self.item.lead_id)):
            yield self.hands.handlers[department], "finish", dict(done)
        if end == "redone":
            yield None, "deny", {"note": in_language(UNTRUE, self.language)}
            yield self.hands.handlers[str(self.item.lead_id)], "finish", dict(done)
        yield None, "confirm", {"with_photo": True}
        yield supervisor, "close", {}
        if end != "answered":
            yield self._rater(), "rate", {"score": self.draw.choice((5, 5, 5, 4, 4, 3, 2))}

    def _rater(self) -> Actor:
        """Whoever opened it; an operator rates for callers, and for a grid worker's own report."""
        kind, _, name = case_queries.case(self.key).opened_by.partition(":")
        mine = (each for each, _ in self.hands.citizens if each.name == name)
        if kind == "visitor":
            return Actor("visitor", name)
        return next(mine, self.hands.operator) if kind == "citizen" else self.hands.operator

    def _worker(self, grid: str) -> Actor:
        first = next(iter(on_duty(grid)), None)
        return actor_of(first.officer.account) if first else Actor("officer", "0")

    def _pause(self, action: str) -> timedelta:
        """Working time until a step: departments take longest, and sometimes too long."""
        most = {"finish": 1800, "rate": 900, "verify": 200, "refute": 200}.get(action, 150)
        return timedelta(minutes=self.draw.randint(most // 10, most))

    def _photo(self, by: Actor) -> UUID:
        kept = self._picture()
        return files.store(by=by, content=kept, name="photo.jpg", media_type="image/jpeg").pk

    def _picture(self) -> bytes:
        """A picture that is plainly none: shapes in colours, other ones each time."""
        picture = Image.new("RGB", (640, 480), self._colour())
        pen = ImageDraw.Draw(picture)
        for _ in range(12):
            x, y = self.draw.randint(0, 600), self.draw.randint(0, 440)
            wide, high = self.draw.randint(30, 240), self.draw.randint(30, 180)
            pen.rounded_rectangle((x, y, x + wide, y + high), radius=18, fill=self._colour())
        kept = BytesIO()
        picture.save(kept, "JPEG", quality=70)
        return kept.getvalue()

    def _colour(self) -> tuple[int, int, int]:
        return (self.draw.randint(40, 220), self.draw.randint(60, 220), self.draw.randint(80, 230))
