"""One subject of a graph and what is said of it, asked for by short names. Faults are noted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from urllib.parse import unquote

from rdflib import RDF, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from haihe.edges.dcat.faults import fault
from haihe.edges.dcat.terms import address, clean
from haihe.edges.dcat.values import Day, Fault
from haihe.edges.dcat.vocabulary import PREFIXES

UNKNOWN_LANGUAGE = "und"
"""The language of a text that doesn't say it (ISO 639-2)."""
_LABELS = ("rdfs:label", "dct:title", "skos:prefLabel", "foaf:name", "vcard:fn", "dct:identifier")


@dataclass
class Source:
    """A graph, the address of our own terms in it, and the faults noted so far.

    ``language`` is that of texts which don't say theirs.
    """

    graph: Graph
    terms: str
    language: str = UNKNOWN_LANGUAGE
    faults: list[Fault] = field(default_factory=list)

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """Namespaces by their short names, with those that are read and never written."""
        return PREFIXES | {"haihe": self.terms, "owl": "http://www.w3.org/2002/07/owl#"}

    def full(self, name: str) -> str:
        """A short name in full."""
        prefix, _, rest = name.partition(":")
        return self.prefixes[prefix] + rest

    def about(self, node: Node, *, of: str = "") -> Thing:
        """A subject; its faults are those of the dataset ``of``."""
        facts: dict[str, list[Node]] = {}
        for name, value in self.graph.predicate_objects(node):
            facts.setdefault(str(name), []).append(value)
        return Thing(self, node, of, facts)

    def every(self, *kinds: str) -> list[Node]:
        """All subjects of these types, each once, in the order of the document."""
        found = (self.graph.subjects(RDF.type, URIRef(self.full(kind))) for kind in kinds)
        return list(dict.fromkeys(node for each in found for node in each))


@dataclass
class Thing:
    """A subject with its facts: values by the full name of their property."""

    source: Source
    node: Node
    of: str
    facts: dict[str, list[Node]]

    @property
    def address(self) -> str:
        """Its address; empty for a blank node, and for what is no absolute IRI."""
        return address(str(self.node)) if isinstance(self.node, URIRef) else ""

    def blame(self, field: str, code: str, found: str = "") -> None:
        """Note a fault."""
        self.source.faults.append(fault(self.of, field, code, clean(found)))

    def all(self, *names: str) -> list[Node]:
        """The values of the first of these properties that has any."""
        found = (self.facts.get(self.source.full(name)) for name in names)
        return next((each for each in found if each), [])

    def one(self, field: str, *names: str) -> Node | None:
        """The one value; where there are several, the first by its text, and a fault."""
        values = sorted(self.all(*names), key=str)
        if len(values) > 1:
            self.blame(field, "dcat.several", ", ".join(str(each) for each in values))
        return values[0] if values else None

    def parts(self, *names: str) -> list[Thing]:
        """The values that are subjects themselves."""
        return [
            self.source.about(each, of=self.of)
            for each in self.all(*names)
            if not isinstance(each, Literal)
        ]

    def word(self, field: str, *names: str) -> str:
        """A text without a language."""
        found = self.one(field, *names)
        return "" if found is None or isinstance(found, BNode) else clean(str(found))

    def words(self, field: str, *names: str) -> dict[str, str]:
        """A text in its languages."""
        found: dict[str, str] = {}
        for language, text in sorted(self._tagged(*names)):
            if language in found:
                self.blame(field, "dcat.several", f"{found[language]}, {text}")
            else:
                found[language] = text
        if UNKNOWN_LANGUAGE in found:
            self.blame(field, "dcat.text.untagged", found[UNKNOWN_LANGUAGE])
        return found

    def lists(self, *names: str) -> dict[str, tuple[str, ...]]:
        """Texts by language, sorted."""
        found: dict[str, list[str]] = {}
        for language, text in sorted(self._tagged(*names)):
            found.setdefault(language, []).append(text)
        return {language: tuple(texts) for language, texts in found.items()}

    def _tagged(self, *names: str) -> list[tuple[str, str]]:
        return [
            (each.language or self.source.language, text)
            for each in self.all(*names)
            if isinstance(each, Literal) and (text := clean(str(each)))
        ]

    def link(self, field: str, *names: str) -> str:
        """The address of a value, also where it stands as a text."""
        found = self.one(field, *names)
        return "" if found is None or isinstance(found, BNode) else address(str(found))

    def links(self, *names: str) -> tuple[str, ...]:
        """The addresses of all values, sorted."""
        found = (address(str(each)) for each in self.all(*names) if not isinstance(each, BNode))
        return tuple(sorted({each for each in found if each}))

    def named(self, field: str, *names: str) -> str:
        """An address, or the words that a blank node bears."""
        found = self.one(field, *names)
        if not isinstance(found, BNode):
            return "" if found is None else clean(str(found))
        labels = self.source.about(found).all(*_LABELS)
        return clean(str(min(labels, key=str))) if labels else ""

    def reached(self, name: str, scheme: str) -> str:
        """What an address of this scheme (``mailto:``) leads to."""
        for each in sorted(self.all(name), key=str):
            found = each
            if isinstance(each, BNode):
                found = next(iter(self.source.about(each).all("vcard:hasValue")), each)
            if not isinstance(found, BNode):
                return clean(unquote(str(found).removeprefix(scheme)))
        return ""

    def number(self, field: str, *names: str) -> int | None:
        """A whole number, not negative."""
        found = self.word(field, *names)
        if found.isdecimal() and len(found) < 16:
            return int(found)
        if found:
            self.blame(field, "dcat.number.unreadable", found)
        return None

    def flag(self, field: str, name: str) -> bool:
        """Whether something is said to be so."""
        return self.word(field, name).lower() in {"true", "1"}

    def day(self, field: str, *names: str) -> Day | None:
        """A date, or a moment in UTC; a moment without its zone counts as its date."""
        found = self.word(field, *names).strip()
        if not found:
            return None
        vague = found.isascii() and (found + "-01-01")[:10]
        try:
            if "T" in found:
                moment = datetime.fromisoformat(found)
                return moment.date() if moment.tzinfo is None else moment.astimezone(UTC)
            if len(found) in {4, 7} and vague:
                day = date.fromisoformat(vague)
                self.blame(field, "dcat.day.vague", found)
                return day
            return date.fromisoformat(found[:10])
        except (ValueError, OverflowError):
            self.blame(field, "dcat.day.unreadable", found)
            return None
