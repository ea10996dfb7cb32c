"""A process of its own that delivers a made-up table of the lake as files, and tells its peak."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from haihe.engine.age import new_identity
from haihe.engine.lake.attached import LakeAddress, attach_lake
from haihe.engine.lake.duck import open_duckdb
from haihe.engine.merkle.subjects import subjects_root
from haihe.engine.moving import ColumnRule, FileForm, FilesTarget, Move, Outcome, run
from haihe.engine.moving.bulk import staged_subjects
from haihe.engine.sources.lake import Lake

COLUMNS = (
    ("id", "integer"),
    ("person", "text"),
    ("name", "text"),
    ("remark", "text"),
    ("amount", "decimal(18,2)"),
    ("changed", "timestamp"),
)
TABLE = """
create table lake.main.firms as select i as id, '9112' || lpad(i::varchar, 14, '0') as person,
  '津海贸易有限公司' || i as name, repeat('备注说明', (4 + i % 9)::integer) as remark,
  (i / 100)::decimal(18,2) as amount, timestamp '2020-01-01' + to_seconds(i) as changed
from range({rows}) t(i)
"""


def fill(lake: LakeAddress, rows: int, folder: Path) -> None:
    """Make the table."""
    with open_duckdb(folder / "fill.duckdb") as connection:
        attach_lake(connection, lake, is_writer=True)
        connection.execute(TABLE.format(rows=rows))


def deliver(
    lake: LakeAddress, file_format: str, folder: Path, *, memory_mib: int
) -> dict[str, Any]:
    """Deliver all of it; rows, and the most memory that this process ever had, in MiB."""
    target = FilesTarget(
        folder / f"out-{file_format}",
        batch="b",
        form=FileForm(file_format),
        recipients=[new_identity().recipient],
        about={},
    )
    move = Move(
        link="peak",
        batch="b",
        source=Lake(lake, subject_sql="unhex(md5(person))"),
        source_table="main.firms",
        columns=tuple(ColumnRule(name, kind, is_key=name == "id") for name, kind in COLUMNS),
        target=target,
        staging=folder / "staging",
        memory_mib=memory_mib,
    )

    def before_commit(staged: Any, outcome: Outcome) -> None:
        subjects_root(staged_subjects(staged, "s"))

    outcome = run(move, before_commit=before_commit)
    return {"rows": outcome.rows_written, "peak_mib": peak_mib()}


def peak_mib() -> int:
    """The most that this program held; the kernel's other figure has its parent's in it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (found,) = (line for line in lines if line.startswith("VmHWM:"))
    return int(found.split()[1]) // 1024


if __name__ == "__main__":
    database, file_format, memory, folder = sys.argv[1:]
    there = LakeAddress(database, str(Path(folder) / "lake"))
    found = deliver(there, file_format, Path(folder), memory_mib=int(memory))
    sys.stdout.write(json.dumps(found))
