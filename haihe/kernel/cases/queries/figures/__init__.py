"""Figures of reports (``cases.report``): of units, over time, by place. Never of a named person.

Each is one SQL statement over the reports filed in a time; every count has its list of cases.
"""

from haihe.kernel.cases.queries.figures.recurrences import (
    AGAIN_DAYS,
    AGAIN_METRES,
    AGAIN_TIMES,
    Recurrence,
    recurrences,
)
from haihe.kernel.cases.queries.figures.span import LONGEST_DAYS, Span
from haihe.kernel.cases.queries.figures.spots import (
    CELL_M,
    HotSpot,
    cases_at,
    hot_spots,
)
from haihe.kernel.cases.queries.figures.trend import Trend, trend
from haihe.kernel.cases.queries.figures.units import (
    LEAST,
    MEASURES,
    UnitFigures,
    by_department,
    by_division,
    cases_behind,
    whole,
)

__all__ = [
    "AGAIN_DAYS",
    "AGAIN_METRES",
    "AGAIN_TIMES",
    "CELL_M",
    "LEAST",
    "LONGEST_DAYS",
    "MEASURES",
    "HotSpot",
    "Recurrence",
    "Span",
    "Trend",
    "UnitFigures",
    "by_department",
    "by_division",
    "cases_at",
    "cases_behind",
    "hot_spots",
    "recurrences",
    "trend",
    "whole",
]
