"""RDF as trees, which each format can write as it goes: no graph is held in memory.

A node has facts: pairs of a property (``dct:title``) and a node, a reference or a literal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from haihe.base.text import Text
from haihe.edges.dcat.terms import address, clean, language_tag
from haihe.edges.dcat.values import Day


class Literal(NamedTuple):
    """A text, with its language or its datatype (``xsd:date``), or neither."""

    text: str
    language: str = ""
    datatype: str = ""


class Reference(NamedTuple):
    """The address of something."""

    address: str


@dataclass(slots=True)
class Node:
    """Something with its types and facts; a blank node where it has no address."""

    address: str
    types: tuple[str, ...]
    facts: list[tuple[str, Node | Reference | Literal]] = field(default_factory=list)

    def link(self, name: str, to: str) -> None:
        """Add a reference, if there is an absolute address."""
        if to and (found := address(to)):
            self.facts.append((name, Reference(found)))

    def hold(self, name: str, node: Node | Reference | None) -> None:
        """Add a node or a reference, if there is one."""
        if node is not None:
            self.facts.append((name, node))

    def word(self, name: str, text: str, *, datatype: str = "") -> None:
        """Add a text without a language, if there is one."""
        if text and (found := clean(text)):
            self.facts.append((name, Literal(found, "", datatype)))

    def words(self, name: str, text: Text) -> None:
        """Add a text in its languages, if there is any."""
        for language, value in text.items():
            if value and (found := clean(value)):
                self.facts.append((name, Literal(found, language_tag(language))))

    def flag(self, name: str, value: bool) -> None:
        """Add that something is so; that it isn't goes without saying."""
        if value:
            self.facts.append((name, Literal("true", "", "xsd:boolean")))

    def number(self, name: str, value: int | None) -> None:
        """Add a whole number, if there is one."""
        if value is not None:
            self.facts.append((name, Literal(str(value), "", "xsd:integer")))

    def day(self, name: str, value: Day | None) -> None:
        """Add a date or a moment, if there is one."""
        if value is not None:
            kind = "xsd:dateTime" if isinstance(value, datetime) else "xsd:date"
            self.facts.append((name, Literal(value.isoformat(), "", kind)))

    def named(self, name: str, value: str, *, type: str) -> None:
        """Add a reference where there is an address, else a blank node that bears the words."""
        if value and (found := address(value)):
            self.facts.append((name, Reference(found)))
        elif value and (label := clean(value)):
            self.facts.append((name, Node("", (type,), [("rdfs:label", Literal(label))])))
