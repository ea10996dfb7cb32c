"""What becomes of a source's rows: read into a staging and judged, as each move does it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from haihe.engine.moving import ColumnRule, stage
from haihe.engine.sources import Reading, Source


@dataclass(frozen=True)
class Judged:
    """The rows that would be written, the reasons of the others, and the hashes of both."""

    good: list[tuple[Any, ...]]
    reasons: list[str]
    is_whole: bool
    """Whether every row that was hashed when it was read is there, changed in no sign."""


def judged(
    source: Source,
    table: str,
    folder: Path,
    *,
    columns: tuple[ColumnRule, ...],
    shown: str = "*",
) -> Judged:
    """Read a table of a source, and judge its rows."""
    pairs = tuple((column.name, column.kind) for column in columns)
    with stage.staging(folder / "staging") as connection:
        with source.faults_named():
            source.attach(connection, aside=stage.folder_of(connection))
            stage.read(connection, source.reading_sql(Reading(table, pairs)))
        stage.judge(connection, columns=columns)
        reasons = connection.execute("select reason from faults order by 1").fetchall()
        good = connection.execute(f"select {shown} from good order by 1").fetchall()
        is_whole = not stage.judge_changes(connection, columns=columns)
    return Judged(good, [row[0] for row in reasons], is_whole)
