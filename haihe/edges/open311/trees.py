"""Plain trees (texts, dicts, lists) as XML and back, by the Spark convention: no attributes.

Reading refuses a document type declaration: entities could fetch or blow up. Writing leaves out
what XML 1.0 can't hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NoReturn
from xml.parsers import expat

from haihe.edges.open311.faults import Unreadable

_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DEEPEST = 12
Plain = Any
"""A text, a bool, a number, None, or a dict or list of them."""


@dataclass
class Node:
    """One element: its name, its text, the elements in it."""

    name: str
    parts: list[str] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What stands in it, of its children nothing."""
        return "".join(self.parts)

    def child(self, name: str) -> Node | None:
        """The first element of that name in it."""
        return next((each for each in self.children if each.name == name), None)


def read_xml(content: bytes) -> Node:
    """The root of an XML document; ``open311.unreadable``."""
    root = Node("")
    path = [root]

    def start(name: str, _: dict[str, str]) -> None:
        if len(path) > _DEEPEST:
            raise Unreadable
        node = Node(name.rpartition(":")[2])
        path[-1].children.append(node)
        path.append(node)

    def end(_: str) -> None:
        path.pop()

    def text(given: str) -> None:
        path[-1].parts.append(given)

    def refuse(*_: object) -> NoReturn:
        raise Unreadable

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError):
        raise Unreadable from None
    return root.children[0]


def write_xml(name: str, value: Plain, *, items: dict[str, str]) -> bytes:
    """A tree as a document; ``items`` names the elements of each list by the list's name."""
    written = ['<?xml version="1.0" encoding="utf-8"?>\n']
    _write(written, name, value, items)
    return "".join(written).encode()


def _write(written: list[str], name: str, value: Plain, items: dict[str, str]) -> None:
    written.append(f"<{name}>")
    if isinstance(value, dict):
        for key, each in value.items():
            _write(written, key, each, items)
    elif isinstance(value, list):
        for each in value:
            _write(written, items[name], each, items)
    else:
        written.append(_text(value))
    written.append(f"</{name}>")


def _text(value: Plain) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = clean(str(value)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace("\r", "&#13;")


def clean(text: str) -> str:
    """A text without what XML 1.0 can't hold.

    >>> clean("a\\x00b")
    'ab'
    """
    return _UNWRITABLE.sub("", text)
