"""What every map of points needs: the base map that the city set, or outlines where it set none."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext

from haihe.base.settings import settings
from haihe.engine import geometry
from haihe.kernel.places import queries as places


@dataclass(frozen=True)
class Pin:
    """One point on a map, in its own datum; ``words`` say what it is, ``link`` where it leads."""

    longitude: float
    latitude: float
    datum: str
    words: str
    tone: str = "blue"
    link: str = ""


def is_schematic() -> bool:
    """Whether maps show the city's own outlines instead of a base map."""
    return not settings().map_tiles


def map_of(pins: Iterable[Pin], *, picks: str = "") -> dict[str, Any]:
    """What the script ``points.js`` reads. ``picks``: the id of a form whose place it sets."""
    outlines = _outlines(get_language() or "zh") if is_schematic() else {"features": []}
    datum = settings().map_datum if settings().map_tiles else _datum_of(outlines)
    points = []
    for pin in pins:
        lon, lat = geometry.convert(pin.longitude, pin.latitude, source=pin.datum, target=datum)
        at = [round(lat, 6), round(lon, 6)]
        points.append({"at": at, "words": pin.words, "tone": pin.tone, "link": pin.link})
    return {
        "points": points,
        "outlines": outlines,
        "tiles": settings().map_tiles,
        "note": settings().map_note,
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
