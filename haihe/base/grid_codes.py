"""Schemes of grid codes: how a grid is named after its community.

A city names its scheme in ``city.toml``: ``[grids]``, ``scheme = "cn.grid15"``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from haihe.base.errors import BadInput

DEFAULT = "numbered"


class BadGridCode(BadInput):
    """A grid's code does not fit the city's scheme or its community."""

    code = "places.grids.bad_code"
    message = "A grid's code does not fit."
    hint = "A grid's code begins with its community's and ends with a number of its own."


class UnknownScheme(BadInput):
    """The city names a scheme of grid codes that is not known."""

    code = "places.grids.unknown_scheme"
    message = "There is no such scheme of grid codes."
    hint = "Take one of the schemes that the page on drawing grids names."


@dataclass(frozen=True)
class GridCodes:
    """One scheme: the community's code, ``mark``, then a number of ``digits`` digits from 1 on.

    ``community`` is the pattern that a community's code must have.
    """

    name: str
    digits: int
    mark: str = ""
    community: str = r"[0-9A-Za-z]{1,24}"
    source: str = ""

    def code(self, community: str, number: int) -> str:
        """The code of a community's grid of that number; ``places.grids.bad_code`` past the last.

        >>> SCHEMES["cn.grid15"].code("120101001002", 7)
        '120101001002007'
        """
        made = f"{community}{self.mark}{number:0{self.digits}}"
        if number < 1 or not self.is_valid(made):
            raise BadGridCode(f"No code of {self.name} for grid {number} of {community}.")
        return made

    def community_of(self, code: str) -> str:
        """The community that a code names; ``places.grids.bad_code`` if it is no code.

        >>> SCHEMES["numbered"].community_of("D01W01G02")
        'D01W01'
        """
        found = re.fullmatch(rf"({self.community}){self.mark}([0-9]{{{self.digits}}})", code)
        if found is None or int(found[2]) == 0:
            raise BadGridCode(f"{code or 'An empty text'} is no grid code of {self.name}.")
        return found[1]

    def is_valid(self, code: str) -> bool:
        """Whether a text is a code of this scheme."""
        try:
            self.community_of(code)
        except BadGridCode:
            return False
        return True


SCHEMES = {
    each.name: each
    for each in (
        GridCodes(
            "cn.grid15",
            digits=3,
            community=r"[0-9]{12}",
            source="15 digits: 6 county, 3 street, 3 community, 3 of the grid's own",
        ),
        GridCodes(DEFAULT, digits=2, mark="G", source="The community's code, G, two digits"),
    )
}


def scheme_named(name: str) -> GridCodes:
    """The scheme of a name; ``places.grids.unknown_scheme``."""
    try:
        return SCHEMES[name]
    except KeyError:
        raise UnknownScheme(f"There is no scheme of grid codes {name!r}.") from None


def scheme_of(city: Mapping[str, Any]) -> GridCodes:
    """The scheme that a parsed ``city.toml`` names; ``places.grids.unknown_scheme``."""
    grids = city.get("grids", {})
    named = grids.get("scheme", DEFAULT) if isinstance(grids, Mapping) else ""
    return scheme_named(str(named))
