"""The page of a case type as parts, each a list of rows with columns. Data only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from haihe.systems.case_types import words

STATES, STEPS, CLOCKS, UNITS = "states", "actions", "clocks", "departments"
"""Lists whose rows other rows name: the options of ``among``."""


@dataclass(frozen=True)
class Column:
    """One input of a row. ``kind``: ``text``, ``number``, ``lines``, ``flag``, ``pick`` or
    ``checks``; the last two choose from ``choices``, or from the rows of ``among``.
    """

    name: str
    title: str | Promise
    kind: str = "text"
    choices: words.Words | None = None
    among: str = ""
    hint: str | Promise = ""


@dataclass(frozen=True)
class Part:
    """A list of rows: its name in the document, its columns, the parts of each row."""

    name: str
    title: str | Promise
    one: str | Promise
    columns: tuple[Column, ...]
    parts: tuple[Part, ...] = ()


_TITLES = (
    Column("zh", gettext_lazy("Name in Chinese")),
    Column("en", gettext_lazy("Name in English")),
)

HEAD = (
    *_TITLES,
    Column("opens", gettext_lazy("Where a new case stands"), "pick", among=STATES),
    Column("unit", gettext_lazy("The unit in charge of a new case"), "pick", among=UNITS),
    Column("opened_by", gettext_lazy("Who may open one"), "checks", words.OPENERS),
)
JOINT = (
    Column("rule", gettext_lazy("Departments are finished when"), "pick", words.RULES),
    Column("then", gettext_lazy("The case then stands in"), "pick", among=STATES),
    Column("send_backs", gettext_lazy("Times it may be sent back"), "number"),
    Column("extensions", gettext_lazy("Times it may be extended"), "number"),
    Column("reopenings", gettext_lazy("Times it may be opened again"), "number"),
    Column("reopen_days", gettext_lazy("Days after its end in which it may"), "number"),
)
PARTS = (
    Part(
        STATES,
        gettext_lazy("Where a case can stand"),
        gettext_lazy("State"),
        (
            *_TITLES,
            Column("kind", gettext_lazy("What that means"), "pick", words.STATE_KINDS),
            Column("clocks", gettext_lazy("Time limits that run"), "checks", among=CLOCKS),
        ),
    ),
    Part(
        STEPS,
        gettext_lazy("What can be done with it"),
        gettext_lazy("Step"),
        (
            *_TITLES,
            Column("when", gettext_lazy("Starting from"), "checks", among=STATES),
            Column("to", gettext_lazy("Leading to"), "pick", among=STATES),
            Column("roles", gettext_lazy("By whom"), "checks", words.ROLES),
            Column("effect", gettext_lazy("What it does"), "pick", words.EFFECTS),
            Column("asks", gettext_lazy("What it needs"), "checks", words.ASKS),
        ),
        (
            Part(
                "fields",
                gettext_lazy("Questions to answer"),
                gettext_lazy("Question"),
                (
                    *_TITLES,
                    Column("kind", gettext_lazy("The answer is"), "pick", words.FIELD_KINDS),
                    Column("is_required", gettext_lazy("It must be answered"), "flag"),
                    Column(
                        "choices",
                        gettext_lazy("Choices"),
                        "lines",
                        hint=gettext_lazy("One a line: Chinese | English"),
                    ),
                ),
            ),
        ),
    ),
    Part(
        CLOCKS,
        gettext_lazy("How long it may take"),
        gettext_lazy("Time limit"),
        (
            *_TITLES,
            Column("limit", gettext_lazy("How long"), "number"),
            Column("unit", gettext_lazy("Unit"), "pick", words.UNITS),
            Column("time", gettext_lazy("Counted in"), "pick", words.TIMES),
            Column("of", gettext_lazy("It limits"), "pick", words.OWNERS),
            Column("on_return", gettext_lazy("When a state is entered again it"), "pick",
                   words.RETURNS),
            Column("by_item", gettext_lazy("The item's own limit goes before"), "flag"),
        ),
        (
            Part(
                "levels",
                gettext_lazy("Who is told, and when"),
                gettext_lazy("Moment"),
                (
                    Column("number", gettext_lazy("At"), "number"),
                    Column("moment", gettext_lazy("Counted as"), "pick", words.MOMENTS),
                    Column("tells", gettext_lazy("Tells"), "checks", words.TOLD),
                    Column("takes", gettext_lazy("And takes the step"), "pick", among=STEPS),
                ),
            ),
        ),
    ),
)  # fmt: skip


def part_of(name: str) -> Part:
    """The part of a name, of the page or of a row."""
    return next(each for each in _all(PARTS) if each.name == name)


def _all(parts: tuple[Part, ...]) -> Iterator[Part]:
    for each in parts:
        yield each
        yield from _all(each.parts)
