"""The reads of snap, by what they ask for."""

from haihe.systems.snap.queries.exif import point_of
from haihe.systems.snap.queries.keys import (
    keyed,
    new_token,
    shown_phone,
    spoken,
    visitor,
)
from haihe.systems.snap.queries.reports import (
    category_title,
    choices,
    filed,
    followers,
    likely,
    mine,
    mine_received,
    photos_to_decide,
    received,
    report,
    told,
    words,
)
from haihe.systems.snap.queries.solved import overview, photos_shown, solved
from haihe.systems.snap.queries.spots import (
    WGS,
    device_datum,
    districts,
    inside,
    map_datum,
    named,
    parts_of,
    trail,
    words_of,
)
from haihe.systems.snap.queries.stages import stages, status

__all__ = [
    "WGS",
    "category_title",
    "choices",
    "device_datum",
    "districts",
    "filed",
    "followers",
    "inside",
    "keyed",
    "likely",
    "map_datum",
    "mine",
    "mine_received",
    "named",
    "new_token",
    "overview",
    "parts_of",
    "photos_shown",
    "photos_to_decide",
    "point_of",
    "received",
    "report",
    "shown_phone",
    "solved",
    "spoken",
    "stages",
    "status",
    "told",
    "trail",
    "visitor",
    "words",
    "words_of",
]
