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

__all__ = [
    "ColumnLine",
    "calls",
    "city_map",
    "column_lines",
    "column_titles",
    "delivery_of",
    "demand",
    "departments",
    "figures",
    "grant_of",
    "grant_state",
    "last_batch",
    "last_days",
    "links",
    "named",
    "quarantine",
    "shapes",
    "steps",
]
