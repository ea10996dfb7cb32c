"""Each way in which loading or asking for places can fail."""

from __future__ import annotations

from haihe.base.errors import BadInput, NotFound


class NoDivision(NotFound):
    """No division has this code."""

    code = "places.division.unknown"
    hint = "Load the city's divisions first: haihe city load."


class NoParent(BadInput):
    """A division stands below one that is neither loaded nor in the same load."""

    code = "places.division.no_parent"
    hint = "Give the parent in the same load, one level above."


class MovedDivision(BadInput):
    """A load would put a known division on another level."""

    code = "places.division.moved"
    hint = "A code keeps its level for ever; give the new division a code of its own."
