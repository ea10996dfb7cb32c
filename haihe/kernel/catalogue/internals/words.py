"""Into which pieces texts are cut so that an index finds them: Chinese, Latin and pinyin.

Chinese is written without spaces: each run of it is cut into all its pieces of one to three
characters, so that any part of a title finds it without a dictionary that would have to know every
department's words. Latin words stand whole and are found by how they begin. A title is also found
by its pinyin, whole or by initials, from any of its syllables on (``gjj`` finds 住房公积金).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

LONGEST_PIECE = 3
MOST_PINYIN = 40
"""Characters of a title that are also kept as pinyin: an index ends with its longest entry."""

_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_IS_HAN = re.compile(f"[{_HAN}]")


def runs(text: str) -> list[str]:
    """A text's runs of Chinese characters, and its other words, in one form and in small letters.

    >>> runs("住房公积金ＡＰＰ housing_fund/2026")
    ['住房公积金', 'app', 'housing', 'fund', '2026']
    """
    return _RUN.findall(unicodedata.normalize("NFKC", text).lower())


def pieces(texts: Iterable[str]) -> set[str]:
    """All pieces by which the texts are found."""
    return {piece for text in texts for run in runs(text) for piece in _pieces(run)}


def pinyin_pieces(texts: Iterable[str]) -> set[str]:
    """Pinyin of the texts' Chinese runs: from each syllable on, in full and by initials."""
    return {
        piece
        for text in texts
        for run in runs(text)
        if _IS_HAN.match(run)
        for piece in _pinyin(run[:MOST_PINYIN])
    }


def asked(words: str) -> str:
    """What the words ask of the index, as a ``tsquery``: all of them. Empty where there are none.

    >>> asked("公积 FUND")
    "'公积' & 'fund':*"
    """
    return " & ".join(dict.fromkeys(_asked(words)))


def _asked(words: str) -> Iterator[str]:
    for run in runs(words):
        if not _IS_HAN.match(run):
            yield f"'{run}':*"
            continue
        length = min(len(run), LONGEST_PIECE)
        for start in range(len(run) - length + 1):
            yield f"'{run[start : start + length]}'"


def _pieces(run: str) -> Iterator[str]:
    if not _IS_HAN.match(run):
        yield run
        return
    for length in range(1, LONGEST_PIECE + 1):
        for start in range(len(run) - length + 1):
            yield run[start : start + length]


@lru_cache(maxsize=20_000)  # names of columns and departments come again and again
def _pinyin(run: str) -> tuple[str, ...]:
    syllables = lazy_pinyin(run, style=Style.NORMAL)
    initials = "".join(syllable[0] for syllable in syllables)
    whole = ("".join(syllables[start:]) for start in range(len(syllables)))
    return (*whole, *(initials[start:] for start in range(len(initials))))
