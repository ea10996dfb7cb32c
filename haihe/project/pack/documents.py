"""The shape of each YAML file of a pack. A field that is not named here is a fault."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

Words = dict[str, str]


class Document(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of a file."""


class ColumnDoc(Document):
    """A column of a resource. ``is`` lists what holds of it, ``unit`` says what it counts.

    ``element`` is the datum of the city that it holds; marked ``lead`` it is the datum's source.
    """

    name: str
    kind: str
    title: Words
    length: int | None = None
    marks: list[Literal["key", "required", "personal", "subject", "lead"]] = field(
        name="is", default_factory=list
    )
    scheme: str = ""
    sharing_class: Literal["", "unconditional", "conditional", "withheld"] = ""
    unit: Literal["", "fen"] = ""
    sharing_condition: str = ""
    modes: list[Literal["table", "file", "interface"]] = []
    element: str = ""


class PredicateDoc(Document):
    """What a proof asks: ``column operator value``."""

    column: str
    operator: Literal["=", "!=", "<", "<=", ">", ">="]
    value: str | int | bool


class ServiceDoc(Document):
    """A governed interface on a resource."""

    code: str
    kind: Literal["proof", "look_up"]
    title: Words
    predicate: PredicateDoc | None = None


class ResponsibilityDoc(Document):
    """Why the department owes the resource."""

    duty: Words
    basis: str
    due: str = ""


class LinkDoc(Document):
    """How the resource is gathered into the lake."""

    mode: Literal["full", "watermark", "changes"]
    watermark: str = ""
    overlap_s: int = 0
    schedule: str = ""


class ResourceDoc(Document):
    """A resource with all that hangs on it. ``seed`` names the made-up table that fills it."""

    code: str
    title: Words
    department: str
    system: str
    source_table: str
    table: str
    sharing_class: Literal["unconditional", "conditional", "withheld"]
    columns: list[ColumnDoc]
    cycle: Literal[
        "realtime", "daily", "weekly", "monthly", "quarterly", "half_yearly", "yearly", "irregular"
    ]
    abstract: Words = {}
    classification: str = ""
    sharing_condition: str = ""
    format: Literal["database", "file", "spreadsheet", "picture", "stream", "other"] = "database"
    format_detail: str = ""
    modes: list[Literal["table", "file", "interface"]] = field(
        default_factory=lambda: ["table", "file", "interface"]
    )
    open_class: Literal["closed", "conditional", "unconditional"] = "closed"
    open_condition: str = ""
    related: list[str] = []
    is_source: bool = False
    seed: str = ""
    link: LinkDoc | None = None
    responsibility: ResponsibilityDoc | None = None
    services: list[ServiceDoc] = []


class SystemDoc(Document):
    """A source system. ``database`` is its name in the demo; ``receives`` a schema to write in."""

    code: str
    department: str
    kind: Literal["postgresql", "mariadb", "files"]
    title: Words
    database: str = ""
    network: Literal["", "extranet", "intranet", "internet", "dedicated"] = ""
    protection_level: int | None = None
    connection_cap: int = 2
    timeout_s: int = 600
    receives: str = ""


class PurposeDoc(Document):
    """What data may be used for, and by which law."""

    code: str
    title: Words
    basis: str


class NegativeDoc(Document):
    """Columns (``resource/column``) that may not be shared, and the law that says so."""

    columns: list[str]
    law: str
    approved_by: str
    review_on: str
    scope: str = ""
    substitute: Literal["", "proof", "aggregate", "masked"] = ""
    valid_until: str | None = None


class PostDoc(Document):
    """A post; ``code`` is its name inside the pack alone."""

    code: str
    department: str
    title: Words
    permissions: list[str]


class TakenDoc(Document):
    """How a platform's own form is read and written: paths in its JSON, or columns of its table.

    Paths go down by dots (``data.id``); ``datum`` is that of its points. ``list`` is where its
    cases are asked for, ``items`` and ``answer`` are the paths of the entries in what it answers
    to that and to a case that is sent. A table is a ``resource`` of the catalogue,
    read under a grant that ``department`` holds for ``purpose``.
    """

    fields: dict[str, str]
    list: str = ""
    items: str = ""
    answer: str = ""
    send: str = ""
    send_update: str = ""
    datum: Literal["WGS-84", "GCJ-02", "CGCS2000"] = "WGS-84"
    resource: str = ""
    department: str = ""
    purpose: str = ""


class PlatformDoc(Document):
    """A district's own platform, kept and joined. ``division`` is what it handles.

    ``address`` may be left out and set, with its key, in ``HAIHE_PLATFORMS``. ``caller`` is who
    calls us for it, as ``department/subsystem``. ``services`` maps categories and items to its own
    codes (``*``: all others), ``unmapped`` is our category for codes of its that are not named,
    ``statuses`` maps its words to ours. ``sends``: cases here go to it, to be handled there;
    ``takes``: cases there are followed here. ``marks``: it tells no number of ours, which then
    stands at the end of the description.
    """

    code: str
    title: Words
    division: str
    kind: Literal["open311", "http", "table"] = "open311"
    address: str = ""
    caller: str = ""
    jurisdiction: str = ""
    form: Literal["json", "xml"] = "json"
    services: dict[str, str] = {}
    unmapped: str = ""
    statuses: dict[str, str] = {}
    sends: bool = True
    takes: bool = True
    marks: bool = False
    taken: TakenDoc | None = None


class MinistryDoc(Document):
    """A ministry with which the city exchanges."""

    code: str
    title: Words


class NationalSystemDoc(Document):
    """A nationally run system (国家垂直系统), and the ministry that runs it."""

    code: str
    title: Words
    ministry: str


class UpwardLinkDoc(Document):
    """A table or interface that goes one way between a ministry or its system and the city.

    ``direction``: ``down`` to the city, ``up`` to the ministry, ``ask`` an interface of theirs.
    ``columns`` are names with their kinds, ``key`` some of them, ``cycle`` a schedule as of links.
    ``approval`` is the number under which the ministry approved the application, ``quota`` how
    many calls of an interface a day it allows. Addresses and keys are no part of a pack.
    """

    code: str
    title: Words
    ministry: str
    direction: Literal["down", "up", "ask"]
    resource: str
    approval: str
    cycle: str
    system: str = ""
    table: str = ""
    columns: dict[str, str] = {}
    key: list[str] = []
    quota: int = 0


class UpwardDoc(Document):
    """What a city exchanges with ministries and nationally run systems."""

    ministries: list[MinistryDoc]
    systems: list[NationalSystemDoc]
    links: list[UpwardLinkDoc]


class OfficerDoc(Document):
    """A demo officer: exists in demo mode alone."""

    username: str
    name: str
    posts: list[str]
    shown: Words = {}


class CitizenDoc(Document):
    """A demo citizen: the first made-up person whose number stands in all the named tables."""

    username: str
    stands_in: list[str]
    shown: Words = {}


class DeliveryDoc(Document):
    """A delivery into a receiving department's database."""

    code: str
    system: str
    table: str
    mode: Literal["full", "watermark"] = "full"


class DemandDoc(Document):
    """A demand to raise in the demo. ``answer`` says what the provider does with it."""

    by: str
    resource: str
    columns: list[str]
    purpose: str
    basis: str
    mode: Literal["table", "file", "interface"]
    scene: str = ""
    rate_per_minute: int = 600
    answer: Literal["grant", "refuse", "wait"] = "grant"
    answered_by: str = ""
    reason: str = ""
    delivery: DeliveryDoc | None = None


class CallerDoc(Document):
    """A department's calling system in the demo, and what it asks."""

    department: str
    subsystem: str
    service: str
    purpose: str
    calls: int = 100


class LookDoc(Document):
    """An officer of the demo looks a demo citizen up on a page."""

    by: str
    service: str
    purpose: str
    citizen: str


class ObjectionDoc(Document):
    """A demo citizen objects to a value that stands on them. ``answer``: what the provider does.

    ``value`` as it would be typed on the page, accepted as it is; ``appeal``: why the citizen
    appeals against a rejection, which then waits for the authority.
    """

    by: str
    resource: str
    column: str
    value: str
    why: str
    answer: Literal["accept", "reject", "wait"] = "wait"
    answered_by: str = ""
    reason: str = ""
    appeal: str = ""


class StandInDoc(Document):
    """A worker who is away from the filling on, and who stands in: by their divisions' codes."""

    away: str
    by: str
    days: int = 30


class WorkersDoc(Document):
    """The demo's grid workers: one for each division of the level, in the district's government.

    Only for those below a division of ``within``, where any is named. ``week`` is written as in
    ``1-5 08:30-12:00,13:30-17:30``; ``accounts`` gives some of them, by division, a user name to
    sign in with; ``dispatchers`` names posts by division.
    """

    level: int
    week: str
    within: list[str] = []
    accounts: dict[str, str] = {}
    permissions: list[str] = []
    dispatchers: dict[str, str] = {}
    stand_ins: list[StandInDoc] = []


class ReportsDoc(Document):
    """Reports that the demo's people file and work on: how many, over how many days until now."""

    count: int
    days: int = 60


class DemoDoc(Document):
    """What the demo adds to a loaded pack."""

    people: int
    officers: list[OfficerDoc] = []
    citizens: list[CitizenDoc] = []
    demands: list[DemandDoc] = []
    callers: list[CallerDoc] = []
    looks: list[LookDoc] = []
    objections: list[ObjectionDoc] = []
    workers: WorkersDoc | None = None
    reports: ReportsDoc | None = None
