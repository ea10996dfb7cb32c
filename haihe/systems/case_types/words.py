"""What the words of a case type's document are called on a page."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from haihe.base.registry import registry
from haihe.kernel.cases.declare import CaseType
from haihe.kernel.cases.types.fault import Fault
from haihe.ui.templatetags.house import say

Words = dict[str, str | Promise]

STATE_KINDS: Words = {
    "open": gettext_lazy("We work on it"),
    "waiting": gettext_lazy("It waits for somebody outside"),
    "ended": gettext_lazy("It has ended"),
}
ROLES: Words = {
    "opener": gettext_lazy("Who opened it, or whom it concerns"),
    "unit": gettext_lazy("The unit in charge"),
    "grid_worker": gettext_lazy("The grid worker, or whoever it is assigned to"),
    "task_holder": gettext_lazy("Departments with an open task"),
    "supervisor": gettext_lazy("Supervision"),
    "commander": gettext_lazy("Command"),
    "clock": gettext_lazy("The clock, by itself"),
}
TOLD: Words = {role: word for role, word in ROLES.items() if role != "clock"}
OPENERS: Words = {
    "anybody": gettext_lazy("Anybody, signed in or not"),
    "opener": gettext_lazy("Anybody who is signed in"),
    "unit": gettext_lazy("Officers who handle cases"),
    "supervisor": gettext_lazy("Supervision"),
    "commander": gettext_lazy("Command"),
}
EFFECTS: Words = {
    "move": gettext_lazy("moves the case on"),
    "dispatch": gettext_lazy("gives departments tasks (派遣)"),
    "send_back": gettext_lazy("sends a task back (退单)"),
    "finish_task": gettext_lazy("finishes a department's task"),
    "suspend": gettext_lazy("stops the clocks (挂账)"),
    "resume": gettext_lazy("lets the clocks run again"),
    "extend": gettext_lazy("gives more time (延期)"),
    "urge": gettext_lazy("urges (督办)"),
    "escalate": gettext_lazy("puts it one level higher"),
    "reopen": gettext_lazy("opens it again"),
    "merge": gettext_lazy("merges it into another case"),
    "rate": gettext_lazy("takes a rating"),
    "whistle": gettext_lazy("calls departments to the place (吹哨)"),
}
ASKS: Words = {
    "note": gettext_lazy("a note"),
    "photo": gettext_lazy("a photo"),
    "assignee": gettext_lazy("who takes it over"),
    "item": gettext_lazy("an item of the city's list"),
}
FIELD_KINDS: Words = {
    "text": gettext_lazy("words"),
    "number": gettext_lazy("a whole number"),
    "date": gettext_lazy("a date"),
    "choice": gettext_lazy("one of the choices"),
    "yes_no": gettext_lazy("yes or no"),
}
UNITS: Words = {"minutes": gettext_lazy("minutes"), "days": gettext_lazy("days")}
TIMES: Words = {
    "working": gettext_lazy("working time of the city's calendar"),
    "calendar": gettext_lazy("by day and night"),
}
OWNERS: Words = {
    "case": gettext_lazy("the case, in the states that name it"),
    "task": gettext_lazy("each department's task"),
}
RETURNS: Words = {
    "anew": gettext_lazy("starts anew"),
    "continue": gettext_lazy("goes on with what was left"),
}
RULES: Words = {
    "": gettext_lazy("no tasks of departments"),
    "all": gettext_lazy("all tasks are done"),
    "lead": gettext_lazy("the lead's task is done (主办)"),
}
MOMENTS: Words = {
    "percent": gettext_lazy("per cent of the limit"),
    "after": gettext_lazy("minutes after it was due"),
}

SAID: dict[str, Words] = {
    "kind": STATE_KINDS | FIELD_KINDS,
    "role": ROLES | OPENERS,
    "who": ROLES,
    "effect": EFFECTS,
    "asked": ASKS,
    "rule": RULES,
}


def role_word(role: str) -> str:
    """A role in words; a permission by its title."""
    if role.startswith("permission:"):
        declared = registry.permissions.get(role.removeprefix("permission:"))
        return say(declared.title) if declared else role
    return str(ROLES.get(role) or OPENERS.get(role) or role)


def fault_words(fault: str, titles: dict[str, dict[str, str]]) -> str:
    """A fault in the reader's language, with the titles of what it names instead of codes."""
    if not isinstance(fault, Fault):
        return fault
    values = {
        name: _quoted(titles.get(name, {}).get(str(value)) or SAID.get(name, {}).get(str(value)))
        or str(value)
        for name, value in fault.values.items()
    }
    if "states" in values:
        known = titles.get("state", {})
        values["states"] = ", ".join(known.get(c, c) for c in values["states"].split(", "))
    return gettext(fault.said).format(**values)


def _quoted(word: str | Promise | None) -> str:
    return f"“{word}”" if word else ""


def titles_of(of: CaseType) -> dict[str, dict[str, str]]:
    """Titles of a type's states, actions and clocks by their codes, in the reader's language."""
    return {
        "state": _titles(of.states.items()),
        "action": _titles(of.actions.items()),
        "clock": _titles(of.clocks.items()),
    }


def _titles(parts: Iterable[tuple[str, object]]) -> dict[str, str]:
    return {name: say(getattr(part, "title", {})) for name, part in parts}
