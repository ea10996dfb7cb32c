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


class NotPlanned(BadInput):
    """Grids are drawn for the divisions one level above the last, a street's all at once."""

    code = "places.grids.wrong_level"
    message = "The grids of this division are not drawn by themselves."
    hint = "Draw the grids of a street: of a division one level above the last."


class NoDraft(NotFound):
    """The division has no draft of grids, or the plan is published already."""

    code = "places.grids.no_draft"
    message = "There is no draft of these grids."
    hint = "Draw or upload the grids first; what is published never changes."


class NoGrids(BadInput):
    """A draft without a single grid."""

    code = "places.grids.none"
    message = "There is not one grid in it."
    hint = "Give each grid as a feature with a code and a polygon."


class NoGrid(NotFound):
    """No grid of that code in the plan."""

    code = "places.grids.unknown"
    message = "There is no grid of this code here."
    hint = "Choose one from the table of the street's grids."


class OtherCommunity(BadInput):
    """Two grids of different communities are to become one."""

    code = "places.grids.other_community"
    message = "These two grids belong to different communities."
    hint = "A grid's code names its community: join grids of one community."


class GridCodeTwice(BadInput):
    """Two grids of one plan bear one code."""

    code = "places.grids.code_twice"
    message = "Two grids bear one code."
    hint = "Give each grid a code of its own."


class UnknownKind(BadInput):
    """A grid of a kind that is not known."""

    code = "places.grids.unknown_kind"
    message = "There is no grid of this kind."
    hint = "Write all_round or special."


class FaultyGrids(BadInput):
    """The draft has gaps, laps or grids beyond the outline; the message names the first."""

    code = "places.grids.faulty"
    message = "The grids do not cover the street just once."
    hint = "Mend every fault that the check shows, then publish."
    status = 409


class TooEarly(BadInput):
    """A version would be in force before today, or before the version that it follows."""

    code = "places.grids.too_early"
    message = "A new version begins today or later, and not before the version that it follows."
    hint = "Choose a later first day: what was assigned by the old version stays so."
