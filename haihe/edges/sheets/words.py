"""Words in cells: width, spaces, what means yes, what means nothing; languages by their signs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

SEPARATORS = re.compile(r"[、,，;；|\n]")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200d\u2060\ufeff]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LEVELLED = re.compile(r"[\s*★☆:_\-]+")
_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NUMBERED = re.compile(r"^(\d+|\(\w+\))[.、)]?(?=\D)")
_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|#+)", re.IGNORECASE)
YES = frozenset({"是", "√", "✓", "✔", "☑", "有", "对", "y", "yes", "true", "1", "t", "v"})
NO = frozenset(
    {"否", "×", "✗", "✘", "☐", "□", "无", "错", "不是", "n", "no", "false", "0", "f", "x"}
)
NOTHING = frozenset({"/", "\\", "-", "--", "—", "——", "―", "无", "暂无", "空", "n/a", "na", "none"})
"""What departments write into a cell that has nothing to say; ``narrow``, in lower case."""


def tidy(text: str) -> str:
    """A text without what nobody sees: spaces around, control signs, zero-width signs.

    >>> tidy("\\u3000信息资源\\r\\n目录\\u200b ")
    '信息资源\\n目录'
    """
    if text.isprintable():
        return text.strip()
    text = text.replace("\r\n", "\n")
    return _UNSEEN.sub("", text.replace("\r", "\n") if "\r" in text else text).strip()


def narrow(text: str) -> str:
    """A text tidied, with full-width digits, letters and spaces made half-width (NFKC).

    >>> narrow("１２０１０１　Ａ")
    '120101 A'
    """
    return tidy(text if text.isascii() else unicodedata.normalize("NFKC", text))


def plain(text: str) -> str:
    """A title or spelling as it is compared: narrow, lower case, without spaces, stars, strokes.

    >>> plain("*信息资源 名称："), plain("Sharing_class")
    ('信息资源名称', 'sharingclass')
    """
    return _LEVELLED.sub("", narrow(text).lower())


def bare(title: str) -> str:
    """A title, plain, without the remarks in brackets and the number in front that it may have.

    >>> bare("3.发布日期（YYYY-MM-DD）")
    '发布日期'
    """
    return _NUMBERED.sub("", _ASIDE.sub("", plain(title)))


def is_error(text: str) -> bool:
    """Whether a text is what a spreadsheet shows instead of a value.

    >>> is_error("#N/A"), is_error("######"), is_error("#1")
    (True, True, False)
    """
    return text.startswith("#") and _ERROR.fullmatch(text) is not None


def in_language(words: Sequence[str], language: str) -> str:
    """The first word in Chinese signs, or the first without, else the first of all.

    >>> in_language(("目录", "Catalogue"), "en"), in_language(("目录", "Catalogue"), "zh-hans")
    ('Catalogue', '目录')
    """
    is_chinese = language.startswith("zh")
    return next((each for each in words if bool(_CHINESE.search(each)) == is_chinese), words[0])
