"""What a case type is: states, actions, clocks and limits as data. No callable, no expression.

A type becomes one validated document (``types.documents``), stored as a numbered version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from haihe.base.actor import Actor
from haihe.base.registry import LedgerKind, Permission
from haihe.base.text import Text

STATE_KINDS = ("open", "waiting", "ended")
UNITS = ("minutes", "days")
TIMES = ("working", "calendar")
OWNERS = ("case", "task")
RETURNS = ("anew", "continue")
RULES = ("all", "lead")
ASKS = ("note", "photo", "assignee", "item")
FIELD_KINDS = ("text", "number", "date", "choice", "yes_no")

EFFECTS = (
    "move",
    "dispatch",
    "send_back",
    "finish_task",
    "suspend",
    "resume",
    "extend",
    "urge",
    "escalate",
    "reopen",
    "merge",
    "rate",
    "whistle",
)
"""What an action can do besides moving the case along."""

LIMITED = {"send_back": "send_backs", "extend": "extensions", "reopen": "reopenings"}
"""Effects that may be had only so often, with the limit's name."""

STAYING = ("suspend", "resume", "extend", "urge", "escalate", "rate", "whistle")
"""Effects whose action may leave the state as it is."""

OPENERS = ("anybody",)
"""Beside the roles, who may open a case: ``anybody``, signed in or not."""

ROLES = ("opener", "unit", "grid_worker", "task_holder", "supervisor", "commander", "clock")
"""Who may act: whoever opened the case or whom it concerns; the unit in charge; the grid worker of
the place, or whoever it is assigned to; departments with an open task; ``supervisor``: 立案、核查、
评价; ``commander``: 派遣、督办; the clock. Beside them ``permission:NAME``: any officer who holds
it."""

TOLD = ("opener", "unit", "grid_worker", "task_holder", "supervisor", "commander")
"""Who can be told of a level."""

FOLLOWS = "follow"
"""The step of a merged case that ends with the one kept; no type declares it."""

MIRRORS, PAST, IMPORTS = "mirror", "past", "import"
"""Steps that no type declares either: a case that stands as the platform says which handles it;
what was done with an imported case before, at its old times; the importing itself."""


@dataclass(frozen=True)
class Field:
    """One answer that an action asks for. ``choices`` maps a choice's code to its text."""

    title: Text
    kind: str = "text"
    is_required: bool = False
    choices: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class State:
    """Where a case can be. ``clocks`` names the clocks of the case that run here.

    ``kind`` is ``open``, ``waiting`` (for somebody outside) or ``ended``.
    """

    title: Text
    clocks: tuple[str, ...] = ()
    kind: str = "open"


@dataclass(frozen=True)
class Action:
    """What somebody may do with a case in the states ``when``; the case then stands in ``to``.

    An empty ``to`` leaves the state. ``finish_task`` has none: ``Joint.then`` says where to.
    """

    title: Text
    when: tuple[str, ...]
    to: str = ""
    roles: tuple[str, ...] = ()
    effect: str = "move"
    asks: tuple[str, ...] = ()
    fields: Mapping[str, Field] = field(default_factory=dict)


@dataclass(frozen=True)
class Joint:
    """How departments handle together: ``all`` tasks must be done, or the ``lead``'s (主办)."""

    rule: str
    then: str


@dataclass(frozen=True)
class Level:
    """One level of a clock: at ``permille`` of its limit, or ``minutes_after`` it was due.

    ``tells`` names roles; ``takes`` an action that the clock then takes.
    """

    tells: tuple[str, ...] = ()
    permille: int | None = None
    minutes_after: int | None = None
    takes: str = ""


@dataclass(frozen=True)
class Clock:
    """A time limit. A working day is as many minutes as the city's calendar works in a day.

    ``of`` ``task``: runs while a department's task is open. ``on_return``: a state that is entered
    again starts the clock ``anew``, or lets it ``continue`` with what was left; a re-opened case
    has all its time again. ``by_item``: the item of the case's category says limit, unit and time,
    where it has any.
    """

    title: Text
    limit: int
    unit: str = "minutes"
    time: str = "working"
    of: str = "case"
    on_return: str = "anew"
    levels: tuple[Level, ...] = ()
    by_item: bool = False


@dataclass(frozen=True)
class Limits:
    """How often a case may be sent back, extended and re-opened (within days of its end)."""

    send_backs: int | None = None
    extensions: int | None = None
    reopenings: int | None = None
    reopen_days: int | None = None


@dataclass(frozen=True)
class CaseType:
    """One kind of case. ``opens`` is the state of a new one, ``opened_by`` who may open it.

    ``unit``: the department in whose charge a new one stands where whoever opens it names none.
    """

    name: str
    title: Text
    opens: str
    states: Mapping[str, State]
    actions: Mapping[str, Action]
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    joint: Joint | None = None
    limits: Limits = field(default_factory=Limits)
    opened_by: tuple[str, ...] = ("opener",)
    unit: str = ""


ITEM_KINDS = ("category", "class", "event", "component")


@dataclass(frozen=True)
class ItemDraft:
    """One line of the city's list of items: what a case can be about.

    ``kind``: a citizen's ``category``, an officer's ``class``, or below a class (``parent``) an
    ``event`` or a ``component``. Those two belong to a citizen's ``category`` and say who leads
    (``lead``), who assists, and how long a department has: ``limit`` units of working or calendar
    time; 0 where the type's own limit holds. GB/T 30428.2 calls them 事件 and 部件.
    """

    code: str
    kind: str
    title: Text
    parent: str = ""
    category: str = ""
    lead: str = ""
    assisting: tuple[str, ...] = ()
    limit: int = 0
    unit: str = "days"
    time: str = "working"


@dataclass(frozen=True, slots=True)
class NewCase:
    """One of many cases opened at once. ``point`` is longitude, latitude and their datum.

    ``subject`` is a subject key (16 bytes); ``post`` and ``officer`` are of ``department``.
    ``opener``: who opens it, where whoever opens them all only carries out what many did;
    ``note`` and ``photos`` (ids of files) came with it.
    """

    department: str
    title: str = ""
    category: str = ""
    place: str | None = None
    grid: str = ""
    point: tuple[float, float, str] | None = None
    post: int | None = None
    officer: int | None = None
    subject: bytes | None = None
    opener: Actor | None = None
    note: str = ""
    photos: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class NewReport:
    """One of many reports that are filed together: as ``actions.file_report`` takes one.

    ``opener`` sent it, at ``moment``.
    """

    opener: Actor
    moment: datetime
    point: tuple[float, float, str]
    category: str
    title: str
    note: str = ""
    photos: tuple[UUID, ...] = ()
    subject: bytes | None = None


@dataclass(frozen=True, slots=True)
class PastStep:
    """What was done with a case before it was imported: when, and what was written of it."""

    at: datetime
    note: str = ""


PERMISSIONS = (
    Permission("cases.open", {"zh": "批量立案", "en": "Open cases in bulk and for others"}),
    Permission("cases.handle", {"zh": "办理本部门事件", "en": "Handle cases of one's department"}),
    Permission("cases.supervise", {"zh": "监督：立案、核查、评价", "en": "Supervise cases"}),
    Permission("cases.command", {"zh": "指挥：派遣、督办", "en": "Dispatch and urge cases"}),
    Permission("cases.hand_over", {"zh": "移交事件", "en": "Hand cases over"}),
    Permission("cases.clocks.recount", {"zh": "重算时限", "en": "Count clocks again"}, "system"),
    Permission("cases.remarks.erase", {"zh": "删除事件文字", "en": "Erase a case's free texts"}),
    Permission("cases.type.draft", {"zh": "起草事件类型", "en": "Draft case types"}),
    Permission("cases.type.approve", {"zh": "审定事件类型", "en": "Approve case types"}),
    Permission("cases.type.publish", {"zh": "发布事件类型", "en": "Publish case types"}),
    Permission("cases.type.load", {"zh": "装载事件类型", "en": "Load case types"}, "system"),
    Permission(
        "cases.items.load", {"zh": "装载事项清单", "en": "Load the list of items"}, "system"
    ),
    Permission("cases.texts.learn", {"zh": "训练文本模型", "en": "Learn from texts"}, "system"),
    Permission(
        "cases.mirror", {"zh": "按外部平台更新事件", "en": "Let cases follow a platform"}, "system"
    ),
    Permission("cases.import", {"zh": "迁入在办事件", "en": "Import running cases"}, "system"),
    Permission("cases.migrate", {"zh": "迁移在办事件", "en": "Move running cases to a version"}),
)

_KEYED = "The subject's key is destroyed on erasure; the body holds ids, states and codes only."
_NONE = "Holds no personal data: names, numbers and counts of types and cases only."


def _of_subject(name: str, zh: str, en: str, *, seen: bool = False) -> LedgerKind:
    """Looks stand in a person's access record; steps of their own case on the case's page."""
    return LedgerKind(name, {"zh": zh, "en": en}, _KEYED, seen_by_subject=seen)


LEDGER_KINDS = (
    _of_subject("cases.case.opened", "立案", "Case opened", seen=True),
    _of_subject("cases.case.stepped", "事件办理", "Step of a case"),
    _of_subject("cases.case.read", "查看事件", "Case read", seen=True),
    _of_subject("cases.clock.reached", "时限到达", "A clock reached a level"),
    _of_subject("cases.case.migrated", "事件迁移版本", "Case moved to another version"),
    _of_subject("cases.case.imported", "迁入在办事件", "Case imported", seen=True),
    _of_subject("cases.remarks.erased", "删除事件文字", "A case's free texts erased", seen=True),
    LedgerKind("cases.taken_out", {"zh": "导出事件", "en": "Cases exported"}, _NONE),
    LedgerKind("cases.handed_over", {"zh": "移交事件", "en": "Cases handed over"}, _NONE),
    LedgerKind("cases.clocks.recounted", {"zh": "重算时限", "en": "Clocks counted again"}, _NONE),
    LedgerKind("cases.type.drafted", {"zh": "起草事件类型", "en": "Case type drafted"}, _NONE),
    LedgerKind("cases.type.approved", {"zh": "审定事件类型", "en": "Case type approved"}, _NONE),
    LedgerKind("cases.type.published", {"zh": "发布事件类型", "en": "Case type published"}, _NONE),
    LedgerKind("cases.texts.learned", {"zh": "训练文本模型", "en": "Texts learned"}, _NONE),
    LedgerKind("cases.items.loaded", {"zh": "装载事项清单", "en": "List of items loaded"}, _NONE),
    LedgerKind("cases.type.migrated", {"zh": "迁移在办事件", "en": "Running cases moved"}, _NONE),
)
