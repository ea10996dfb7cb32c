"""What the pages of sharing show: the overview, demands, links and their batches."""

from haihe.systems.sharing.queries.demands import (
    ColumnLine,
    calls,
    column_lines,
    demand,
    grant_of,
    grant_state,
    steps,
    uses,
)
from haihe.systems.sharing.queries.grants import (
    Card,
    bounds_of,
    card_of,
    ledger_of_grants,
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
from haihe.systems.sharing.queries.ways import (
    clock_of,
    way_of,
)

__all__ = [
    "LISTS",
    "SHEETS",
    "Card",
    "ColumnLine",
    "FaultLine",
    "VersionLine",
    "bounds_of",
    "calls",
    "card_of",
    "city_map",
    "clock_of",
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
    "ledger_of_grants",
    "links",
    "named",
    "place_of",
    "quarantine",
    "sentence",
    "shapes",
    "steps",
    "unread",
    "uses",
    "version_lines",
    "way_of",
]
