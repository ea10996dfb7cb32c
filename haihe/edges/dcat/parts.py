"""What hangs on a dataset, read: agents, contacts, concepts, items, distributions, services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rdflib import BNode, Literal
from rdflib.term import Node

from haihe.edges.dcat.describing import ITEM_FLAGS, ITEM_WORDS, term
from haihe.edges.dcat.terms import address, clean
from haihe.edges.dcat.things import Thing
from haihe.edges.dcat.values import Agent, Concept, Contact, DataService, Distribution, Item
from haihe.edges.dcat.vocabulary import (
    FILE_TYPES,
    KNOWN_FILE_TYPES,
    LANGUAGE_CODES,
    MEDIA_TYPES,
    MODES,
    SHARING_CLASSES,
)

_LANGUAGES = {three.lower(): two for two, three in LANGUAGE_CODES.items()}
_NAMES = ("foaf:name", "rdfs:label", "skos:prefLabel", "vcard:fn", "dct:title")


def last_word(text: str) -> str:
    """What stands last in an address.

    >>> last_word("http://purl.org/cld/freq/daily")
    'daily'
    """
    return text.rstrip("/#").rpartition("/")[2].rpartition("#")[2]


def read_language(text: str) -> str:
    """A language's code: of two letters where we know it, else its last word as it stands.

    >>> read_language("http://publications.europa.eu/resource/authority/language/ZHO")
    'zh'
    """
    word = last_word(clean(text)).lower()
    return _LANGUAGES.get(word, word)


def read_agent(thing: Thing, field: str) -> Agent | None:
    """Who publishes; also where only a name stands there."""
    found = thing.one(field, "dct:publisher")
    if found is None:
        return None
    if isinstance(found, Literal):
        return Agent({found.language or thing.source.language: clean(str(found))})
    agent = thing.source.about(found, of=thing.of)
    return Agent(
        name=agent.words(f"{field}.name", *_NAMES),
        address=agent.address,
        identifier=agent.word(f"{field}.identifier", "dct:identifier"),
        type=agent.link(f"{field}.type", "dct:type"),
    )


def read_contact(thing: Thing) -> Contact | None:
    """Whom to ask: the first that is an entry of its own."""
    parts = sorted(thing.parts("dcat:contactPoint"), key=lambda each: str(each.node))
    if not parts:
        return None
    return Contact(
        name=parts[0].words("contact.name", "vcard:fn", *_NAMES),
        email=parts[0].reached("vcard:hasEmail", "mailto:"),
        telephone=parts[0].reached("vcard:hasTelephone", "tel:"),
        address=parts[0].link("contact.address", "vcard:hasURL"),
    )


def read_concepts(thing: Thing) -> tuple[Concept, ...]:
    """Places in classifications; a bare text is a code."""
    found = (_concept(thing, each) for each in thing.all("dcat:theme"))
    return tuple(sorted(found, key=lambda each: (each.address, each.code)))


def _concept(thing: Thing, node: Node) -> Concept:
    if isinstance(node, Literal):
        return Concept("", clean(str(node)))
    concept = thing.source.about(node, of=thing.of)
    return Concept(
        address=concept.address,
        code=concept.word("themes.code", "skos:notation", "dct:identifier"),
        scheme=concept.link("themes.scheme", "skos:inScheme"),
        name=concept.words("themes.name", "skos:prefLabel", "rdfs:label"),
    )


def read_items(thing: Thing) -> tuple[Item, ...]:
    """The columns of a dataset, by their positions."""
    found = thing.parts("haihe:item")
    placed = [(each.number("items.position", "haihe:position") or 0, _item(each)) for each in found]
    return tuple(item for _, item in sorted(placed, key=lambda one: (one[0], one[1].name)))


def _item(thing: Thing) -> Item:
    said: dict[str, Any] = {each: thing.word(f"items.{each}", term(each)) for each in ITEM_WORDS}
    said |= {each: thing.flag(f"items.{each}", term(each)) for each in ITEM_FLAGS}
    said["sharing_class"] = one_of(thing, "items.sharing_class", SHARING_CLASSES)
    modes = sorted(clean(str(each)) for each in thing.all("haihe:mode"))
    return Item(
        name=thing.word("items.name", "csvw:name"),
        title=thing.words("items.title", "dct:title"),
        length=thing.number("items.length", "haihe:length"),
        modes=tuple(each for each in modes if each in MODES),
        **said,
    )


def one_of(thing: Thing, field: str, known: Iterable[str]) -> str:
    """The word that our own term of a field says; empty, and a fault, for one that isn't known."""
    found = thing.word(field, term(field.rpartition(".")[2]))
    if found and found not in known:
        thing.blame(field, "dcat.word.unknown", found)
        return ""
    return found


def read_distributions(thing: Thing, standing: Iterable[Node]) -> tuple[Distribution, ...]:
    """The ways in which a dataset is delivered.

    ``standing`` are services that say they serve it: those that no distribution names become
    distributions of their own.
    """
    licence = thing.named("licence", "dct:license")
    parts = thing.parts("dcat:distribution")
    named = {node for each in parts for node in each.all("dcat:accessService")}
    found = [_distribution(each, licence) for each in parts]
    for node in standing:
        if node not in named:
            service = _service(thing.source.about(node, of=thing.of))
            found.append(Distribution("interface", service.endpoint, service=service))
    return tuple(sorted(found, key=lambda d: (d.address, d.access, d.mode, str(d))))


def _distribution(thing: Thing, licence: str) -> Distribution:
    services = sorted(thing.parts("dcat:accessService"), key=lambda each: str(each.node))
    mode = one_of(thing, "distributions.mode", MODES)
    return Distribution(
        mode=mode or ("interface" if services else "file"),
        access=thing.link("distributions.access", "dcat:accessURL"),
        address=thing.address,
        download=thing.link("distributions.download", "dcat:downloadURL"),
        format=_format(thing),
        media_type=_media_type(thing),
        title=thing.words("distributions.title", "dct:title"),
        licence=thing.named("distributions.licence", "dct:license") or licence,
        service=_service(services[0]) if services else None,
    )


def _format(thing: Thing) -> str:
    found = thing.named("distributions.format", "dct:format")
    short = found.removeprefix(FILE_TYPES)
    return short if short in KNOWN_FILE_TYPES else found


def _media_type(thing: Thing) -> str:
    found = thing.named("distributions.media_type", "dcat:mediaType")
    return found.removeprefix(MEDIA_TYPES).removeprefix(MEDIA_TYPES.replace("https:", "http:"))


def _service(thing: Thing) -> DataService:
    return DataService(
        endpoint=thing.link("service.endpoint", "dcat:endpointURL"),
        title=thing.words("service.title", "dct:title"),
        address=thing.address,
        description=thing.words("service.description", "dct:description"),
        document=thing.link("service.document", "dcat:endpointDescription"),
    )


def read_related(thing: Thing) -> tuple[str, ...]:
    """Identifiers or addresses of datasets that belong with one."""
    found = (_related(thing, each) for each in thing.all("dct:relation"))
    return tuple(sorted({each for each in found if each}))


def _related(thing: Thing, node: Node) -> str:
    if isinstance(node, BNode):
        return thing.source.about(node, of=thing.of).word("related", "dct:identifier")
    return clean(str(node)) if isinstance(node, Literal) else address(str(node))
