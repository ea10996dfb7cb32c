"""What a catalogue speaks of. An empty text, mapping or tuple and None all mean: not said.

Addresses are absolute IRIs. What stands in ``tuple``s has no order in RDF: it is read back sorted,
items alone keep theirs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from haihe.base.text import Text

Day = date | datetime
"""A day, or a moment with its zone."""
Keywords = Mapping[str, tuple[str, ...]]
"""Keywords by language."""


@dataclass(frozen=True)
class Agent:
    """Who publishes: a department or the city.

    ``identifier`` is its unified social credit code (18 characters) or its code as a department;
    ``type`` the address of a kind of publisher.
    """

    name: Text
    address: str = ""
    identifier: str = ""
    type: str = ""


@dataclass(frozen=True)
class Contact:
    """Whom to ask: an office, never a person by name."""

    name: Text
    email: str = ""
    telephone: str = ""
    address: str = ""


@dataclass(frozen=True)
class Concept:
    """A place in a classification: ``code`` in ``scheme`` (an address), and what it is called."""

    address: str
    code: str = ""
    scheme: str = ""
    name: Text = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    """One column of a dataset (信息项), as the catalogue of a Haihe declares it.

    ``length`` in characters; ``sharing_class``, ``sharing_condition`` and ``modes`` empty where
    the dataset's own hold.
    """

    name: str
    title: Text = field(default_factory=dict)
    kind: str = ""
    length: int | None = None
    sharing_class: str = ""
    sharing_condition: str = ""
    modes: tuple[str, ...] = ()
    is_key: bool = False
    is_required: bool = False
    is_personal: bool = False
    is_subject: bool = False
    is_lead: bool = False
    scheme: str = ""
    unit: str = ""
    element: str = ""


@dataclass(frozen=True)
class DataService:
    """An interface that answers calls; ``document`` is where it is described (OpenAPI)."""

    endpoint: str
    title: Text
    address: str = ""
    description: Text = field(default_factory=dict)
    document: str = ""


@dataclass(frozen=True)
class Distribution:
    """One way in which a dataset is delivered.

    ``mode`` is ``table``, ``file`` or ``interface``; ``access`` the address where it is had or
    asked for, ``download`` that of the file itself; ``licence`` an address or words.
    """

    mode: str
    access: str
    address: str = ""
    download: str = ""
    format: str = ""
    media_type: str = ""
    title: Text = field(default_factory=dict)
    licence: str = ""
    service: DataService | None = None


@dataclass(frozen=True)
class Dataset:
    """One resource of a catalogue (信息资源); ``identifier`` is its number (信息资源代码).

    ``sharing_class`` is ``unconditional``, ``conditional`` or ``withheld``, ``open_class`` the
    same with ``closed`` for the last; ``cycle`` one of ``vocabulary.CYCLES``; ``related`` holds
    identifiers, or addresses, of datasets that belong with it. ``origin`` is the address of the
    catalogue that it comes from, ``via`` those of the catalogues that passed it on.
    """

    address: str
    identifier: str
    title: Text
    description: Text = field(default_factory=dict)
    publisher: Agent | None = None
    contact: Contact | None = None
    themes: tuple[Concept, ...] = ()
    keywords: Keywords = field(default_factory=dict)
    sharing_class: str = ""
    sharing_condition: str = ""
    open_class: str = ""
    open_condition: str = ""
    cycle: str = ""
    issued: Day | None = None
    modified: Day | None = None
    related: tuple[str, ...] = ()
    version: str = ""
    version_notes: Text = field(default_factory=dict)
    items: tuple[Item, ...] = ()
    distributions: tuple[Distribution, ...] = ()
    landing_page: str = ""
    format: str = ""
    format_detail: str = ""
    is_source: bool = False
    origin: str = ""
    via: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """A city's catalogue. ``languages`` are codes (``zh``, ``en``); ``licence`` as elsewhere."""

    address: str
    title: Text
    description: Text = field(default_factory=dict)
    publisher: Agent | None = None
    homepage: str = ""
    licence: str = ""
    languages: tuple[str, ...] = ()
    issued: Day | None = None
    modified: Day | None = None


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a dataset, or with the page (``dataset`` empty).

    ``dataset`` is its address, or its identifier; ``field`` the name in these values; ``code`` is
    stable; ``message`` a sentence, in which what was found may stand.
    """

    dataset: str
    field: str
    code: str
    message: str


@dataclass(frozen=True)
class Page:
    """A part of a catalogue, and where the others are. ``total`` counts the whole catalogue."""

    catalogue: Catalogue
    datasets: tuple[Dataset, ...] = ()
    address: str = ""
    first: str = ""
    previous: str = ""
    next: str = ""
    last: str = ""
    size: int | None = None
    total: int | None = None
    faults: tuple[Fault, ...] = ()
