"""The catalogue as pages of DCAT-AP: its open part for everybody, all of it for who may.

What everybody may see: resources that are opened, with those of their columns which may be named
(``catalogue.queries.columns_for_all``). What officers and callers see: every published resource
with every column and its marks, as the catalogue's pages show them; never where a table lies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote
from uuid import UUID

from django.conf import settings

from haihe.base.text import Text
from haihe.edges.dcat import (
    Agent,
    Catalogue,
    Concept,
    DataService,
    Dataset,
    Distribution,
    Item,
    Page,
)
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Column, Mode
from haihe.kernel.catalogue.queries import Listed
from haihe.kernel.org.models import Department
from haihe.kernel.places import queries as places
from haihe.systems.cascade.declare import PAGE
from haihe.systems.cascade.models import Source
from haihe.systems.cascade.queries import passing
from haihe.systems.cascade.queries.home import home, resource_address

TITLES = {"zh": "{name}政务信息资源目录", "en": "{name}: catalogue of government data"}
OPENED = {
    "zh": "{name}向社会开放的信息资源。",
    "en": "What {name} opens to everybody of its departments' data.",
}
SHARED = {
    "zh": "{name}各部门编制发布的全部信息资源。",
    "en": "All that the departments of {name} hold and have published in the catalogue.",
}
CALLS = "/r1"
"""Under which path governed interfaces are called, by X-Road's rules."""
_LANGUAGES = {"zh-hans": "zh"}


@dataclass(frozen=True)
class Audience:
    """Who reads: everybody (the open part), whoever may see all, or another level of ours.

    ``address`` is where this Haihe is reached, ``level`` the other level.
    """

    address: str
    is_open: bool
    level: Source | None = None


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: after a resource's code, or among what is passed on."""

    code: str = ""
    entry: UUID | None = None
    is_passing: bool = False

    def query(self) -> str:
        """As an address has it; empty for the first page."""
        if self.is_passing:
            return f"?passed={self.entry or ''}"
        return f"?after={quote(self.code, safe='')}" if self.code else ""


def page(reader: Audience, cursor: Cursor, *, where: str, size: int = PAGE) -> Page:
    """One page; ``where`` is the address of the first."""
    if cursor.is_passing:
        datasets, after = _passed_on(reader, cursor, size)
    else:
        datasets, after = _own(reader, cursor, size)
    return Page(
        _catalogue(reader),
        datasets,
        address=where + cursor.query(),
        first=where,
        next="" if after is None else where + after.query(),
        size=size,
        total=total(reader),
    )


def pages(reader: Audience, *, where: str, size: int = PAGE) -> Iterator[Page]:
    """All pages, one after another, as whoever follows ``next`` gets them."""
    cursor: Cursor | None = Cursor()
    whole, count = _catalogue(reader), total(reader)
    while cursor is not None:
        read = _passed_on if cursor.is_passing else _own
        datasets, after = read(reader, cursor, size)
        following = "" if after is None else where + after.query()
        yield Page(whole, datasets, where + cursor.query(), where, "", following, "", size, count)
        cursor = after


def one(reader: Audience, code: str) -> Page | None:
    """One resource as a page without neighbours; none where the reader may not have it."""
    found = catalogue.listed_one(code, is_open=reader.is_open)
    if found is None:
        return None
    dataset = _Writer(reader, catalogue.classes()).dataset(found)
    return Page(_catalogue(reader), (dataset,))


def total(reader: Audience) -> int:
    """How many datasets all pages hold."""
    own = catalogue.listed_total(is_open=reader.is_open)
    return own + (0 if reader.level is None else passing.entries_for(reader.level).count())


def _own(reader: Audience, cursor: Cursor, size: int) -> tuple[tuple[Dataset, ...], Cursor | None]:
    found = catalogue.listed(after=cursor.code, size=size + 1, is_open=reader.is_open)
    writer = _Writer(reader, catalogue.classes())
    datasets = tuple(writer.dataset(each) for each in found[:size])
    if len(found) > size:
        return datasets, Cursor(code=found[size - 1].resource.code)
    passes = reader.level is not None and passing.entries_for(reader.level).exists()
    return datasets, Cursor(is_passing=True) if passes else None


def _passed_on(
    reader: Audience, cursor: Cursor, size: int
) -> tuple[tuple[Dataset, ...], Cursor | None]:
    if reader.level is None:
        return (), None
    rows = list(passing.entries_for(reader.level, after=cursor.entry)[: size + 1])
    datasets = tuple(passing.dataset_for(each, here=home(reader.address)) for each in rows[:size])
    after = Cursor(entry=rows[size - 1].pk, is_passing=True) if len(rows) > size else None
    return datasets, after


def _catalogue(reader: Audience) -> Catalogue:
    where, said = home(reader.address), OPENED if reader.is_open else SHARED
    name = settings.CITY["name"]
    return Catalogue(
        where,
        _named(TITLES, name),
        _named(said, name),
        Agent(name, f"{where}#city", settings.CITY["code"]),
        homepage=f"{reader.address}/",
        languages=tuple(_LANGUAGES.get(each, each) for each in settings.CITY["languages"]),
        modified=catalogue.last_change(is_open=reader.is_open),
    )


def _named(pattern: Text, name: Text) -> Text:
    return {
        language: said.format(name=name.get(language) or next(iter(name.values())))
        for language, said in pattern.items()
    }


class _Writer:
    """Resources as datasets; what several share is made once a page."""

    def __init__(self, reader: Audience, classes: dict[str, Text]) -> None:
        self.reader, self.classes = reader, classes
        self.here = home(reader.address)
        self.agents: dict[str, Agent] = {}
        self.concepts: dict[str, tuple[Concept, ...]] = {}

    def dataset(self, found: Listed) -> Dataset:
        """One resource."""
        of = found.resource
        where = resource_address(self.reader.address, of.code)
        columns = catalogue.columns_for_all(found) if self.reader.is_open else found.columns
        item = _open_item if self.reader.is_open else _item
        dataset = Dataset(
            where,
            of.national_code or of.code,
            of.title,
            of.abstract or of.title,
            self._agent(of.department),
            themes=self._themes(of.classification),
            sharing_class=of.sharing_class,
            sharing_condition=of.sharing_condition,
            open_class=of.open_class,
            open_condition=of.open_condition,
            cycle=of.cycle,
            issued=places.day_of(of.published_at) if of.published_at else None,
            modified=found.changed_at or of.published_at,
            related=tuple(of.related),
            version=str(of.version),
            items=tuple(map(item, columns)),
            landing_page=where,
            format=of.format,
            format_detail=of.format_detail,
            is_source=of.is_source,
        )
        return replace(dataset, distributions=tuple(self._ways(dataset, of.modes)))

    def _ways(self, of: Dataset, modes: Iterable[str]) -> Iterator[Distribution]:
        """How it is delivered: asked for on its page; by interface, called at the house's door."""
        calls = f"{self.reader.address}{CALLS}"
        for mode in modes:
            service = DataService(calls, of.title, f"{of.address}#service")
            yield Distribution(
                mode,
                of.address,
                f"{of.address}#{mode}",
                service=service if mode == Mode.INTERFACE else None,
            )

    def _agent(self, of: Department) -> Agent:
        if of.code not in self.agents:
            where = f"{self.here}#department-{quote(of.code, safe='')}"
            self.agents[of.code] = Agent(of.name, where, of.credit_code or of.code)
        return self.agents[of.code]

    def _themes(self, classification: str) -> tuple[Concept, ...]:
        if not classification:
            return ()
        if classification not in self.concepts:
            where = f"{self.here}#class-{quote(classification, safe='')}"
            name = self.classes.get(classification, {})
            found = Concept(where, classification, f"{self.here}#classes", name)
            self.concepts[classification] = (found,)
        return self.concepts[classification]


def _open_item(column: Column) -> Item:
    return Item(
        column.name, column.title, column.kind, column.length, is_key=column.is_key,
        is_required=column.is_required, unit=column.unit,
    )  # fmt: skip


def _item(column: Column) -> Item:
    return replace(
        _open_item(column),
        sharing_class=column.sharing_class,
        sharing_condition=column.sharing_condition,
        modes=tuple(column.modes),
        is_personal=column.is_personal,
        is_subject=column.is_subject,
        is_lead=column.is_lead,
        scheme=column.scheme,
        element=column.element,
    )
