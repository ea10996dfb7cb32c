"""Documents as PDF: a typst layout, filled with plain values, with the fonts of this machine.

Nothing is loaded from a network: layouts use no package. Each PDF is tagged for screen readers
(PDF/UA-1) and keeps for good (PDF/A-2a).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from haihe.kernel.files.errors import NoFont, NotTypeset

FAMILIES = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "PingFang SC", "Microsoft YaHei", "SimHei",
)  # fmt: skip
"""Fonts with simplified Chinese and Latin signs, the best first."""
STANDARDS = ["ua-1", "a-2a"]


def typeset(layout: Path, values: Mapping[str, Any], *, language: str, moment: datetime) -> bytes:
    """The PDF of a layout, which reads ``values`` from ``sys.inputs.values`` as JSON.

    Beside them stand ``font`` and ``lang``. The same values give the same bytes.
    Errors: ``files.no_font``, ``files.not_typeset``.
    """
    made = _typeset(layout, values, language=language, moment=moment, standards=STANDARDS)
    return bytes(made)


def pictures(
    layout: Path, values: Mapping[str, Any], *, language: str, moment: datetime
) -> list[bytes]:
    """The pages of a layout as PNG, for the eye; errors as ``typeset``."""
    made: Any = _typeset(layout, values, language=language, moment=moment, format="png", ppi=80.0)
    return [made] if isinstance(made, bytes) else list(made)


def font(families: Iterable[str] = FAMILIES) -> str:
    """The first of the fonts that this machine has; ``files.no_font``."""
    there = _there()
    found = next((each for each in families if each in there), None)
    if found is None:
        raise NoFont
    return found


@cache
def _there() -> frozenset[str]:
    return frozenset(typst.Fonts(include_embedded_fonts=False).families())


def _typeset(
    layout: Path,
    values: Mapping[str, Any],
    *,
    language: str,
    moment: datetime,
    standards: list[str] | None = None,
    **how: Any,
) -> Any:
    inputs = {"values": json.dumps(values), "font": font(), "lang": language.partition("-")[0]}
    more: dict[str, Any] = {"pdf_standards": standards} if standards else {}
    try:
        return typst.compile(
            str(layout),
            root=str(layout.parent),
            sys_inputs=inputs,
            timestamp=round(moment.timestamp()),
            **more,
            **how,
        )
    except typst.TypstError as fault:
        raise NotTypeset(f"{layout.name}: {fault}") from fault
