"""How far a change log was read, and of which log: kept with the rows as one line of JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from haihe.engine.moving.errors import SourceChanged
from haihe.engine.sources.changed import Shape, differences, shape_of
from haihe.engine.sources.shape import ColumnShape


@dataclass(frozen=True)
class LogPosition:
    """A position in one log.

    ``at`` is the source's own word for it. ``marks`` tell one log from another that was made in its
    place; each must stay as it is. ``made`` is where the log began when the table was read whole,
    ``seen`` the transactions that stood in it then. ``shape``: the source's columns at that time.
    """

    at: str
    made: str = ""
    seen: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    shape: Shape = field(default_factory=dict)

    def text(self) -> str:
        """One line, as the target keeps it."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)


def read_position(text: str | None) -> LogPosition | None:
    """The position of that line; None of any other, such as a watermark's."""
    try:
        found = json.loads(text or "")
        return LogPosition(**found)
    except (ValueError, TypeError):
        return None


def must_hold(before: LogPosition, now: list[ColumnShape], wanted: list[str]) -> None:
    """Refuse columns dropped or narrowed, with the difference: ``exchange.source.changed``."""
    told = differences(before.shape, shape_of(now), wanted)
    if told:
        raise SourceChanged(f"The source's table has changed: {'; '.join(told)}.")
