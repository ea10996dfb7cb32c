"""Files of fixed width: a cell is where it stands, told by a layout that lies beside the file.

The layout of ``persons.fwf`` is ``persons.fwf.toml``: ``unit = "bytes"`` (as host systems count) or
``"characters"``, then a ``[[column]]`` each with ``name`` and ``width``.
"""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from haihe.engine.sources.decoding import marked
from haihe.engine.sources.errors import BadSource, TooWide
from haihe.engine.sources.formats.records import MOST_CHARACTERS, Record


@dataclass(frozen=True)
class Layout:
    """Names and widths in order, counted in bytes or in characters."""

    names: tuple[str, ...]
    widths: tuple[int, ...]
    in_bytes: bool

    @classmethod
    def read(cls, path: Path) -> Layout:
        """The layout beside a file; ``exchange.source.bad_address``."""
        try:
            told = tomllib.loads(path.read_text(encoding="utf-8-sig"))
            names = tuple(str(each["name"]) for each in told["column"])
            widths = tuple(int(each["width"]) for each in told["column"])
            unit = told.get("unit", "bytes")
        except (OSError, ValueError, KeyError, TypeError):
            names, widths, unit = (), (), ""
        is_good = names and len(set(names)) == len(names) and min(widths) > 0
        if not is_good or unit not in {"bytes", "characters"}:
            raise BadSource(
                f"The layout {path.name} of this file of fixed width is absent or wrong.",
                hint='Put one beside it: unit = "bytes", then [[column]] with name and width.',
            )
        return cls(names, widths, unit == "bytes")


def fixed_rows(path: Path, layout: Layout, *, encoding: str) -> Iterator[Record]:
    """The rows; blanks at a cell's end are filling, a cell of blanks alone is missing.

    A character that a border cuts is marked, and so sends its row aside; so do bytes beyond the
    last column. A row that is too short lacks its last cells.
    """
    if layout.in_bytes and encoding.startswith("utf-16"):
        raise BadSource(
            "A layout of UTF-16 counts characters.", hint='Write unit = "characters" in the layout.'
        )
    with path.open("rb") as file:
        if file.read(3) != codecs.BOM_UTF8:
            file.seek(0)
        while line := file.readline(MOST_CHARACTERS):
            if len(line) >= MOST_CHARACTERS:
                raise TooWide("A row of the file has no end.")
            bare = line.rstrip(b"\r\n\x1a")
            if bare:
                yield _row(bare if layout.in_bytes else marked(bare, encoding), layout, encoding)


def _row(line: bytes | str, layout: Layout, encoding: str) -> Record:
    cells: dict[str, str | None] = {}
    place = 0
    for name, width in zip(layout.names, layout.widths, strict=True):
        cells[name] = _cell(line[place : place + width], encoding)
        place += width
    rest = _cell(line[place:], encoding)
    return Record(cells, (rest,) if rest else ())


def _cell(piece: bytes | str, encoding: str) -> str | None:
    text = marked(piece, encoding) if isinstance(piece, bytes) else piece
    return text.rstrip(" \u3000") or None
