"""What corrections' pages and actions ask for."""

from haihe.systems.corrections.queries.held import (
    Cell,
    Own,
    Stands,
    cell_of,
    has_arrived,
    own_of,
    owns_of,
    rows_of,
    stands,
)
from haihe.systems.corrections.queries.objections import (
    VIEWS,
    Part,
    counted,
    for_officer,
    limits,
    listed,
    live_grants,
    objected_columns,
    own_objection,
    own_objections,
    part_of,
)
from haihe.systems.corrections.queries.receivers import Given, given, was_given, words_of

__all__ = [
    "VIEWS",
    "Cell",
    "Given",
    "Own",
    "Part",
    "Stands",
    "cell_of",
    "counted",
    "for_officer",
    "given",
    "has_arrived",
    "limits",
    "listed",
    "live_grants",
    "objected_columns",
    "own_objection",
    "own_objections",
    "own_of",
    "owns_of",
    "part_of",
    "rows_of",
    "stands",
    "was_given",
    "words_of",
]
