"""What may be wrong with drafts of resources: every fault of all of them, each with its field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db import models

from haihe.base.actor import Actor
from haihe.base.errors import HaiheError
from haihe.base.identifiers import SCHEMES
from haihe.engine.sources.kinds import kind_of
from haihe.kernel.catalogue.declare import UNITS, ColumnDraft, ResourceDraft, stands_in
from haihe.kernel.catalogue.errors import (
    BadDraft,
    CodeTaken,
    LeadTaken,
    MovedAlready,
    RelatedToItself,
    SystemClosed,
    UnknownClassification,
    UnknownDepartment,
    UnknownRelated,
    UnknownSystem,
)
from haihe.kernel.catalogue.internals.finding import must_provide
from haihe.kernel.catalogue.models import (
    Classification,
    Column,
    Format,
    Mode,
    OpenClass,
    Resource,
    SharingClass,
    SourceSystem,
)
from haihe.kernel.org.models import Department


@dataclass(frozen=True)
class DraftFault:
    """What is wrong with one draft: its place among the drafts, the field, the column if it is one
    of a column, and the error that refuses it.
    """

    draft: int
    field: str
    error: HaiheError
    column: str = ""


@dataclass(frozen=True)
class Known:
    """What the database holds already of all that the drafts name."""

    departments: Mapping[str, Department]
    systems: Mapping[str, SourceSystem]
    resources: Mapping[str, Resource]
    tables: Mapping[str, str]
    numbers: Mapping[str, str]
    leads: Mapping[str, Column]
    classes: frozenset[str]
    related: frozenset[str]


def known_of(drafts: Sequence[ResourceDraft], *, is_locked: bool = False) -> Known:
    """Read it, in a handful of questions however many drafts there are.

    Whoever writes afterwards, in the same transaction, has the resources locked.
    """
    codes = [draft["code"] for draft in drafts]
    there = Resource.objects.filter(pk__in=codes).order_by("pk")
    if is_locked:
        there = there.select_for_update(of=("self",))
    related = {code for draft in drafts for code in draft.get("related", ())} - set(codes)
    numbers = {draft["national_code"] for draft in drafts if draft.get("national_code")}
    numbered = Resource.objects.filter(national_code__in=numbers)
    tables = Resource.objects.filter(table__in=[draft["table"] for draft in drafts])
    elements = {column.element for draft in drafts for column in draft["columns"] if column.is_lead}
    # A resource that is drafted itself may give its datum up to another draft.
    leads = Column.objects.filter(is_lead=True, element__in=elements).exclude(resource__in=codes)
    return Known(
        departments=Department.objects.in_bulk({_code(draft["department"]) for draft in drafts}),
        systems=SourceSystem.objects.in_bulk({_code(draft.get("system")) for draft in drafts}),
        resources={each.code: each for each in there.select_related("department")},
        tables=dict(tables.values_list("table", "code")),
        numbers={str(each.national_code): each.code for each in numbered},
        leads={each.element: each for each in leads.select_related("resource__department")},
        classes=frozenset(Classification.objects.values_list("code", flat=True)),
        related=frozenset(
            [*codes, *Resource.objects.filter(pk__in=related).values_list("code", flat=True)]
        ),
    )


def faults_of(
    drafts: Sequence[ResourceDraft], known: Known, *, by: Actor, state: str
) -> Iterator[DraftFault]:
    """Every fault, draft by draft."""
    codes = Counter(draft["code"] for draft in drafts)
    tables = Counter(draft["table"] for draft in drafts)
    leads = Counter(c.element for draft in drafts for c in draft["columns"] if c.is_lead)
    for number, draft in enumerate(drafts):
        if codes[draft["code"]] > 1:
            yield DraftFault(number, "code", CodeTaken(f"The code {draft['code']} is named twice."))
        if tables[draft["table"]] > 1:
            said = f"The table {draft['table']} is named twice."
            yield DraftFault(number, "table", CodeTaken(said))
        for field, error in _faults(draft, known, by=by, state=state):
            yield DraftFault(number, field, error)
        for column in draft["columns"]:
            for field, error in _column_faults(column, known, leads):
                yield DraftFault(number, field, error, column=column.name)


def _code(given: object) -> str:
    return str(getattr(given, "code", given) or "")


_Faults = Iterator[tuple[str, HaiheError]]


def _faults(draft: ResourceDraft, known: Known, *, by: Actor, state: str) -> _Faults:
    yield from _owner_faults(draft, known, by)
    yield from _text_faults(Resource, draft)
    yield from _word_faults(draft)
    yield from _class_faults(draft, known)
    yield from _place_faults(draft, known, state)
    yield from _number_faults(draft, known)
    yield from _related_faults(draft, known)
    columns = draft["columns"]
    twice = [name for name, count in Counter(c.name for c in columns).items() if count > 1]
    if twice:
        yield "columns", BadDraft(f"Columns named twice: {', '.join(twice)}.")
    if not columns:
        yield "columns", BadDraft("No columns.")
    if sum(column.is_subject for column in columns) > 1:
        yield "columns", BadDraft("One column at most says whom the row concerns.")


def _owner_faults(draft: ResourceDraft, known: Known, by: Actor) -> _Faults:
    department, system = _code(draft["department"]), _code(draft.get("system"))
    if department not in known.departments:
        yield "department", UnknownDepartment(f"There is no department {department!r}.")
        return
    try:
        must_provide(by, department)
    except HaiheError as fault:
        yield "department", fault
    if draft.get("system") is None:
        return
    if system not in known.systems:
        yield "system", UnknownSystem(f"There is no source system {system!r}.")
        return
    there = known.resources.get(draft["code"])
    is_new = there is None or there.system_id != system
    if is_new and known.systems[system].fate == SourceSystem.Fate.CLOSE:
        yield "system", SystemClosed()


def _word_faults(draft: ResourceDraft) -> _Faults:
    for field, choices in (
        ("sharing_class", SharingClass.values),
        ("open_class", OpenClass.values),
        ("cycle", Resource.Cycle.values),
        ("format", Format.values),
    ):
        value = draft.get(field)
        if value is not None and value not in choices:
            yield field, BadDraft(f"{field}: no {value!r}; one of {', '.join(choices)}.")
    modes = draft.get("modes")
    if modes is not None and (not modes or set(modes) - set(Mode.values)):
        yield "modes", BadDraft(f"modes: one or more of {', '.join(Mode.values)}.")


def _text_faults(model: type[models.Model], values: Mapping[str, object]) -> _Faults:
    """Texts that the row has no room for, or that no database takes."""
    for name, value in values.items():
        if isinstance(value, str):
            most = getattr(model._meta.get_field(name), "max_length", None)
            if most is not None and len(value) > most:
                yield name, BadDraft(f"{name}: {len(value)} characters; {most} at most.")
        if "\x00" in "".join(_texts(value)):
            yield name, BadDraft(f"{name}: holds a sign that is no text (NUL).")


def _texts(value: object) -> Iterator[str]:
    """The texts of a field: itself, or those in each language."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from map(str, value.values())


def _class_faults(draft: ResourceDraft, known: Known) -> _Faults:
    there = known.resources.get(draft["code"])
    if draft["sharing_class"] == SharingClass.CONDITIONAL and not _said(
        draft, "sharing_condition", there
    ):
        yield "sharing_condition", BadDraft("A conditional resource names its condition.")
    opened = _said(draft, "open_class", there) or OpenClass.CLOSED
    if opened == OpenClass.CONDITIONAL and not _said(draft, "open_condition", there):
        yield "open_condition", BadDraft("A resource opened under a condition names it.")
    if opened != OpenClass.CLOSED and draft["sharing_class"] == SharingClass.WITHHELD:
        yield "open_class", BadDraft("What departments may not have is not opened to everybody.")
    place = draft.get("classification", "")
    if place and known.classes and not stands_in(place, known.classes):
        yield "classification", UnknownClassification(f"No place {place!r} in the catalogue.")


def _said(draft: ResourceDraft, field: str, there: Resource | None) -> str:
    """What the resource will say: a draft that leaves a field out keeps what is there."""
    value = draft[field] if field in draft else getattr(there, field, "")  # type: ignore[literal-required]
    return str(value or "").strip()


def _place_faults(draft: ResourceDraft, known: Known, state: str) -> _Faults:
    there = known.resources.get(draft["code"])
    if there is not None and there.department_id != _code(draft["department"]):
        said = f"The code {there.code} belongs to another department's resource."
        yield "code", CodeTaken(said)
    if there is not None and state == Resource.State.PROPOSED != there.state:
        yield "code", MovedAlready("This resource is published already.")
    if known.tables.get(draft["table"], draft["code"]) != draft["code"]:
        yield "table", CodeTaken(f"The table {draft['table']} belongs to another resource.")


def _number_faults(draft: ResourceDraft, known: Known) -> _Faults:
    given, there = draft.get("national_code"), known.resources.get(draft["code"])
    if given and known.numbers.get(given, draft["code"]) != draft["code"]:
        yield "national_code", CodeTaken(f"The number {given} is another resource's.")
    kept = there.national_code if there is not None else None
    if kept and "national_code" in draft and given != kept:
        yield "national_code", CodeTaken(f"The resource keeps its number {kept}.")


def _related_faults(draft: ResourceDraft, known: Known) -> _Faults:
    named = draft.get("related", ())
    if draft["code"] in named:
        yield "related", RelatedToItself()
    unknown = sorted(set(named) - known.related)
    if unknown:
        yield "related", UnknownRelated(f"There is no resource {', '.join(unknown)}.")


def _column_faults(column: ColumnDraft, known: Known, leads: Mapping[str, int]) -> _Faults:
    name = column.name
    yield from _text_faults(Column, vars(column))
    try:
        kind_of(column.kind)
    except HaiheError as fault:
        yield "kind", fault
    if column.scheme and column.scheme not in SCHEMES:
        yield "scheme", BadDraft(f"Column {name}: no identifier scheme {column.scheme!r}.")
    if column.sharing_class and column.sharing_class not in SharingClass.values:
        yield (
            "sharing_class",
            BadDraft(f"Column {name}: no sharing class {column.sharing_class!r}."),
        )
    if set(column.modes) - set(Mode.values):
        yield "modes", BadDraft(f"Column {name}: modes are {', '.join(Mode.values)}.")
    if column.unit and column.kind != UNITS.get(column.unit):
        yield "unit", BadDraft(f"Column {name}: no {column.kind} counts {column.unit!r}.")
    if column.is_subject and not column.scheme:
        yield "scheme", BadDraft(f"Column {name} says whom the row concerns, by which scheme?")
    if column.is_lead:
        yield from _lead_faults(column, known, leads)


def _lead_faults(column: ColumnDraft, known: Known, leads: Mapping[str, int]) -> _Faults:
    if not column.element:
        yield "element", BadDraft(f"Column {column.name} is the lead source, of which datum?")
        return
    holder = known.leads.get(column.element)
    if holder is not None:
        said = f"{column.element} is kept by {holder.resource_id}, column {holder.name}."
        yield "is_lead", LeadTaken(said)
    if leads[column.element] > 1:
        yield "is_lead", LeadTaken(f"{column.element} is claimed by two columns.")


def must_be_right(faults: Iterable[DraftFault]) -> None:
    """Raise the first fault, if there is one."""
    for fault in faults:
        raise fault.error
