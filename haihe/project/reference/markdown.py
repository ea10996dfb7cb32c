"""Pieces of Markdown: tables and headings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from haihe.base.text import Text


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; cells lose their line breaks, and bars are escaped."""
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def code(text: object) -> str:
    """A text as code, or nothing where it is empty."""
    return f"`{text}`" if str(text) else ""


def both(text: Text) -> str:
    """English and Chinese of a text."""
    return " · ".join(dict.fromkeys(text[each] for each in ("en", "zh") if text.get(each)))


def first_sentence(docstring: str | None) -> str:
    """The first paragraph of a docstring as one line."""
    return " ".join((docstring or "").strip().split("\n\n")[0].split())
