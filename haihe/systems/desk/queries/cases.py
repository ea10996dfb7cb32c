"""What the pages of cases show: whose inboxes there are, a case in words, points for the map."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, ngettext

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.registry import registry
from haihe.base.text import Text
from haihe.kernel.cases import queries as cases
from haihe.kernel.cases.models import Case, Clock, Item, Task
from haihe.kernel.cases.queries import Inbox, Likely, Step
from haihe.kernel.cases.report import WAITS_FOR
from haihe.kernel.org import queries as org
from haihe.kernel.org.models import Account, Department, Officer
from haihe.kernel.places import queries as places
from haihe.systems.desk.models import SavedView
from haihe.ui.maps import Pin
from haihe.ui.templatetags.house import say


@dataclass(frozen=True)
class View:
    """One inbox that an officer has: its key in the address, its title, whose it is."""

    key: str
    title: str
    inbox: Inbox


@dataclass(frozen=True)
class CaseLine:
    """A case in a list: its state and category in words, and what is left until it is due."""

    case: Case
    state: Text
    tone: str
    category: Text
    left: str
    is_late: bool


@dataclass(frozen=True)
class ClockLine:
    """One running or resting clock of a case."""

    title: Text
    due: datetime | None
    left: str
    is_late: bool
    is_resting: bool
    is_provisional: bool
    whose: Text


@dataclass(frozen=True)
class StepLine:
    """One step of the history in words."""

    title: str
    at: datetime
    who: str
    note: str
    photos: list[str]
    answers: list[tuple[str, Any]]
    tone: str
    icon: str


@dataclass(frozen=True)
class CasePage:
    """All that a case's page tells."""

    case: Case
    title: str
    kind: Text
    state: Text
    tone: str
    category: Text
    places: list[Text]
    clocks: list[ClockLine]
    tasks: list[Task]
    steps: list[StepLine]
    likely: list[Likely]
    note: str
    facts: list[tuple[Text, Text]]


def views(by: Actor, officer: Officer) -> list[View]:
    """The inboxes of an officer, the one most asked for first."""
    found = []
    if by.may("cases.supervise"):
        inbox = Inbox(whole=True, states=WAITS_FOR["supervisor"])
        found.append(View("supervision", gettext("For supervision"), inbox))
    if by.may("cases.command"):
        inbox = Inbox(whole=True, states=WAITS_FOR["commander"])
        found.append(View("command", gettext("For command"), inbox))
    if by.may("cases.handle"):
        inbox = Inbox(department=by.department)
        found.append(View("department", gettext("My department"), inbox))
        found += [
            View(f"post-{post.pk}", say(post.title), Inbox(post=post.pk))
            for post in org.posts_held(officer)
        ]
        found.append(View("mine", gettext("Mine"), Inbox(officer=officer.pk)))
    if by.may("cases.supervise") or by.may("cases.command"):
        found.append(View("all", gettext("The whole city"), Inbox(whole=True)))
    return found


def kept_views(account: Account) -> list[SavedView]:
    """What an officer keeps, by name."""
    return list(SavedView.objects.filter(account=account).order_by("title"))


def which(view: View, chosen: dict[str, Any]) -> Inbox:
    """An inbox narrowed by a filter."""
    held = view.inbox
    return Inbox(
        department=held.department,
        post=held.post,
        officer=held.officer,
        whole=held.whole,
        states=held.states,
        type=chosen.get("type", ""),
        state=chosen.get("state", ""),
        category=chosen.get("category", ""),
        text=chosen.get("words", ""),
        overdue=bool(chosen.get("overdue")),
    )


def lines(found: Iterable[Case]) -> list[CaseLine]:
    """Cases as a list shows them."""
    rows = list(found)
    titles = dict(
        Item.objects.filter(pk__in={case.category for case in rows}).values_list("pk", "title")
    )
    return [_line(case, titles.get(case.category, {})) for case in rows]


def _line(case: Case, category: Text) -> CaseLine:
    is_late = case.due is not None and case.due < now()
    return CaseLine(case, state_of(case), tone_of(case), category, left(case), is_late)


def state_of(case: Case) -> Text:
    """The title of a case's state, by its own version."""
    return cases.definition_of(case).states[case.state].title


def tone_of(case: Case) -> str:
    """The colour beside the state's word."""
    if case.suspended_at is not None:
        return "violet"
    kind = cases.definition_of(case).states[case.state].kind
    if kind == "ended":
        return "green" if case.state in {"closed", "granted", "done"} else "grey"
    return "teal" if kind == "waiting" else "blue"


def left(case: Case) -> str:
    """What is left until a case is due, or how late it is, in words."""
    if case.suspended_at is not None:
        return gettext("suspended")
    return _left(case.due)


def _left(due: datetime | None) -> str:
    if due is None:
        return ""
    far = due - now()
    words = _span(abs(far))
    if far < timedelta(0):
        return gettext("%(span)s late") % {"span": words}
    return gettext("%(span)s left") % {"span": words}


def _span(far: timedelta) -> str:
    minutes = int(far.total_seconds()) // 60
    if minutes >= 2 * 24 * 60:
        days = minutes // (24 * 60)
        return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}
    if minutes >= 120:
        hours = minutes // 60
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def case_page(case: Case) -> CasePage:
    """A case for its page."""
    definition = cases.definition_of(case)
    history = cases.history(case)
    item = Item.objects.filter(pk=case.category).first()
    note = history[0].remark.get("note", "") if history else ""
    return CasePage(
        case=case,
        title=case.title or say(definition.title),
        kind=definition.title,
        state=state_of(case),
        tone=tone_of(case),
        category=item.title if item else {},
        places=_places(case),
        clocks=_clocks(case),
        tasks=list(case.tasks.select_related("department").order_by("opened_at", "pk")),
        steps=_steps(case, history),
        likely=_likely(case, note),
        note=note,
        facts=[each for found in registry.call("case_shown", case=case.pk) for each in found],
    )


def _likely(case: Case, note: str) -> list[Likely]:
    if case.lon is None or case.lat is None or case.ended_at is not None:
        return []
    point = (case.lon, case.lat, case.datum)
    text = f"{case.title} {note}"
    found = cases.likely_duplicates(point, case.category, text, moment=case.opened_at)
    return [each for each in found if each.case.pk != case.pk]


def _places(case: Case) -> list[Text]:
    if case.place is None:
        return []
    above = [each.name for each in places.wholes_of(case.place_id or "")]
    return [case.place.name, *above]


def _clocks(case: Case) -> list[ClockLine]:
    titles = cases.definition_of(case).clocks
    running = case.clocks.exclude(state=Clock.State.ENDED).select_related("task__department")
    return [
        ClockLine(
            title=titles[each.name].title,
            due=each.due,
            left=_left(each.due),
            is_late=each.due is not None and each.due < now(),
            is_resting=each.state == Clock.State.STOPPED,
            is_provisional=each.is_provisional,
            whose=each.task.department.name if each.task else {},
        )
        for each in running.order_by("due", "pk")
    ]


def _steps(case: Case, history: list[Step]) -> list[StepLine]:
    who = _names(step.event.by for step in history)
    return [_step(case, step, who) for step in reversed(history)]


def _step(case: Case, step: Step, who: dict[str, str]) -> StepLine:
    actions = cases.definition_of(case).actions
    action = actions.get(step.event.action)
    title = say(action.title) if action else _OTHERS.get(step.event.action, step.event.action)
    fields = action.fields if action else {}
    answers = [
        (say(fields[name].title) if name in fields else name, value)
        for name, value in step.remark.get("fields", {}).items()
    ]
    effect = action.effect if action else ""
    tone, icon = _LOOKS.get(effect or step.event.action, ("blue", "arrow-right"))
    return StepLine(
        title=str(title),
        at=step.event.at,
        who=who[step.event.by],
        note=step.remark.get("note", ""),
        photos=step.remark.get("photos", []),
        answers=answers,
        tone=tone,
        icon=icon,
    )


_OTHERS = {
    "open": gettext_lazy("Reported"),
    "reach": gettext_lazy("A time limit came near"),
    "resume_by_clock": gettext_lazy("Resumed by the clock"),
    "follow": gettext_lazy("Ended with the case that it was merged into"),
    "migrate": gettext_lazy("Moved to another version"),
    "hand_over": gettext_lazy("Handed over"),
    "mirror": gettext_lazy("As the other platform says"),
    "past": gettext_lazy("Before it was imported"),
    "import": gettext_lazy("Imported from an older platform"),
    "recount": gettext_lazy("Clocks counted again"),
}
_LOOKS = {
    "open": ("blue", "report"),
    "reach": ("amber", "alarm"),
    "send_back": ("amber", "arrow-left"),
    "suspend": ("violet", "player-pause"),
    "resume": ("blue", "player-play"),
    "finish_task": ("green", "check"),
    "rate": ("green", "star"),
    "reopen": ("amber", "refresh"),
    "urge": ("amber", "bell"),
    "escalate": ("red", "alert-triangle"),
    "dispatch": ("blue", "send"),
    "whistle": ("amber", "bell"),
    "merge": ("grey", "swap"),
}


def _names(actors: Iterable[str]) -> dict[str, str]:
    """Who acted, as an officer may know it: officers by name, people by their part alone."""
    marks = set(actors)
    keys = [mark.partition(":")[2] for mark in marks if mark.startswith("officer:")]
    accounts = Account.objects.filter(pk__in=[key for key in keys if key.isdecimal()])
    officers = {
        str(each.account_id): f"{each.name}, {say(each.department.name)}"
        for each in Officer.objects.filter(account__in=accounts).select_related("department")
    }
    words = {
        "citizen": gettext("Citizen"),
        "visitor": gettext("Somebody not signed in"),
        "clock": gettext("By the clock"),
        "system": gettext("Calling system"),
        "administrator": gettext("Administrator"),
        "officer": gettext("Officer"),
    }
    found = {}
    for mark in marks:
        kind, _, name = mark.partition(":")
        found[mark] = officers.get(name, "") if kind == "officer" else ""
        found[mark] = found[mark] or str(words.get(kind, kind))
    return found


def pins(found: Iterable[CaseLine]) -> list[Pin]:
    """The points of cases on a map, each leading to its page."""
    return [
        Pin(
            line.case.lon,
            line.case.lat,
            line.case.datum,
            f"{line.case.title} · {say(line.state)}",
            "red" if line.is_late else line.tone,
            reverse("desk:case", args=[line.case.pk]),
        )
        for line in found
        if line.case.lon is not None and line.case.lat is not None
    ]


def table_of(found: Iterable[CaseLine]) -> list[list[str]]:
    """Cases as the rows of a file, with its heads: nothing that names a person."""
    heads = [
        gettext("Number"), gettext("Title"), gettext("Category"), gettext("State"),
        gettext("Place"), gettext("Grid"), gettext("Department"), gettext("Reported"),
        gettext("Due"),
    ]  # fmt: skip
    names = dict(Department.objects.values_list("pk", "name"))
    rows = [
        [
            str(line.case.pk), line.case.title, say(line.category), say(line.state),
            say(line.case.place.name) if line.case.place else "", line.case.grid,
            say(names.get(line.case.department_id)), line.case.opened_at.isoformat(),
            line.case.due.isoformat() if line.case.due else "",
        ]
        for line in found
    ]  # fmt: skip
    return [heads, *rows]
