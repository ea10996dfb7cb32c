"""What a sample said of a proposed resource, as the page that confirms it shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from haihe.engine.sources.profile import MOST_CHARS, Quality
from haihe.kernel.catalogue.models import Column, Resource


@dataclass(frozen=True)
class SampleShown:
    """The sample as a whole: rows, rows whose key another row has, and when it was read."""

    rows: int
    key_duplicates: int
    read_at: datetime | None


@dataclass(frozen=True)
class QualityShown:
    """A column's quality; ``has_ranges`` says whether lengths and ranges may be shown."""

    quality: Quality
    has_ranges: bool

    @property
    def empty(self) -> int:
        """Rows without a value."""
        return self.quality.nulls + self.quality.blanks

    @property
    def valid_percent(self) -> str:
        """The share of right identifiers, with a digit where it is not whole."""
        permille = self.quality.valid_permille
        return "" if permille is None else f"{permille / 10:g} %"

    @property
    def lengths(self) -> str:
        """Shortest and longest value in signs."""
        shortest, longest = self.quality.shortest, self.quality.longest
        if shortest is None or longest is None:
            return ""
        most = f"≥ {longest}" if longest >= MOST_CHARS else str(longest)
        return most if shortest == longest else f"{shortest} – {most}"

    @property
    def range(self) -> str:
        """Least and greatest value of numbers and days."""
        least, greatest = self.quality.least, self.quality.greatest
        return least if least == greatest else f"{least} – {greatest}"


def sample_of(resource: Resource) -> SampleShown | None:
    """What was read of the table; none where it was proposed without a sample."""
    kept = resource.sample
    if not kept:
        return None
    at = kept.get("read_at")
    return SampleShown(
        kept["rows"], kept["key_duplicates"], datetime.fromisoformat(at) if at else None
    )


def quality_of(resource: Resource, column: Column) -> QualityShown | None:
    """A column's quality; without ranges where it is personal, whoever has said so."""
    kept = resource.sample.get("columns", {}).get(column.name)
    if kept is None:
        return None
    quality = Quality(**kept)
    return QualityShown(quality, not (quality.is_withheld or column.is_personal))
