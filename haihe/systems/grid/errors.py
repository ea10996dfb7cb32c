"""What can go wrong with plans of grids, rounds, visits and patrols, one class a failure."""

from __future__ import annotations

from haihe.base.errors import BadInput, NotFound, NotPermitted


class NotGeoJson(BadInput):
    """A file or drawing that holds no grids."""

    code = "grid.upload.unreadable"
    message = "This is no GeoJSON file of grids."
    hint = "Download the grids of the street, change that file, and upload it."


class OtherDatum(BadInput):
    """A file says another datum than was chosen."""

    code = "grid.upload.other_datum"
    message = "The file names another coordinate system than you chose."
    hint = "Choose the one that the file names: the wrong one moves grids by hundreds of metres."


class NotYourGrid(NotPermitted):
    """A grid that the officer does not walk now."""

    code = "grid.round.not_yours"
    message = "You do not walk this grid now."
    hint = "Ask the planner of shifts, or the dispatcher of the street."


class NoPointGiven(BadInput):
    """A finding without a place."""

    code = "grid.round.no_place"
    message = "The finding names no place."
    hint = "Let the device say where it is, or choose one of your grids."


class NoConsent(NotPermitted):
    """Points are sent by a worker who did not consent, or withdrew."""

    code = "grid.patrol.no_consent"
    message = "Points of the patrol are kept only with your consent."
    hint = "Nothing was kept. You may consent on the page of the patrol."


class BadCode(NotFound):
    """A check-in code that no venue has."""

    code = "grid.venue.unknown"
    message = "This code belongs to no venue."
    hint = "Scan the code again, or check in by tapping."


class NoVisit(BadInput):
    """A visit without a purpose or a grid."""

    code = "grid.visit.unknown"
    message = "A visit has a purpose and one of your grids."
    hint = "Choose both."


class NoGridGiven(BadInput):
    """A venue in no grid in force."""

    code = "grid.venue.no_grid"
    message = "There is no grid of this code now."
    hint = "Take a code from the plan of grids in force."


class BadPoints(BadInput):
    """Points of a patrol that can't be read."""

    code = "grid.patrol.unreadable"
    message = "These points can't be read."
    hint = "Open the page of the patrol anew."


class NoRegister(NotPermitted):
    """The city has not said which service answers where somebody lives."""

    code = "grid.visit.no_register"
    message = "This city has named no register that tells telephone and address."
    hint = "Go by what whoever opened the visit wrote, or ask your street."


class NobodyNamed(BadInput):
    """A visit to a door, not to a person whom a register could know."""

    code = "grid.visit.nobody_named"
    message = "This visit names no person of the register."
    hint = "Go by what whoever opened the visit wrote."
