"""What can go wrong with an upload of grids."""

from __future__ import annotations

from haihe.base.errors import BadInput, NotPermitted


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
