"""What every map of points needs: the base map that the city set, or outlines where it set none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings as django_settings
from django.utils.translation import get_language, gettext

from haihe.base.settings import TIANDITU, settings
from haihe.engine import geometry
from haihe.kernel.places import queries as places


@dataclass(frozen=True)
class Pin:
    """One point on a map, in its own datum; ``words`` say what it is, ``link`` where it leads.

    ``radius`` is the mark's, in pixels.
    """

    longitude: float
    latitude: float
    datum: str
    words: str
    tone: str = "blue"
    link: str = ""
    radius: int = 9


_TIANDITU = "https://t0.tianditu.gov.cn/DataServer?T={layer}_w&x={{x}}&y={{y}}&l={{z}}&tk={key}"
"""天地图's plain map (vec) and its names (cva) in Web Mercator, on CGCS2000."""


def layers() -> tuple[str, ...]:
    """Addresses of the base map's layers, the lowest first; none where there is no base map."""
    tiles, key = settings().map_tiles, settings().map_key
    if tiles == TIANDITU:
        return tuple(_TIANDITU.format(layer=each, key=key) for each in ("vec", "cva"))
    return (tiles,) if tiles else ()


def source() -> str:
    """Words on the base map: as set, else whose map it is."""
    return settings().map_note or ("天地图" if settings().map_tiles == TIANDITU else "")


def approval_number() -> str:
    """The approval number of the city's map (审图号), as its pack states it; empty for none."""
    return str(django_settings.CITY.get("map", {}).get("approval_number", ""))


def is_schematic() -> bool:
    """Whether maps must be marked schematic: the pack states no approval number."""
    return not approval_number()


def note() -> str:
    """Words on a map: whose base map it is, and the approval number."""
    return " · ".join(each for each in (source(), approval_number()) if each)


def map_of(pins: Iterable[Pin], *, picks: str = "") -> dict[str, Any]:
    """What the script ``points.js`` reads. ``picks``: the id of a form whose place it sets."""
    tiles = layers()
    outlines = {"features": []} if tiles else _outlines(get_language() or "zh")
    datum = settings().map_datum if tiles else _datum_of(outlines)
    points = []
    for pin in pins:
        lon, lat = geometry.convert(pin.longitude, pin.latitude, source=pin.datum, target=datum)
        at = [round(lat, 6), round(lon, 6)]
        point = {"at": at, "words": pin.words, "tone": pin.tone, "link": pin.link}
        points.append({**point, "radius": pin.radius})
    return {
        "points": points,
        "outlines": outlines,
        "tiles": tiles,
        "note": note(),
        "datum": datum,
        "picks": picks,
        "words": {
            "larger": gettext("Larger"),
            "smaller": gettext("Smaller"),
            "chosen": gettext("The chosen place"),
        },
    }


def _outlines(language: str) -> dict[str, Any]:
    """The outlines of the divisions below the city."""
    return _read(places.boundaries_geojson(1, language=language, tolerance_degrees=0.002))


@lru_cache(maxsize=8)
def _read(text: str) -> dict[str, Any]:
    return dict(json.loads(text))


def _datum_of(outlines: dict[str, Any]) -> str:
    features = outlines["features"]
    return str(features[0]["properties"]["datum"]) if features else "WGS-84"
