"""What the catalogue declares: permissions, ledger kinds, allowed moves, time limits, drafts."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NotRequired, TypedDict

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
    Permission("catalogue.demand.grant", {"zh": "同意数据需求", "en": "Grant a demand"}),
    Permission("catalogue.demand.refuse", {"zh": "拒绝数据需求", "en": "Refuse a demand"}),
    Permission("catalogue.demand.withdraw", {"zh": "撤回数据需求", "en": "Withdraw a demand"}),
    Permission("catalogue.grant.withdraw", {"zh": "撤销授权", "en": "Withdraw a grant"}),
    Permission("catalogue.negative.add", {"zh": "登记负面清单项", "en": "Add a negative entry"}),
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
    _kind("catalogue.demand.granted", "同意数据需求", "Demand granted"),
    _kind("catalogue.demand.refused", "拒绝数据需求", "Demand refused"),
    _kind("catalogue.demand.withdrawn", "撤回数据需求", "Demand withdrawn"),
    _kind("catalogue.grant.withdrawn", "撤销授权", "Grant withdrawn"),
    _kind("catalogue.grant.cut", "缩减授权信息项", "Columns cut from a grant"),
    _kind("catalogue.negative.added", "登记负面清单项", "Negative entry added"),
    _kind("catalogue.negative.ended", "终止负面清单项", "Negative entry ended"),
)

DEMAND_MOVES = {
    "raised": frozenset({"granted", "refused", "withdrawn"}),
    "granted": frozenset[str](),
    "refused": frozenset[str](),
    "withdrawn": frozenset[str](),
}
RESOURCE_MOVES = {
    "proposed": frozenset({"published", "closed"}),
    "published": frozenset({"closed"}),
    "closed": frozenset({"published"}),
}


@dataclass(frozen=True)
class Limits:
    """Working days within which a demand is answered.

    Source: Decree 809 (unconditional 1, conditional 10); a city's pack may name stricter ones.
    """

    unconditional: int = 1
    conditional: int = 10


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
