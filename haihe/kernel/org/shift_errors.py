"""What can go wrong with shifts and stand-ins, one class a failure."""

from __future__ import annotations

from haihe.base.errors import BadInput, NotFound, NotPermitted


class OtherDepartment(NotPermitted):
    """The post or officer belongs to another department than the one who plans."""

    code = "org.shift.other_department"
    message = "You plan the shifts of your own department."
    hint = "Ask whoever plans the shifts there."


class NoGrid(NotFound):
    """A grid that is not in force."""

    code = "org.shift.no_grid"
    message = "There is no grid of this code now."
    hint = "Take codes from the plan of grids in force."


class BadSpan(BadInput):
    """Spans of a day overlap, or a kind of day is not known."""

    code = "org.shift.bad_span"
    message = "The spans of a day may not overlap, and a day is 1 to 9."
    hint = "Write Monday to Sunday as 1 to 7, a public holiday as 8, a make-up day as 9."


class BadPattern(BadInput):
    """A text that says no week."""

    code = "org.shift.bad_pattern"
    message = "This says no week."
    hint = "Write days and hours, for example 1-5 08:30-12:00,13:30-17:30; 9 08:30-17:30."


class OwnStandIn(BadInput):
    """An officer can't stand in for themself."""

    code = "org.stand_in.self"
    message = "Nobody stands in for themself."
    hint = "Name another officer of the department."


class StandInElsewhere(BadInput):
    """The stand-in is of another department."""

    code = "org.stand_in.elsewhere"
    message = "A stand-in works in the same department."
    hint = "Name an officer of the department, or move one there first."


class StandInAway(BadInput):
    """The stand-in is away themself at that time."""

    code = "org.stand_in.away"
    message = "The stand-in is away themself at that time."
    hint = "Name somebody who is there all the time."
    status = 409


class AbsentAlready(BadInput):
    """The officer has an absence that overlaps."""

    code = "org.absence.overlaps"
    message = "This officer is away at that time already."
    hint = "End the other absence first."
    status = 409


class BadTerm(BadInput):
    """An absence ends before it begins, or lies in the past."""

    code = "org.absence.bad_term"
    message = "An absence ends after it begins, and not in the past."
    hint = "Correct its first and last moment."


class NotAway(NotFound):
    """The absence is over already."""

    code = "org.absence.over"
    message = "This absence is over."
    hint = "Nothing is left to end."
