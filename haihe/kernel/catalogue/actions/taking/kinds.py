"""What departments write as a column's data type and length, as one of the engine's kinds."""

from __future__ import annotations

import re

from haihe.base.errors import HaiheError
from haihe.edges.sheets import Value
from haihe.engine.sources.kinds import kind_of
from haihe.kernel.catalogue.internals.sheets import choices

_DIGITS = re.compile(r"(.+?)\((\d{1,4})(?:[,，](\d{1,2}))?\)")
_SCALED = re.compile(r"(\d{1,2})[,，.](\d{1,2})")
_WORDS = {
    word.lower(): kind for kind, words in choices.KINDS.items() for word in (kind, *words)
}  # fmt: skip
MOST_WHOLE_DIGITS = 18
_MOST_OF_LENGTH = 9
SHOWN = "、".join((*(words[0] for words in choices.KINDS.values()), "数值型(18,2)"))
"""The kinds, as a fault names them."""


class NotAKind(ValueError):
    """A type or length that says no kind; ``field`` is where, ``code`` the fault's."""

    def __init__(self, field: str, code: str) -> None:
        self.field, self.code = field, code
        super().__init__(code)


def kind_and_length(given: str, length: Value) -> tuple[str, int | None]:
    """The engine's kind, and the length in characters where one is said.

    >>> kind_and_length("字符型", "18"), kind_and_length("数值型", "18,2")
    (('text', 18), ('decimal(18,2)', None))
    >>> kind_and_length("N", "10"), kind_and_length("varchar(20)", None)
    (('integer', 10), ('text', 20))
    """
    said = str(length) if length is not None else ""
    word = "".join(given.lower().split()).replace("（", "(").replace("）", ")")
    digits = said
    inside = _DIGITS.fullmatch(word)
    if inside is not None:
        word = inside[1].strip()
        digits = f"{inside[2]},{inside[3]}" if inside[3] else inside[2]
    if word in choices.NUMBERS:
        return _number(digits, said if inside is not None else "")
    kind = _WORDS.get(word)
    if kind is None:
        raise NotAKind("kind", "kind_unknown")
    chosen = said or digits
    if chosen and not (chosen.isdecimal() and len(chosen) <= _MOST_OF_LENGTH):
        raise NotAKind("length", "length_bad")
    return kind, int(chosen) if chosen else None


def _number(digits: str, length: str) -> tuple[str, int | None]:
    scaled = _SCALED.fullmatch(digits)
    if scaled is None:
        if digits.isdecimal() and 0 < int(digits) <= MOST_WHOLE_DIGITS:
            return "integer", int(digits)
        raise NotAKind("kind", "digits_missing")
    kind = f"decimal({int(scaled[1])},{int(scaled[2])})"
    try:
        kind_of(kind)
    except HaiheError:
        raise NotAKind("kind", "digits_missing") from None
    is_length = length.isdecimal() and len(length) <= _MOST_OF_LENGTH
    return kind, int(length) if is_length else None
