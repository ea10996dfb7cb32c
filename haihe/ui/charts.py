"""Charts as data: what the page's script draws, and the same figures for the table beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Series:
    """One line or row of bars: as many numbers as the chart has labels, None where there is none.

    A share has one digit behind the point.
    """

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class LineChart:
    """Lines over days. ``key`` is unique in its page."""

    key: str
    title: str
    head: str
    labels: Sequence[str]
    series: Sequence[Series]
    kind: str = "line"

    @property
    def data_id(self) -> str:
        """Id of the element that holds the data."""
        return f"{self.key}-data"

    @property
    def data(self) -> dict[str, Any]:
        """What the script reads."""
        series = [{"name": each.name, "values": list(each.values)} for each in self.series]
        return {"labels": list(self.labels), "series": series}

    @property
    def rows(self) -> list[tuple[str, list[float | None]]]:
        """The table's rows."""
        return [
            (label, [each.values[i] for each in self.series]) for i, label in enumerate(self.labels)
        ]


@dataclass(frozen=True)
class BarChart(LineChart):
    """Bars over labels: side by side, or ``is_stacked``. ``is_lying``: from left to right.

    ``most`` is where the axis ends; 0 leaves it to the values.
    """

    kind: str = "bars"
    is_stacked: bool = False
    is_lying: bool = False
    most: int = 0

    @property
    def data(self) -> dict[str, Any]:
        """What the script reads."""
        how = {"stacked": self.is_stacked, "lying": self.is_lying, "most": self.most}
        return {**super().data, **how}


@dataclass(frozen=True)
class Choropleth:
    """Divisions coloured by a count. ``shapes`` is GeoJSON whose features have a ``name``;

    ``is_schematic`` marks shapes without a map approval number.
    """

    key: str
    title: str
    head: str
    unit: str
    shapes: Mapping[str, Any]
    values: Mapping[str, int]
    is_schematic: bool = True
    kind: str = "choropleth"

    @property
    def data_id(self) -> str:
        """Id of the element that holds the data."""
        return f"{self.key}-data"

    @property
    def data(self) -> dict[str, Any]:
        """What the script reads."""
        values = [{"name": name, "value": value} for name, value in self.values.items()]
        return {
            "head": self.head,
            "unit": self.unit,
            "shapes": self.shapes,
            "values": values,
        }

    @property
    def series(self) -> list[Series]:
        """The table's one column."""
        return [Series(self.unit, list(self.values.values()))]

    @property
    def rows(self) -> list[tuple[str, list[int]]]:
        """The table's rows, the greatest first."""
        ordered = sorted(self.values.items(), key=lambda item: -item[1])
        return [(name, [value]) for name, value in ordered]
