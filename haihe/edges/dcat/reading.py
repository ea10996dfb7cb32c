"""Another's catalogue as values: strict about the document, lenient about what it says.

What one dataset gets wrong is noted among the page's faults; the others are read all the same.
Nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rdflib import Literal
from rdflib.term import Node

from haihe.edges.dcat.graphs import LARGEST, read_graph
from haihe.edges.dcat.parts import (
    last_word,
    one_of,
    read_agent,
    read_concepts,
    read_contact,
    read_distributions,
    read_items,
    read_language,
    read_related,
)
from haihe.edges.dcat.terms import clean
from haihe.edges.dcat.things import UNKNOWN_LANGUAGE, Source, Thing
from haihe.edges.dcat.values import Catalogue, Dataset, Page
from haihe.edges.dcat.vocabulary import (
    FROM_RIGHTS,
    NEAR_CYCLES,
    OPEN_CLASSES,
    SAME_CYCLES,
    SHARING_CLASSES,
    TERMS,
)

_VIEWS = ("hydra:PartialCollectionView", "hydra:PagedCollection")


def read_page(
    content: bytes,
    *,
    media_type: str,
    address: str = "",
    terms: str = TERMS,
    largest: int = LARGEST,
) -> Page:
    """One page of a catalogue.

    ``media_type`` is what the server said of it, ``address`` where it was got (relative addresses
    are relative to it), ``terms`` that of our own vocabulary, ``largest`` a number of bytes.
    Raises ``dcat.too_large``, ``dcat.unknown_format``, ``dcat.unreadable``,
    ``dcat.declares_entities`` and ``dcat.remote_context``.
    """
    graph = read_graph(content, media_type=media_type, base=address, largest=largest)
    source = Source(graph, terms)
    catalogue = _catalogue(source)
    datasets = tuple(_datasets(source))
    page = _paged(source, Page(catalogue, datasets))
    return replace(page, faults=tuple(source.faults))


def _catalogue(source: Source) -> Catalogue:
    found = [source.about(each) for each in source.every("dcat:Catalog")]
    if not found:
        source.about(Literal("")).blame("catalogue", "dcat.missing")
        return Catalogue("", {})
    # Where catalogues lie in catalogues, the page's own is the one that holds the most.
    thing = max(found, key=lambda each: len(each.all("dcat:dataset")))
    languages = [read_language(str(each)) for each in thing.all("dct:language")]
    known = tuple(sorted(each for each in languages if each))
    source.language = known[0] if len(known) == 1 else UNKNOWN_LANGUAGE
    return Catalogue(
        address=thing.address,
        title=thing.words("catalogue.title", "dct:title"),
        description=thing.words("catalogue.description", "dct:description"),
        publisher=read_agent(thing, "catalogue.publisher"),
        homepage=thing.link("catalogue.homepage", "foaf:homepage"),
        licence=thing.named("catalogue.licence", "dct:license"),
        languages=known,
        issued=thing.day("catalogue.issued", "dct:issued"),
        modified=thing.day("catalogue.modified", "dct:modified"),
    )


def _datasets(source: Source) -> Iterable[Dataset]:
    catalogues = set(source.every("dcat:Catalog"))
    standing: dict[Node, list[Node]] = {}
    for service in source.every("dcat:DataService"):
        for served in source.about(service).all("dcat:servesDataset"):
            standing.setdefault(served, []).append(service)
    for node in source.every("dcat:Dataset"):
        thing = source.about(node)
        names = sorted(clean(str(each)) for each in thing.all("dct:identifier"))
        thing.of = next((each for each in (thing.address, *names) if each), "")
        if not thing.of:
            thing.blame("address", "dcat.unnamed")
        elif node not in catalogues:
            yield _dataset(thing, standing.get(node, ()))


def _dataset(thing: Thing, services: Iterable[Node]) -> Dataset:
    sharing_class, open_class = _classes(thing)
    return Dataset(
        address=thing.address,
        identifier=_identifier(thing),
        title=thing.words("title", "dct:title"),
        description=thing.words("description", "dct:description"),
        publisher=read_agent(thing, "publisher"),
        contact=read_contact(thing),
        themes=read_concepts(thing),
        keywords=thing.lists("dcat:keyword"),
        sharing_class=sharing_class,
        sharing_condition=thing.word("sharing_condition", "haihe:sharingCondition"),
        open_class=open_class,
        open_condition=thing.word("open_condition", "haihe:openCondition"),
        cycle=_cycle(thing),
        issued=thing.day("issued", "dct:issued"),
        modified=thing.day("modified", "dct:modified"),
        related=read_related(thing),
        version=thing.word("version", "dcat:version", "owl:versionInfo"),
        version_notes=thing.words("version_notes", "adms:versionNotes"),
        items=read_items(thing),
        distributions=read_distributions(thing, services),
        landing_page=thing.link("landing_page", "dcat:landingPage"),
        format=thing.word("format", "haihe:format"),
        format_detail=thing.word("format_detail", "haihe:formatDetail"),
        is_source=thing.flag("is_source", "haihe:isSource"),
        origin=thing.link("origin", "haihe:origin"),
        via=thing.links("haihe:via"),
    )


def _identifier(thing: Thing) -> str:
    found = thing.word("identifier", "dct:identifier")
    if not found:
        thing.blame("identifier", "dcat.identifier.address")
    return found or thing.address


def _classes(thing: Thing) -> tuple[str, str]:
    """Sharing and open class: by our own terms, else by the access right."""
    if thing.all("haihe:sharingClass") or thing.all("haihe:openClass"):
        sharing = one_of(thing, "sharing_class", SHARING_CLASSES)
        return sharing, one_of(thing, "open_class", OPEN_CLASSES)
    found = thing.named("sharing_class", "dct:accessRights")
    word = last_word(found).upper().replace("-", "_").replace(" ", "_")
    if word and word not in FROM_RIGHTS:
        thing.blame("sharing_class", "dcat.rights.unknown", found)
    return FROM_RIGHTS.get(word, ("", ""))


def _cycle(thing: Thing) -> str:
    found = thing.named("cycle", "dct:accrualPeriodicity")
    word = (last_word(found) if "://" in found else found).strip().upper()
    if word in SAME_CYCLES:
        return SAME_CYCLES[word]
    if word:
        code = "dcat.cycle.rounded" if word in NEAR_CYCLES else "dcat.cycle.unknown"
        thing.blame("cycle", code, found)
    return NEAR_CYCLES.get(word, "")


def _paged(source: Source, page: Page) -> Page:
    """The page with its neighbours, by the newer words of Hydra or the older ones."""
    views = [source.about(each) for each in source.every(*_VIEWS)]
    catalogues = [source.about(each) for each in source.every("dcat:Catalog")]
    totals = [each for each in (*views, *catalogues) if each.all("hydra:totalItems")]
    total = totals[0].number("total", "hydra:totalItems") if totals else None
    if not views:
        return replace(page, total=total)
    view = views[0]
    after = view.link("next", "hydra:next", "hydra:nextPage")
    return replace(
        page,
        address=view.address,
        first=view.link("first", "hydra:first", "hydra:firstPage"),
        previous=view.link("previous", "hydra:previous", "hydra:previousPage"),
        next="" if after == view.address else after,  # or its reader would go in a circle
        last=view.link("last", "hydra:last", "hydra:lastPage"),
        size=view.number("size", "hydra:itemsPerPage"),
        total=total,
    )
