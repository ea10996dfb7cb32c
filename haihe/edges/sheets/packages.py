"""The zip package of a workbook: what is in it, within limits, and its XML as a stream.

No document type is accepted: entities could fetch or blow up. Nothing is ever unpacked to disk.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from io import BytesIO
from typing import NamedTuple, NoReturn
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from haihe.edges.sheets.errors import Encrypted, OldFormat, TooLarge, Unreadable
from haihe.edges.sheets.values import Limits

_MOST_PARTS = 5_000
_CHUNK = 1 << 18
_BROKEN = (BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, ValueError, OSError)
Attributes = Mapping[str, str]
Start = Callable[[str, Attributes], None]
End = Callable[[str], None]


class Package:
    """An opened workbook: parts by name. Raises coded errors for what is broken or too large."""

    def __init__(self, data: bytes, *, limits: Limits) -> None:
        try:
            self._zip = ZipFile(BytesIO(data))
        except _BROKEN:
            raise Unreadable from None
        entries = self._zip.infolist()
        if len(entries) > _MOST_PARTS or sum(e.file_size for e in entries) > limits.most_unpacked:
            raise TooLarge("The file unpacks to more than is read.")
        if any(each.flag_bits & 1 for each in entries):
            raise Encrypted
        # Some writers differ in the case of names, or lead them with a stroke.
        self._names = {each.filename.lstrip("/").lower(): each for each in entries}
        if "xl/workbook.bin" in self._names or "mimetype" in self._names:
            raise OldFormat

    def names(self) -> list[str]:
        """The parts' names, in lower case."""
        return list(self._names)

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.lower() in self._names

    def size(self, name: str) -> int:
        """A part's size unpacked, in bytes."""
        return self._names[name.lower()].file_size

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part's bytes, some at a time; ``sheets.unreadable``."""
        try:
            with self._zip.open(self._names[name.lower()]) as part:
                while chunk := part.read(_CHUNK):
                    yield chunk
        except _BROKEN:
            raise Unreadable from None

    def parse(
        self, name: str, *, start: Start, end: End | None = None, text: End | None = None
    ) -> Iterator[None]:
        """Walk through a part's elements; stops after each piece, so that a caller can take stock.

        Names come without the prefix of the first, attributes with theirs. ``sheets.unreadable``.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = partial(_begin, parser, start, end)
        parser.CharacterDataHandler = text
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        try:
            for chunk in self.chunks(name):
                parser.Parse(chunk, False)
                yield
            parser.Parse(b"", True)
            yield
        except (expat.ExpatError, LookupError, ValueError):
            raise Unreadable from None

    def walk(self, name: str, *, start: Start) -> None:
        """Walk through all of a part that has no text to read."""
        for _ in self.parse(name, start=start):
            pass


class Relation(NamedTuple):
    """Where a relation of a part leads, and of what kind (the last word of its type)."""

    target: str
    kind: str


def relations(package: Package, name: str) -> dict[str, Relation]:
    """The relations of a part (of the package, for the empty name), by their ids."""
    folder, _, last = name.rpartition("/")
    path = f"{folder}/_rels/{last}.rels".lstrip("/")
    found: dict[str, Relation] = {}

    def start(element: str, given: Attributes) -> None:
        if element == "Relationship" and given.get("TargetMode") != "External":
            target = _resolved(folder, given.get("Target", ""))
            found[given.get("Id", "")] = Relation(target, given.get("Type", "").rpartition("/")[2])

    if package.has(path):
        package.walk(path, start=start)
    return found


def _resolved(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    parts = folder.split("/") if folder else []
    for part in target.split("/"):
        parts = parts[:-1] if part == ".." else [*parts, part] if part != "." else parts
    return "/".join(parts)


def _begin(
    parser: expat.XMLParserType, start: Start, end: End | None, name: str, given: Attributes
) -> None:
    """The first element says whether names carry a prefix; most files have none, and are faster."""
    cut = len(name.rpartition(":")[0]) + 1
    if cut == 1:
        parser.StartElementHandler = start
        parser.EndElementHandler = end
    else:
        parser.StartElementHandler = lambda each, attributes: start(each[cut:], attributes)
        parser.EndElementHandler = None if end is None else lambda each: end(each[cut:])
    start(name[cut:] if cut > 1 else name, given)


def _refuse(*_: object) -> NoReturn:
    raise Unreadable
