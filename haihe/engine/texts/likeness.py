"""How alike two short texts are: by the runs of two and three characters that they share.

Characters, not words: Chinese is written without spaces, and a report of one line has few words.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from functools import lru_cache

RUNS = (2, 3)


def plain(text: str) -> str:
    """A text in one Unicode form, small letters, with nothing but letters and digits.

    >>> plain("路灯，不亮了！ Lamp")
    '路灯不亮了lamp'
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


@lru_cache(maxsize=20_000)
def runs(text: str) -> Counter[str]:
    """How often each run of two and three characters stands in a text."""
    signs = plain(text)
    return Counter(signs[at : at + n] for n in RUNS for at in range(len(signs) - n + 1))


def cosine(one: str, other: str) -> float:
    """The cosine of two texts' runs: 0 for nothing in common, 1 for the same text.

    >>> round(cosine("路灯不亮", "路灯不亮了"), 2) > cosine("路灯不亮", "井盖丢失")
    True
    """
    a, b = runs(one), runs(other)
    if not a or not b:
        return 0.0
    shared = sum(count * b[run] for run, count in a.items() if run in b)
    lengths = sum(n * n for n in a.values()) * sum(n * n for n in b.values())
    return min(1.0, shared / math.sqrt(lengths))


def contained(words: str, text: str) -> float:
    """Which share of the runs of some words stands in a text: 1 if it says all of them.

    >>> contained("路灯", "门口的路灯坏了")
    1.0
    """
    wanted = runs(words)
    if not wanted:
        return 0.0
    held = runs(text)
    return sum(1 for run in wanted if run in held) / len(wanted)
