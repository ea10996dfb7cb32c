"""Bytes of another's catalogue as a graph, with nothing fetched for it and nothing unbounded.

The one place that knows rdflib's parsers and their weak sides.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any, NoReturn
from xml.parsers import expat
from xml.sax import SAXException
from xml.sax.handler import feature_external_ges

from rdflib import Graph, URIRef
from rdflib.exceptions import Error as RdfError
from rdflib.parser import create_input_source
from rdflib.plugins.parsers.jsonld import to_rdf
from rdflib.plugins.parsers.rdfxml import RDFXMLHandler, create_parser
from rdflib.plugins.stores.memory import Memory

from haihe.edges.dcat.faults import (
    DeclaresEntities,
    RemoteContext,
    TooLarge,
    UnknownFormat,
    Unreadable,
)
from haihe.edges.dcat.terms import address

LARGEST = 32 * 1024 * 1024
"""Bytes that a document may have."""
MOST_FACTS = 1_000_000
"""Triples that a document may hold: about 1 GiB of memory."""
NOWHERE = "https://unknown.invalid/"
"""What relative addresses are relative to where nobody says it."""

_BROKEN = (
    SyntaxError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
    SAXException,
    RdfError,
)
"""What rdflib's parsers raise at documents that are broken: they share no base."""

# rdflib logs each odd date and address with its text and a traceback: another's data, in our log.
for _name in ("rdflib.term", "rdflib.plugins.parsers.jsonld"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class _Unchanged(RDFXMLHandler):
    """Leaves absolute addresses as they stand: rdflib's own drops an empty query."""

    def absolutize(self, uri: str) -> URIRef:
        return URIRef(uri) if address(uri) else super().absolutize(uri)


class _Bounded(Memory):
    """A store that refuses more triples than a page may have."""

    def __init__(self) -> None:
        super().__init__()
        self.left = MOST_FACTS

    def add(self, *given: Any, **named: Any) -> None:
        self.left -= 1
        if self.left < 0:
            raise TooLarge
        super().add(*given, **named)


def read_graph(content: bytes, *, media_type: str, base: str, largest: int = LARGEST) -> Graph:
    """All triples of a document; relative to ``base``. Errors as ``reading.read_page``."""
    if len(content) > largest:
        raise TooLarge
    reader = _reader_of(media_type.partition(";")[0].strip().lower(), content)
    graph = Graph(store=_Bounded(), bind_namespaces="none")
    try:
        reader(content, graph, base or NOWHERE)
    except _BROKEN:
        raise Unreadable from None
    return graph


def _turtle(content: bytes, graph: Graph, base: str) -> None:
    graph.parse(data=content, format="turtle", publicID=base)


def _rdf_xml(content: bytes, graph: Graph, base: str) -> None:
    _refuse_entities(content)
    source = create_input_source(data=content, publicID=base)
    handler = _Unchanged(graph)
    handler.setDocumentLocator(source)  # type: ignore[arg-type]  # as rdflib itself does
    parser = create_parser(source, graph)
    parser.setFeature(feature_external_ges, False)
    parser.setContentHandler(handler)  # type: ignore[arg-type]  # and so does it here
    parser.parse(source)


def _json_ld(content: bytes, graph: Graph, base: str) -> None:
    found = json.loads(content)
    if not isinstance(found, dict | list):
        raise Unreadable
    _refuse_remote(found)
    to_rdf(found, graph, base=base, version=1.1)


Reader = Callable[[bytes, Graph, str], None]
_READERS: dict[str, Reader] = {
    "text/turtle": _turtle,
    "application/x-turtle": _turtle,
    "application/n-triples": _turtle,
    "application/ld+json": _json_ld,
    "application/json": _json_ld,
    "application/rdf+xml": _rdf_xml,
    "application/xml": _rdf_xml,
    "text/xml": _rdf_xml,
}
_UNSAID = {"", "application/octet-stream", "text/plain", "binary/octet-stream"}


def _reader_of(media_type: str, content: bytes) -> Reader:
    if media_type in _READERS:
        return _READERS[media_type]
    if media_type not in _UNSAID:
        raise UnknownFormat
    front = content[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if front.startswith(b"{"):
        return _json_ld
    return _rdf_xml if front.startswith((b"<?xml", b"<rdf:")) else _turtle


def _refuse_entities(content: bytes) -> None:
    """Raise where a DOCTYPE stands before the root; whatever comes later is rdflib's to judge."""

    class Begun(Exception):
        """The root element: there can be no DOCTYPE after it."""

    def refuse(*_: object) -> NoReturn:
        raise DeclaresEntities

    def begin(*_: object) -> NoReturn:
        raise Begun

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = begin
    try:
        parser.Parse(content, True)
    except Begun:
        return
    except (expat.ExpatError, LookupError, ValueError):
        raise Unreadable from None


def _refuse_remote(found: Any) -> None:
    """Raise where any context, however deep, names an address instead of saying its words.

    rdflib would fetch it, also from within lists in lists.
    """
    left = [(found, False)]
    while left:
        each, is_context = left.pop()
        if isinstance(each, list):
            left.extend((one, is_context) for one in each)
        elif isinstance(each, dict):
            if "@import" in each:
                raise RemoteContext
            left.extend((one, name == "@context") for name, one in each.items())
        elif is_context and isinstance(each, str):
            raise RemoteContext
