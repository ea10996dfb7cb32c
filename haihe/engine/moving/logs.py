"""What a move asks of a source's change log; the logs themselves are in ``engine.changes``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import duckdb


@dataclass(frozen=True)
class LogFigures:
    """How far a change log was read. ``lag_bytes``: what waits in it still, as the source tells.

    ``offered`` are columns that the source has gained since its table was read whole.
    """

    position: str
    is_whole: bool = False
    rows_deleted: int = 0
    lag_bytes: int | None = None
    offered: tuple[str, ...] = ()


class Log(Protocol):
    """A source's change log, read once instead of the source's table; ``move`` is a ``Move``."""

    def read(self, move: Any, connection: duckdb.DuckDBPyConnection, before: str | None) -> None:
        """Fill ``staged`` from the position ``before`` on; with None from the whole table."""
        ...

    def put(self, move: Any, connection: duckdb.DuckDBPyConnection) -> tuple[int, int] | None:
        """Write what the log says; count and hash as read back. None: ``staged`` is the table."""
        ...

    def figures(self) -> LogFigures:
        """How far the log was read, and what is to be told of it."""
        ...

    def committed(self) -> None:
        """The target has committed: the source may let go of what was read."""
        ...
