"""How a workbook's numbers are shown: as days, times, with leading zeros, in scientific notation.

Source: ECMA-376 part 1, 18.8.30 (numFmt: the built-in formats, those of zh-CN too).
"""

from __future__ import annotations

import re

from haihe.edges.sheets.packages import Attributes, Package

_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
_TIMES = {*range(18, 22), *range(32, 36), 45, 46, 47, 55, 56}
_DATES = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58}
_SCIENTIFIC = {11, 48}
_GENERAL = "General"


def read_forms(package: Package, name: str, *, is_from_1904: bool) -> list[str]:
    """The form of each style of a workbook, by its number; see ``kinds.Raw``."""
    written: dict[int, str] = {}
    styles: list[int] = []
    path: list[str] = []

    def start(element: str, given: Attributes) -> None:
        path.append(element)
        if element == "numFmt":
            written[int(given["numFmtId"])] = given.get("formatCode", "")
        elif element == "xf" and "cellXfs" in path[-2:]:
            styles.append(int(given.get("numFmtId", 0)))

    def end(_: str) -> None:
        path.pop()

    if package.has(name):
        for _ in package.parse(name, start=start, end=end):
            pass
    return [_dated(form_of(each, written.get(each)), is_from_1904) for each in styles or [0]]


def _dated(form: str, is_from_1904: bool) -> str:
    return f"{form}1904" if is_from_1904 and form in ("general", "date") else form


def form_of(number: int, written: str | None = None) -> str:
    """The form of a built-in format, or of one that the workbook writes.

    >>> form_of(14), form_of(176, "yyyy年m月d日"), form_of(177, "000000"), form_of(178, "0.0E+00")
    ('date', 'date', 'zeros6', 'scientific')
    >>> form_of(179, "[h]:mm"), form_of(180, "[$-804]yyyy/m/d"), form_of(181, "G/通用格式")
    ('time', 'date', 'general')
    """
    if written is None:
        kinds = {"date": _DATES, "time": _TIMES, "scientific": _SCIENTIFIC}
        return next((kind for kind, numbers in kinds.items() if number in numbers), "general")
    if written == _GENERAL:
        return "general"
    shape = _QUOTED.sub("", written).split(";")[0].lower()
    if re.search(r"e[+-]", shape):
        return "scientific"
    if re.fullmatch(r"0{2,}", shape):
        return f"zeros{len(shape)}"
    if "y" in shape or "d" in shape or ("m" in shape and not re.search("[hs]", shape)):
        return "date"
    return "time" if re.search("[hs]", shape) else "general"
