"""The reads of figures, by what they ask for."""

from haihe.systems.figures.queries.document import monday_of, past_weeks, week_name, weekly_pdf
from haihe.systems.figures.queries.scope import Asked, asked, must_lie_in, scope_of
from haihe.systems.figures.queries.tables import (
    TABLES,
    again_lines,
    case_lines,
    ranking,
    shown_trend,
    spot_lines,
    stacked,
    whole,
)
from haihe.systems.figures.queries.weekly import filed, has_weekly, weeklies, weekly_values

__all__ = [
    "TABLES",
    "Asked",
    "again_lines",
    "asked",
    "case_lines",
    "filed",
    "has_weekly",
    "monday_of",
    "must_lie_in",
    "past_weeks",
    "ranking",
    "scope_of",
    "shown_trend",
    "spot_lines",
    "stacked",
    "week_name",
    "weeklies",
    "weekly_pdf",
    "weekly_values",
    "whole",
]
