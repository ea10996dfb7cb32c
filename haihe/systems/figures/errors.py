"""What can go wrong with figures, one class a failure."""

from __future__ import annotations

from haihe.base.errors import BadInput, NotFound, NotPermitted


class OutsideYours(NotPermitted):
    """An officer of a district asks for figures of another."""

    code = "figures.outside"
    message = "These figures are of a division outside your own."
    hint = "Choose your own division or one below it."


class BadWeek(BadInput):
    """What was given is no week, or one that is not over."""

    code = "figures.week.bad"
    message = "This is no week that is over."
    hint = "Write a past week by year and number, such as 2026-W47."


class UnknownWeekly(NotFound):
    """No weekly report of that id."""

    code = "figures.weekly.unknown"
    message = "There is no such weekly report."
    hint = "Choose one from the list."


class NoSuchTable(NotFound):
    """A table that no page shows is asked for as a file."""

    code = "figures.table.unknown"
    message = "There is no such table."
    hint = "Export a table from the page that shows it."
