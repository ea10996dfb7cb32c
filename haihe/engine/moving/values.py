"""What a move is asked, and what came of it: values only."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from haihe.engine.moving.limits import NO_LIMIT, FaultLimit
from haihe.engine.moving.logs import Log, LogFigures
from haihe.engine.moving.rules import ColumnRule
from haihe.engine.moving.targets import Target
from haihe.engine.sources.changed import Shape
from haihe.engine.sources.shape import Source


@dataclass(frozen=True)
class Move:
    """What to move. ``link`` names the position; ``batch`` this run, also in the source's sessions.

    With a ``watermark`` only rows from the position less ``overlap_s`` seconds on are read, and
    merged by key; without one all rows are read and the target's are replaced. With a ``log`` its
    changes are read, after the whole table has been once. More bad rows than the ``limit`` allows
    stop the batch. ``shape`` is the source's table as it was: what has been narrowed since stops it
    too; None asks only whether the columns are there.
    """

    link: str
    batch: str
    source: Source
    source_table: str
    columns: tuple[ColumnRule, ...]
    target: Target
    staging: Path
    watermark: str = ""
    overlap_s: int = 0
    memory_mib: int = 256
    log: Log | None = None
    limit: FaultLimit = NO_LIMIT
    shape: Shape | None = None


@dataclass(frozen=True)
class Outcome:
    """A run's figures. Hashes are sums over rows of 48-bit hashes, see ``sources.kinds``."""

    rows_read: int
    rows_written: int
    rows_quarantined: int
    source_hash: int
    target_hash: int
    quarantine_hash: int
    position_before: str | None
    position_after: str | None
    snapshot_before: int | None = None
    """The lake's newest snapshot before the move; None where the target is not the lake."""
    log: LogFigures | None = None
    shape: Shape = field(default_factory=dict)
    """The source's table as it was before it was read."""
    offered: tuple[str, ...] = ()
    """Columns that the source has gained since the move's ``shape``."""

    @property
    def is_reconciled(self) -> bool:
        """Nothing lost, nothing doubled."""
        return (
            self.rows_read == self.rows_written + self.rows_quarantined
            and self.source_hash == self.target_hash + self.quarantine_hash
        )
