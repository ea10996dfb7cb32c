"""Figures of units: of divisions by where a report lies, of departments by their tasks in it.

What is counted, and what a rate is a share of, in words: ``docs/explanation/rates.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from haihe.kernel.cases.errors import UnknownMeasure
from haihe.kernel.cases.queries.figures.span import Span, ask

LEAST = 5
"""Of fewer cases or ratings no rate is shown: one more would turn it over."""
MEASURES = (
    "filed", "led", "to_answer", "answered_in_time", "solved", "overdue", "open", "refused",
    "withdrawn", "rated", "satisfied", "sent_back", "reopened",
)  # fmt: skip
"""What is counted; each is a list of cases too (``cases_behind``)."""


@dataclass(frozen=True)
class UnitFigures:
    """How a unit dealt with the reports filed in a time, as they stand now.

    ``part`` is a division's or department's code, empty for the whole or for no division of the
    level. A department counts reports in which it had a task; ``led`` those that it led. Rates are
    in permille, None below ``LEAST``; ``median_hours`` from filing to the answer (for a department
    from its task to its end), None where none is solved.
    """

    part: str
    filed: int = 0
    led: int = 0
    to_answer: int = 0
    answered_in_time: int = 0
    solved: int = 0
    overdue: int = 0
    open: int = 0
    refused: int = 0
    withdrawn: int = 0
    rated: int = 0
    satisfied: int = 0
    sent_back: int = 0
    reopened: int = 0
    median_hours: float | None = None

    @property
    def response_rate(self) -> int | None:
        """响应率: answered within their time limit, of those answered or past it.

        A report is answered once it is verified, refused or opened; a department's task once it is
        done or sent back. After 北京市接诉即办工作条例 (2021), which rates response, resolution and
        satisfaction; what counts as an answer here is Haihe's own clock.
        """
        return _permille(self.answered_in_time, self.to_answer)

    @property
    def resolution_rate(self) -> int | None:
        """解决率: handled and answered, of those and of what is open beyond a time limit."""
        return _permille(self.solved, self.solved + self.overdue)

    @property
    def satisfaction_rate(self) -> int | None:
        """满意率: ratings of 4 and 5, of all ratings; a department's of reports that it led."""
        return _permille(self.satisfied, self.rated)


def by_division(span: Span, *, level: int) -> list[UnitFigures]:
    """Figures by the division of a level in which reports lie, by code."""
    rows = ask(span, "below", "filed", "alone", "units", level=level)
    return [UnitFigures(**row) for row in rows]


def by_department(span: Span) -> list[UnitFigures]:
    """Figures by department that leads or assists, by code."""
    rows = ask(span, "below", "filed", "given", "units")
    return [UnitFigures(**row) for row in rows]


def whole(span: Span) -> UnitFigures:
    """Figures of all reports of the span together."""
    rows = ask(span, "below", "filed", "alone", "units")
    return UnitFigures(**rows[0]) if rows else UnitFigures("")


def cases_behind(
    span: Span,
    measure: str,
    *,
    department: str = "",
    division: str | None = None,
    level: int = -1,
    most: int = 50,
    after: int = 0,
) -> list[UUID]:
    """Ids of the reports that a count is of, the newest first.

    Of a ``department``; of a ``division`` of a level (empty: of none); else of the whole span.
    Errors: ``cases.figures.measure``.
    """
    if measure not in MEASURES or (measure == "led" and not department):
        raise UnknownMeasure
    given = {"measure": measure, "level": level, "most": most, "after": after}
    if department:
        rows = ask(span, "below", "filed", "given", "cases_behind", part=department, **given)
    else:
        part = "*" if division is None else division
        rows = ask(span, "below", "filed", "alone", "cases_behind", part=part, **given)
    return [row["id"] for row in rows]


def _permille(part: int, of: int) -> int | None:
    return round(1000 * part / of) if of >= LEAST else None
