"""What the pages of sharing show: the overview, demands, links and their batches."""

from haihe.systems.sharing.queries.demands import (
    ColumnLine,
    calls,
    column_lines,
    demand,
    grant_of,
    grant_state,
    steps,
)
from haihe.systems.sharing.queries.links import (
    column_titles,
    delivery_of,
    last_batch,
    links,
    quarantine,
)
from haihe.systems.sharing.queries.overview import (
    city_map,
    departments,
    figures,
    last_days,
    named,
    shapes,
)
from haihe.systems.sharing.queries.resources import (
    VersionLine,
    late_since,
    place_of,
    version_lines,
)
from haihe.systems.sharing.queries.sheets import (
    LISTS,
    SHEETS,
    FaultLine,
    fault_lines,
    sentence,
    unread,
)

__all__ = [
    "LISTS",
    "SHEETS",
    "ColumnLine",
    "FaultLine",
    "VersionLine",
    "calls",
    "city_map",
    "column_lines",
    "column_titles",
    "delivery_of",
    "demand",
    "departments",
    "fault_lines",
    "figures",
    "grant_of",
    "grant_state",
    "last_batch",
    "last_days",
    "late_since",
    "links",
    "named",
    "place_of",
    "quarantine",
    "sentence",
    "shapes",
    "steps",
    "unread",
    "version_lines",
]
