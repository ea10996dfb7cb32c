"""One fault of a case type: an English sentence, and what says it in another language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Fault(str):
    """One fault as an English sentence; ``said`` and ``values`` make it in another language.

    Of the values, ``state``, ``action``, ``clock`` and ``field`` are codes of the document.
    """

    __slots__ = ("said", "values")

    said: str
    values: Mapping[str, Any]

    def __new__(cls, said: str, **values: Any) -> Fault:
        made = super().__new__(cls, said.format(**values))
        made.said, made.values = said, values
        return made
