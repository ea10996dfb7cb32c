"""What the catalogue declares: permissions, ledger kinds, allowed moves, time limits, drafts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from haihe.base.registry import LedgerKind, Permission
from haihe.base.text import Text

if TYPE_CHECKING:
    from haihe.kernel.catalogue.models import SourceSystem
    from haihe.kernel.org.models import Department

PERMISSIONS = (
    Permission(
        "catalogue.system.register", {"zh": "登记系统清单项", "en": "Register a source system"}
    ),
    Permission(
        "catalogue.system.pause", {"zh": "暂停、恢复本部门系统", "en": "Pause or resume own system"}
    ),
    Permission(
        "catalogue.system.pause_any",
        {"zh": "暂停、恢复任一系统", "en": "Pause or resume any system"},
        held_by="system",
    ),
    Permission("catalogue.resource.propose", {"zh": "拟编信息资源", "en": "Propose a resource"}),
    Permission(
        "catalogue.resource.confirm", {"zh": "确认信息资源", "en": "Confirm a proposed resource"}
    ),
    Permission("catalogue.resource.publish", {"zh": "发布信息资源", "en": "Publish a resource"}),
    Permission(
        "catalogue.classes.set", {"zh": "编制目录分类", "en": "Name the catalogue's classes"}
    ),
    Permission("catalogue.purpose.add", {"zh": "登记用途", "en": "Add a purpose"}),
    Permission(
        "catalogue.responsibility.add", {"zh": "登记责任清单项", "en": "Add a responsibility"}
    ),
    Permission("catalogue.demand.raise", {"zh": "提出数据需求", "en": "Raise a demand"}),
    Permission("catalogue.demand.match", {"zh": "供需对接", "en": "Find who holds wanted data"}),
    Permission("catalogue.demand.check", {"zh": "形式审查", "en": "Check a demand's form"}),
    Permission("catalogue.demand.grant", {"zh": "同意数据需求", "en": "Grant a demand"}),
    Permission("catalogue.demand.refuse", {"zh": "拒绝数据需求", "en": "Refuse a demand"}),
    Permission("catalogue.demand.withdraw", {"zh": "撤回数据需求", "en": "Withdraw a demand"}),
    Permission("catalogue.demand.negotiate", {"zh": "协商数据需求", "en": "Negotiate a demand"}),
    Permission("catalogue.demand.decide", {"zh": "裁决数据需求", "en": "Decide between parties"}),
    Permission("catalogue.grant.evaluate", {"zh": "评价数据使用", "en": "Evaluate a grant's use"}),
    Permission(
        "catalogue.dues.recount", {"zh": "重算办理时限", "en": "Count last days again"}, "system"
    ),
    Permission("catalogue.dispute.raise", {"zh": "提出争议", "en": "Raise or answer a dispute"}),
    Permission("catalogue.grant.withdraw", {"zh": "撤销授权", "en": "Withdraw a grant"}),
    Permission(
        "catalogue.grant.ask_renewal", {"zh": "申请授权续期", "en": "Ask for a grant's renewal"}
    ),
    Permission("catalogue.grant.renew", {"zh": "决定授权续期", "en": "Decide a grant's renewal"}),
    Permission(
        "catalogue.onward.ask",
        {"zh": "申请再提供例外", "en": "Ask for onward use"},
    ),
    Permission("catalogue.onward.decide", {"zh": "决定再提供例外", "en": "Decide onward use"}),
    Permission(
        "catalogue.deletion.confirm",
        {"zh": "出具数据销毁回执", "en": "Give the receipt of a deletion"},
    ),
    Permission(
        "catalogue.grant.follow",
        {"zh": "跟踪授权期限和数据销毁", "en": "Follow terms of grants and deletions"},
        held_by="system",
    ),
    Permission("catalogue.negative.add", {"zh": "登记负面清单项", "en": "Add a negative entry"}),
    Permission(
        "catalogue.negative.any",
        {"zh": "登记、复核任一部门的负面清单项", "en": "Add or review any department's entries"},
    ),
    Permission(
        "catalogue.negative.review", {"zh": "复核负面清单项", "en": "Review a negative entry"}
    ),
    Permission(
        "catalogue.sheets.import",
        {"zh": "以电子表格导入目录和清单", "en": "Import the lists from spreadsheets"},
    ),
    Permission("catalogue.negative.end", {"zh": "终止负面清单项", "en": "End a negative entry"}),
)

_ERASED = "Holds no personal data: names of tables, columns and departments only."


def _kind(name: str, chinese: str, english: str) -> LedgerKind:
    return LedgerKind(name, {"zh": chinese, "en": english}, erased=_ERASED)


LEDGER_KINDS = (
    _kind("catalogue.system.registered", "登记系统清单项", "Source system registered"),
    _kind("catalogue.system.paused", "暂停系统", "Source system paused"),
    _kind("catalogue.system.resumed", "恢复系统", "Source system resumed"),
    _kind("catalogue.resource.proposed", "拟编信息资源", "Resource proposed"),
    _kind("catalogue.resource.confirmed", "确认信息资源", "Resource confirmed"),
    _kind("catalogue.resource.published", "发布信息资源", "Resource published"),
    _kind("catalogue.classes.set", "编制目录分类", "Classes of the catalogue named"),
    _kind("catalogue.purpose.added", "登记用途", "Purpose added"),
    _kind("catalogue.responsibility.added", "登记责任清单项", "Responsibility added"),
    _kind("catalogue.responsibility.changed", "更正责任清单项", "Responsibility changed"),
    _kind("catalogue.sheets.imported", "以电子表格导入清单", "Lists imported from a spreadsheet"),
    _kind("catalogue.negative.reviewed", "复核负面清单项", "Negative entry reviewed"),
    _kind("catalogue.demand.raised", "提出数据需求", "Demand raised"),
    _kind("catalogue.demand.passed", "形式审查通过", "Demand's form passed"),
    _kind("catalogue.demand.returned", "退回补正", "Demand returned for correction"),
    _kind("catalogue.demand.corrected", "补正数据需求", "Demand corrected"),
    _kind("catalogue.demand.extended", "延长审核时限", "Time to decide extended"),
    _kind("catalogue.demand.negotiated", "协商数据需求", "Demand negotiated"),
    _kind("catalogue.demand.brought", "提请裁决", "Demand brought to the authority"),
    _kind("catalogue.demand.upheld", "维持不予共享", "Refusal upheld"),
    _kind("catalogue.demand.granted", "同意数据需求", "Demand granted"),
    _kind("catalogue.demand.refused", "拒绝数据需求", "Demand refused"),
    _kind("catalogue.demand.withdrawn", "撤回数据需求", "Demand withdrawn"),
    _kind("catalogue.grant.withdrawn", "撤销授权", "Grant withdrawn"),
    _kind("catalogue.wanted.raised", "登记待对接需求", "Data wanted"),
    _kind("catalogue.wanted.found", "需求对接成功", "Wanted data found"),
    _kind("catalogue.wanted.asked", "请提供方编目", "Provider asked to publish"),
    _kind("catalogue.wanted.declined", "提供方不能提供", "Provider can't publish"),
    _kind("catalogue.wanted.refused", "需求无法对接", "Wanted data not to be had"),
    _kind("catalogue.wanted.withdrawn", "撤回待对接需求", "Wanted data withdrawn"),
    _kind("catalogue.grant.evaluated", "评价数据使用", "Grant's use evaluated"),
    _kind("catalogue.dispute.raised", "提出争议", "Dispute raised"),
    _kind("catalogue.dispute.answered", "答复争议", "Dispute answered"),
    _kind("catalogue.dispute.withdrawn", "撤回争议", "Dispute withdrawn"),
    _kind("catalogue.dispute.settled", "裁决争议", "Dispute settled"),
    _kind("catalogue.dues.recounted", "重算办理时限", "Last days counted again"),
    _kind("catalogue.grant.cut", "缩减授权信息项", "Columns cut from a grant"),
    _kind("catalogue.renewal.asked", "申请授权续期", "Renewal of a grant asked"),
    _kind("catalogue.renewal.granted", "授权续期", "Grant renewed"),
    _kind("catalogue.renewal.refused", "未同意授权续期", "Renewal of a grant refused"),
    _kind("catalogue.onward.asked", "申请再提供例外", "Onward use asked"),
    _kind("catalogue.onward.allowed", "同意再提供例外", "Onward use allowed"),
    _kind("catalogue.onward.refused", "未同意再提供例外", "Onward use refused"),
    _kind("catalogue.deletion.asked", "要求销毁数据", "Deletion of received data asked"),
    _kind("catalogue.deletion.received", "数据销毁回执", "Receipt of a deletion"),
    _kind("catalogue.negative.added", "登记负面清单项", "Negative entry added"),
    _kind("catalogue.negative.ended", "终止负面清单项", "Negative entry ended"),
)

RESOURCE_MOVES = {
    "proposed": frozenset({"published", "closed"}),
    "published": frozenset({"closed"}),
    "closed": frozenset({"published"}),
}


@dataclass(frozen=True)
class Limits:
    """Working days of each part of the procedure; a city's pack names its own (``demand_days``).

    Decree 809: what is unconditional within 1, what is conditional within 10. The others are the
    house's, near what local rules say: the form is checked within 2, corrected within 5; the
    provider may take ``extension`` more, once; a refusal can be objected to for ``appeal``; parties
    ``negotiate``; the authority decides, ``match``es wanted data and settles a dispute; a provider
    who is asked to ``publish`` does.
    """

    unconditional: int = 1
    conditional: int = 10
    check: int = 2
    correct: int = 5
    extension: int = 5
    appeal: int = 10
    negotiate: int = 10
    decide: int = 10
    match: int = 5
    publish: int = 10
    dispute: int = 10


@dataclass(frozen=True)
class Procedure:
    """How a city deals with demands: its data ``authority`` (数据主管部门; a department's code)
    checks their form first (``formal_check``), matches what is looked for and decides between
    departments that do not agree. Without an authority there is none of this.
    """

    authority: str = ""
    formal_check: bool = False

    @property
    def checks(self) -> bool:
        """Whether a person checks the form of a demand before its provider decides."""
        return self.formal_check and bool(self.authority)


@dataclass(frozen=True)
class CodeScheme:
    """How the numbers of resources (信息资源代码) are written; a city's pack may name its own.

    ``form`` holds ``{classification}`` (its digits without hyphens) and, if the city puts one in
    front, ``{department}``: the department's number in ``departments``. What follows the ``mark``
    is the number within that head, in ``digits`` digits or more. Source: the guide of 2017
    (classification, stroke, number).

    >>> CodeScheme().written(CodeScheme().head("1-03-02", department="land"), 7)
    '10302/000007'
    """

    form: str = "{classification}"
    mark: str = "/"
    digits: int = 6
    departments: Mapping[str, str] = field(default_factory=dict)

    def head(self, classification: str, *, department: str) -> str | None:
        """What stands before the mark; none where the scheme has no number for the department."""
        if "{department}" in self.form and department not in self.departments:
            return None
        digits = classification.replace("-", "")
        number = self.departments.get(department, "")
        return self.form.format(classification=digits, department=number)

    def written(self, head: str, number: int | None) -> str:
        """A whole code; up to its mark where there is no number."""
        return f"{head}{self.mark}" + ("" if number is None else f"{number:0{self.digits}}")

    def sequence_of(self, code: str, head: str) -> int | None:
        """The number of a code under that head; none where it is not one."""
        rest = code.removeprefix(self.written(head, None))
        return int(rest) if rest.isdecimal() and self.written(head, int(rest)) == code else None


def stands_in(place: str, classes: Collection[str]) -> bool:
    """Whether a place is one of the classes, or a finer one below one of two levels (目、细目).

    >>> stands_in("1-03-02", {"1", "1-03"}), stands_in("1-04", {"1", "1-03"})
    (True, False)
    """
    parts = place.split("-")
    above = ("-".join(parts[:length]) for length in range(2, len(parts)))
    return place in classes or any(each in classes for each in above)


DIVISION = "place.division"
"""The datum of a column that says in which division of the city its row belongs."""


@dataclass(frozen=True)
class Terms:
    """What a demand asks besides columns, purpose, mode, rate and months.

    ``rows`` are tests of ``base.row_tests`` in JSON's own types; none asks for every row.
    ``fetching`` is ``periodic`` or ``once``; ``every_hours`` the least time between two
    deliveries. Onward use is banned but for the departments of ``onward_to``, by ``onward_law``.
    With ``is_return_flow`` a district asks for its own rows back (回流). Source of the shape:
    DEPA's consent artefact.
    """

    rows: Sequence[Mapping[str, object]] = ()
    fetching: str = "periodic"
    every_hours: int | None = None
    data_life_days: int = 365
    onward_to: Sequence[str] = ()
    onward_law: str = ""
    is_return_flow: bool = False


DOCUMENT = {
    "form": "2: the number of this form of document (1: without onward_use's exceptions)",
    "grant": "the grant's id",
    "edition": "1, 2, …: a grant that is cut or renewed gets the next",
    "demand": "the id of the demand that it was granted on",
    "provider": "code of the department that provides",
    "receiver": "code of the department that may use it",
    "resource": "code of the resource",
    "version": "the resource's version at that moment",
    "purpose": "code and legal basis of the purpose",
    "basis": "the legal basis that the demand cites",
    "columns": "names of the columns, in order",
    "rows": "tests that all hold for each row given; none: every row",
    "return_flow": "whether a district gets its own rows back (回流)",
    "mode": "table, file or interface",
    "frequency": "calls_a_minute of an interface; else fetch (once or periodic) and every_hours",
    "since": "begin, ISO 8601 in UTC",
    "until": "end; nothing is given from that moment on",
    "data_life": "unit and value: how long what was received may be kept, never past the end",
    "onward_use": "allowed_to (departments; none: banned) and the law as demanded; exceptions that"
    " the provider allowed later, each with allowed_to, law and until",
}
"""What each field of a grant's frozen document says. Shape: DEPA's consent artefact."""

CYCLE_DAYS = {
    "realtime": 1,
    "daily": 1,
    "weekly": 7,
    "monthly": 31,
    "quarterly": 92,
    "half_yearly": 184,
    "yearly": 366,
}
"""Days after which a resource's data is older than its cycle promises; irregular promises none."""

UNITS = {"fen": "integer"}
"""What a column's numbers count, and the kind that such a column has. ``fen`` is money."""


@dataclass(frozen=True)
class ColumnDraft:
    """One column of a resource that is proposed or published.

    ``kind`` is one of the engine's kinds of column (``text``, ``integer``, ``date`` …);
    ``scheme`` an identifier scheme of ``base.identifiers``, or empty; ``sharing_class``,
    ``sharing_condition`` and ``modes`` empty where the resource's own hold; ``unit`` one of
    ``UNITS``, or empty where it is unsaid; ``element`` the datum of the city that it holds, and
    ``is_lead`` whether it is the one place where that datum is kept.
    """

    name: str
    kind: str
    title: Text = field(default_factory=dict)
    length: int | None = None
    is_key: bool = False
    is_required: bool = False
    is_personal: bool = False
    is_subject: bool = False
    scheme: str = ""
    sharing_class: str = ""
    unit: str = ""
    sharing_condition: str = ""
    modes: Sequence[str] = ()
    element: str = ""
    is_lead: bool = False


class ResourceDraft(TypedDict):
    """What ``publish_resource`` and ``propose_resource`` take besides ``by``: see ``Resource``."""

    code: str
    title: Text
    department: Department | str
    table: str
    sharing_class: str
    columns: Sequence[ColumnDraft]
    abstract: NotRequired[Text]
    system: NotRequired[SourceSystem | str | None]
    source_table: NotRequired[str]
    sharing_condition: NotRequired[str]
    cycle: NotRequired[str]
    classification: NotRequired[str]
    national_code: NotRequired[str | None]
    format: NotRequired[str]
    format_detail: NotRequired[str]
    modes: NotRequired[Sequence[str]]
    open_class: NotRequired[str]
    open_condition: NotRequired[str]
    related: NotRequired[Sequence[str]]
    is_source: NotRequired[bool]
    sample: NotRequired[Mapping[str, Any]]


class Corrections(TypedDict, total=False):
    """What whoever confirms a proposed resource may correct; what is not named stays."""

    title: Text
    abstract: Text
    sharing_class: str
    sharing_condition: str
    cycle: str
    classification: str
    format: str
    format_detail: str
    modes: Sequence[str]
    open_class: str
    open_condition: str
    related: Sequence[str]
    is_source: bool
    columns: Sequence[ColumnDraft]


class SystemFacts(TypedDict, total=False):
    """What the list of systems says of one besides its source: see ``SourceSystem``.

    ``merges_into`` is the code of its target; what is not named stays.
    """

    cloud: str
    fate: str
    merges_into: str | None
    is_vertical: bool
    tables: int | None
    interfaces: int | None
    builder: str
    items: Sequence[str]


class ResponsibilityFacts(TypedDict, total=False):
    """What a responsibility says besides who and by what law; what is not named stays."""

    item_code: str
    item_title: str
    level: str
    status: str
    contact_post: str
    due: date | None
