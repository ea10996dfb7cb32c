"""An objection in words: where it stands, its way, and who has confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from haihe.base.text import Text
from haihe.kernel.cases.models import Case
from haihe.kernel.cases.queries import definition_of
from haihe.kernel.exchange.models import Batch
from haihe.kernel.org.models import Officer
from haihe.systems.corrections.models import Objection, ObjectionWords, Receiver, Verdict
from haihe.systems.corrections.queries import values
from haihe.ui.templatetags.house import say
from haihe.ui.words import name_of

_TONES = {
    "deciding": "amber",
    "rejected": "red",
    "appealed": "amber",
    "correcting": "blue",
    "recalling": "blue",
    "closed": "green",
    "refused": "red",
    "withdrawn": "grey",
}
_WAYS = {
    "services.call.answered": "api",
    "services.page.viewed": "eye",
    "exchange.batch.delivered": "truck",
    "exchange.export.made": "file-text",
    "proof": "shield-check",
}


@dataclass(frozen=True)
class Status:
    """Where a case stands, in words and tone, and until when."""

    title: Text
    tone: str
    due: datetime | None


@dataclass(frozen=True)
class Step:
    """One step of an objection's way; without ``at`` it is still ahead."""

    icon: str
    title: str
    at: datetime | None
    note: str = ""
    tone: str = "blue"


@dataclass(frozen=True)
class Shown:
    """The values of an objection in words; empty for whoever may not see them."""

    number: str = ""
    given: str = ""
    asked: str = ""
    right: str = ""
    seen: str = ""
    why: str = ""
    appeal_why: str = ""
    right_typed: str = ""
    asked_typed: str = ""
    asks_gone: bool = False
    is_other: bool = False
    evidence: str = ""


@dataclass(frozen=True)
class ReceiverLine:
    """One receiver: how it was given the value, and what it did."""

    receiver: Receiver
    ways: list[tuple[str, str]]
    officer: str
    status: Status


def status_of(case: Case) -> Status:
    """Where a case of ours stands."""
    state = definition_of(case).states[case.state]
    return Status(state.title, _TONES.get(case.state, "blue"), case.due)


def shown(objection: Objection, words: ObjectionWords | None) -> Shown:
    """The values of an objection, for whoever may see them all."""
    if words is None:
        return Shown()
    column, given = objection.column, {"value": words.given}
    seen = words.seen
    is_other = bool(seen) and objection.seen_at is None and _differs(words, objection)
    return Shown(
        number=values.shown_number(words.number_sealed),
        given=values.shown(given, column),
        asked=values.shown(words.asked, column),
        right=values.shown(words.right, column),
        seen=values.shown(seen, column),
        why=words.why,
        appeal_why=words.appeal_why,
        right_typed=values.typed(words.right or words.asked, column),
        asked_typed=values.typed(words.asked, column),
        asks_gone=bool((words.right or words.asked).get("gone")),
        is_other=is_other,
        evidence=words.evidence.name or "PDF" if words.evidence else "",
    )


def for_receiver(everything: Shown) -> Shown:
    """What a receiver is told under its grant: whom it concerns, what was wrong, what is right."""
    return Shown(
        number=everything.number,
        given=everything.given,
        right=everything.right,
        seen=everything.seen,
    )


def _differs(words: ObjectionWords, objection: Objection) -> bool:
    """Whether what was seen last is neither what was wrong nor what was decided."""
    seen = words.seen or {}
    if seen.get("gone"):
        return not (words.right or {}).get("gone")
    return not values.same(seen.get("value"), words.given, objection.column)


def way_of(objection: Objection, *, with_reasons: bool = True) -> list[Step]:
    """The way so far, and the step that comes next."""
    verdicts = {each.instance: each for each in objection.verdicts.select_related("department")}
    provider = say(objection.resource.department.name)
    raised = say(objection.department.name) if objection.department else ""
    steps = [Step("file-text", gettext("Objection raised"), objection.raised_at, raised)]
    first = verdicts.get(Verdict.Instance.PROVIDER)
    if first is not None:
        steps.append(_verdict_step(first, with_reasons))
    elif not objection.end:
        steps.append(Step("clock", gettext("The provider checks"), None, provider, "grey"))
    if objection.appealed_at is not None:
        steps.append(Step("scale", gettext("Appealed"), objection.appealed_at, "", "amber"))
        second = verdicts.get(Verdict.Instance.AUTHORITY)
        if second is not None:
            steps.append(_verdict_step(second, with_reasons))
        else:
            steps.append(Step("clock", gettext("The authority decides"), None, "", "grey"))
    if objection.accepted_at is not None:
        steps += _after(objection, provider)
    elif objection.end:
        steps.append(_end_step(objection))
    return steps


def _verdict_step(verdict: Verdict, with_reasons: bool) -> Step:
    is_first = verdict.instance == Verdict.Instance.PROVIDER
    if verdict.is_accepted:
        title = gettext("Accepted") if is_first else gettext("Appeal upheld")
    else:
        title = gettext("Rejected") if is_first else gettext("Appeal dismissed")
    note = say(verdict.department.name)
    if with_reasons and verdict.reason:
        note = f"{note}: {verdict.reason}"
    icon, tone = ("circle-check", "green") if verdict.is_accepted else ("circle-x", "red")
    return Step(icon, title, verdict.at, note, tone)


def _after(objection: Objection, provider: str) -> list[Step]:
    receivers = list(objection.receivers.select_related("department").order_by("told_at", "pk"))
    names = "、".join(say(each.department.name) for each in receivers)
    told = gettext("%(n)s departments were given the wrong value and told") % {"n": len(receivers)}
    first = min((each.told_at for each in receivers), default=objection.accepted_at)
    steps = [Step("truck", told, first, names)]
    if objection.seen_at is None:
        corrects = gettext("The provider corrects its own database")
        return [*steps, Step("clock", corrects, None, provider, "grey")]
    arrived = gettext("The correction arrived by the exchange")
    steps.append(Step("database", arrived, objection.seen_at, _batch_note(objection), "green"))
    for each in sorted(receivers, key=lambda one: str(one.confirmed_at or "~")):
        name = say(each.department.name)
        if each.confirmed_at:
            title = gettext("%(name)s confirmed") % {"name": name}
            note = name_of("recall", each.outcome)
            steps.append(Step("circle-check", title, each.confirmed_at, note, "green"))
        else:
            title = gettext("%(name)s confirms") % {"name": name}
            steps.append(Step("clock", title, None, "", "grey"))
    if objection.ended_at is not None:
        steps.append(_end_step(objection))
    return steps


def _batch_note(objection: Objection) -> str:
    batch = Batch.objects.filter(pk=objection.seen_batch).first() if objection.seen_batch else None
    if batch is None:
        return ""
    return gettext("Batch %(batch)s of the link %(link)s") % {
        "batch": str(batch.pk)[-6:],
        "link": batch.link_id,
    }


def _end_step(objection: Objection) -> Step:
    title = say(definition_of(objection.case).states[objection.end].title)
    is_good = objection.end == Objection.End.CLOSED
    return Step(
        "circle-check" if is_good else "circle-x",
        title,
        objection.ended_at,
        "",
        "green" if is_good else "grey",
    )


def receiver_lines(receivers: Iterable[Receiver]) -> list[ReceiverLine]:
    """Receivers in words."""
    found = list(receivers)
    accounts = [each.confirmed_by.partition(":")[2] for each in found if each.confirmed_by]
    named = dict(Officer.objects.filter(account__in=accounts).values_list("account", "name"))
    return [
        ReceiverLine(
            each,
            [(_WAYS.get(way, "file-text"), name_of("recall_way", way)) for way in each.ways],
            named.get(int(each.confirmed_by.partition(":")[2] or 0), "")
            if each.confirmed_by.partition(":")[2].isdecimal()
            else "",
            status_of(each.case),
        )
        for each in found
    ]
