"""What can go wrong with an upload of grids."""

from __future__ import annotations

from haihe.base.errors import BadInput


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
