"""Into which pieces texts are cut so that an index finds them: Chinese, Latin and pinyin.

Chinese is written without spaces: of each run of it every place is kept with what follows there, up
to three characters, so that any part of a title finds it without a dictionary that would have to
know every department's words. Latin words stand whole and are found by how they begin. A title is
also found by its pinyin, whole or by initials, from any of its syllables on (``gjj`` finds
住房公积金).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import import_module

LONGEST_PIECE = 3
LONGEST_PINYIN = 12
"""Letters of pinyin that are kept from a syllable on: whoever types more is asked no more."""

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
        for piece in _pinyin(run)
    }


def asked(words: str) -> str:
    """What the words ask of the index, as a ``tsquery``: all of them. Empty where there are none.

    >>> asked("公积 FUND")
    "'公积':* & 'fund':*"
    >>> asked("住房公积")
    "'住房公' & '房公积'"
    """
    return " & ".join(dict.fromkeys(_asked(words)))


def _asked(words: str) -> Iterator[str]:
    for run in runs(words):
        if _IS_HAN.match(run):
            yield from _asked_of_chinese(run)
        elif len(run) > LONGEST_PINYIN:
            yield f"('{run}':* | '{run[:LONGEST_PINYIN]}')"
        else:
            yield f"'{run}':*"


def _asked_of_chinese(run: str) -> Iterator[str]:
    if len(run) < LONGEST_PIECE:
        yield f"'{run}':*"
    for start in range(len(run) - LONGEST_PIECE + 1):
        yield f"'{run[start : start + LONGEST_PIECE]}'"


def _pieces(run: str) -> Iterator[str]:
    if not _IS_HAN.match(run):
        yield run
        return
    for start in range(len(run)):
        yield run[start : start + LONGEST_PIECE]


@lru_cache(maxsize=20_000)  # names of columns and departments come again and again
def _pinyin(run: str) -> tuple[str, ...]:
    # Its dictionaries take a quarter of a start, and most processes never ask for pinyin.
    pinyin = import_module("pypinyin")
    syllables = pinyin.lazy_pinyin(run, style=pinyin.Style.NORMAL)
    initials = "".join(syllable[0] for syllable in syllables)
    found = []
    for start in range(len(syllables)):
        found.append("".join(syllables[start : start + LONGEST_PINYIN])[:LONGEST_PINYIN])
        found.append(initials[start : start + LONGEST_PINYIN])
    return tuple(found)
