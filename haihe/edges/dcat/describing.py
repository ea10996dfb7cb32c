"""Values as trees: which property says which field. Its mirror is ``reading``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import quote

from haihe.edges.dcat.faults import Unwritable
from haihe.edges.dcat.terms import address, clean
from haihe.edges.dcat.trees import Literal, Node, Reference
from haihe.edges.dcat.values import (
    Agent,
    Catalogue,
    Concept,
    Contact,
    DataService,
    Dataset,
    Distribution,
    Item,
    Page,
)
from haihe.edges.dcat.vocabulary import (
    CYCLES,
    FILE_TYPES,
    FREQUENCIES,
    KNOWN_FILE_TYPES,
    LANGUAGE_CODES,
    LANGUAGES,
    MEDIA_TYPES,
    OTHER_LANGUAGES,
    access_right,
)

_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_\-]*/[A-Za-z0-9][A-Za-z0-9.+_\-]*")
_LANGUAGE = re.compile("[a-z]{2}")
ITEM_WORDS = ("kind", "sharing_class", "sharing_condition", "scheme", "unit", "element")
ITEM_FLAGS = ("is_key", "is_required", "is_personal", "is_subject", "is_lead")
DATASET_WORDS = (
    "sharing_class",
    "sharing_condition",
    "open_class",
    "open_condition",
    "format",
    "format_detail",
)
"""Fields that our own terms say, under their own names: see ``term``."""


@cache
def term(field: str) -> str:
    """Our own term for a field.

    >>> term("sharing_class")
    'haihe:sharingClass'
    """
    first, *rest = field.split("_")
    return f"haihe:{first}{''.join(each.capitalize() for each in rest)}"


@dataclass
class Description:
    """The trees of one page. What several datasets share is told once, then referred to."""

    told: dict[str, object] = field(default_factory=dict)
    services: list[str] = field(default_factory=list)

    def agent(self, agent: Agent | None) -> Node | Reference | None:
        """Who publishes; a reference where the same was told before."""
        return None if agent is None else self._once(_agent(agent))

    def concept(self, concept: Concept) -> Node | Reference | None:
        """A place in a classification; none without an address, which ``dcat:theme`` demands."""
        return self._once(_concept(concept)) if address(concept.address) else None

    def service(self, service: DataService | None, serves: str) -> Node | Reference | None:
        """An interface, which serves a dataset."""
        if service is None:
            return None
        node = _service(service)
        node.link("dcat:servesDataset", serves)
        if node.address:
            self.services.append(node.address)
        return node

    def dataset(self, given: Dataset) -> Node:
        """A dataset with all that it holds; ``dcat.no_address``."""
        node = Node(_own(given.address), ("dcat:Dataset",))
        node.word("dct:identifier", given.identifier)
        node.words("dct:title", given.title)
        node.words("dct:description", given.description)
        node.hold("dct:publisher", self.agent(given.publisher))
        node.hold("dcat:contactPoint", describe_contact(given.contact))
        for theme in given.themes:
            node.hold("dcat:theme", self.concept(theme))
        for language, words in given.keywords.items():
            for word in words:
                node.words("dcat:keyword", {language: word})
        _say_access(node, given)
        _say_history(node, given)
        node.link("dcat:landingPage", given.landing_page)
        node.link("haihe:origin", given.origin)
        for catalogue in given.via:
            node.link("haihe:via", catalogue)
        for position, item in enumerate(given.items, 1):
            node.hold("haihe:item", describe_item(item, position))
        for each in given.distributions:
            node.hold("dcat:distribution", self.distribution(each, node.address))
        return node

    def distribution(self, given: Distribution, serves: str) -> Node:
        """One way in which a dataset is delivered."""
        node = Node(address(given.address), ("dcat:Distribution",))
        node.word("haihe:mode", given.mode)
        node.link("dcat:accessURL", given.access)
        node.link("dcat:downloadURL", given.download)
        node.words("dct:title", given.title)
        if given.format in KNOWN_FILE_TYPES:
            node.link("dct:format", FILE_TYPES + given.format)
        else:
            node.named("dct:format", given.format, type="dct:MediaTypeOrExtent")
        if _MEDIA_TYPE.fullmatch(given.media_type):
            node.link("dcat:mediaType", MEDIA_TYPES + given.media_type)
        else:
            node.named("dcat:mediaType", given.media_type, type="dct:MediaType")
        node.named("dct:license", given.licence, type="dct:LicenseDocument")
        node.hold("dcat:accessService", self.service(given.service, serves))
        return node

    def catalogue(self, given: Catalogue, page: Page, datasets: list[Node]) -> Node:
        """The catalogue, with the datasets and services of one page; ``dcat.no_address``."""
        node = Node(_own(given.address), ("dcat:Catalog", "hydra:Collection"))
        node.words("dct:title", given.title)
        node.words("dct:description", given.description)
        node.hold("dct:publisher", self.agent(given.publisher))
        node.link("foaf:homepage", given.homepage)
        node.named("dct:license", given.licence, type="dct:LicenseDocument")
        for language in given.languages:
            node.link("dct:language", _language(language))
        node.day("dct:issued", given.issued)
        node.day("dct:modified", given.modified)
        node.number("hydra:totalItems", page.total)
        node.hold("hydra:view", describe_view(page))
        for each in datasets:
            node.link("dcat:dataset", each.address)
        for service in self.services:
            node.link("dcat:service", service)
        return node

    def _once(self, node: Node) -> Node | Reference:
        if node.address and self.told.setdefault(node.address, node.facts) is not node.facts:
            return Reference(node.address)
        return node


def _own(given: str) -> str:
    found = address(given)
    if not found:
        raise Unwritable(f"A catalogue or a dataset has no absolute address: {given[:80]!r}.")
    return found


def _agent(given: Agent) -> Node:
    node = Node(address(given.address), ("foaf:Agent",))
    node.words("foaf:name", given.name)
    node.word("dct:identifier", given.identifier)
    node.link("dct:type", given.type)
    return node


def _concept(given: Concept) -> Node:
    # Without a name it is not said to be a concept: the shapes demand the name of each.
    node = Node(address(given.address), ("skos:Concept",) if given.name else ())
    node.words("skos:prefLabel", given.name)
    node.word("skos:notation", given.code)
    node.link("skos:inScheme", given.scheme)
    return node


def describe_contact(given: Contact | None) -> Node | None:
    """Whom to ask."""
    if given is None:
        return None
    node = Node("", ("vcard:Organization",))
    node.words("vcard:fn", given.name)
    node.link("vcard:hasEmail", given.email and f"mailto:{_quoted(given.email)}")
    node.link("vcard:hasTelephone", given.telephone and f"tel:{_quoted(given.telephone)}")
    node.link("vcard:hasURL", given.address)
    return node


def _quoted(text: str) -> str:
    return quote(clean(text), safe="@+-.")


def _service(given: DataService) -> Node:
    node = Node(address(given.address), ("dcat:DataService",))
    node.words("dct:title", given.title)
    node.words("dct:description", given.description)
    node.link("dcat:endpointURL", given.endpoint)
    node.link("dcat:endpointDescription", given.document)
    return node


def describe_item(given: Item, position: int) -> Node:
    """A column, at its position from 1."""
    node = Node("", ("haihe:Item",))
    node.number("haihe:position", position)
    node.word("csvw:name", given.name)
    node.words("dct:title", given.title)
    node.number("haihe:length", given.length)
    for each in ITEM_WORDS:
        node.word(term(each), getattr(given, each))
    for each in ITEM_FLAGS:
        node.flag(term(each), getattr(given, each))
    for mode in given.modes:
        node.word("haihe:mode", mode)
    return node


def _say_access(node: Node, given: Dataset) -> None:
    right = access_right(sharing_class=given.sharing_class, open_class=given.open_class)
    node.link("dct:accessRights", right)
    for each in DATASET_WORDS:
        node.word(term(each), getattr(given, each))
    node.flag("haihe:isSource", given.is_source)


def _say_history(node: Node, given: Dataset) -> None:
    if given.cycle in CYCLES:
        node.link("dct:accrualPeriodicity", FREQUENCIES + CYCLES[given.cycle])
    node.day("dct:issued", given.issued)
    node.day("dct:modified", given.modified)
    node.word("dcat:version", given.version)
    node.words("adms:versionNotes", given.version_notes)
    for each in dict.fromkeys(given.related):
        found = address(each)
        node.hold("dct:relation", Reference(found) if found else _known_by(clean(each)))


def _known_by(identifier: str) -> Node | None:
    return Node("", (), [("dct:identifier", Literal(identifier))]) if identifier else None


def _language(code: str) -> str:
    if code in LANGUAGE_CODES:
        return LANGUAGES + LANGUAGE_CODES[code]
    return OTHER_LANGUAGES + code if _LANGUAGE.fullmatch(code) else ""


def describe_view(page: Page) -> Node | None:
    """Where a page lies among the others; none for a page without an address."""
    if not address(page.address):
        return None
    # CKAN's reader knows the older name of the class, others the newer one.
    node = Node(address(page.address), ("hydra:PartialCollectionView", "hydra:PagedCollection"))
    node.link("hydra:first", page.first)
    node.link("hydra:previous", page.previous)
    node.link("hydra:next", page.next)
    node.link("hydra:last", page.last)
    node.number("hydra:itemsPerPage", page.size)
    node.number("hydra:totalItems", page.total)
    return node
