"""What the catalogue declares: permissions, ledger kinds, allowed moves, time limits, drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
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
    _kind("catalogue.purpose.added", "登记用途", "Purpose added"),
    _kind("catalogue.responsibility.added", "登记责任清单项", "Responsibility added"),
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


UNITS = {"fen": "integer"}
"""What a column's numbers count, and the kind that such a column has. ``fen`` is money."""


@dataclass(frozen=True)
class ColumnDraft:
    """One column of a resource that is proposed or published.

    ``kind`` is one of the engine's kinds of column (``text``, ``integer``, ``date`` …);
    ``scheme`` an identifier scheme of ``base.identifiers``, or empty; ``sharing_class`` empty
    where the resource's own class holds; ``unit`` one of ``UNITS``, or empty where it is unsaid.
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
    is_source: NotRequired[bool]


class Corrections(TypedDict, total=False):
    """What whoever confirms a proposed resource may correct; what is not named stays."""

    title: Text
    abstract: Text
    sharing_class: str
    sharing_condition: str
    cycle: str
    classification: str
    is_source: bool
    columns: Sequence[ColumnDraft]
