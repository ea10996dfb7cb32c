"""kill -9 at any moment, then again: nothing lost, nothing doubled."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

from haihe.engine.lake.attached import LakeAddress
from haihe.engine.moving import LakeTarget, PostgresTarget
from tests.engine.moving.builders import in_lake, moved
from tests.servers import Database

KILLS = 24


def test_a_killed_move_loses_nothing_and_doubles_nothing(
    department: Database, receiver: Database, lake: LakeAddress, tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(10**9)
    sys.stdout.write(f"seed {seed}\n")
    department.run("create table t (id bigint primary key, at timestamptz not null, name text)")
    job = {
        "seed": seed,
        "kills": KILLS,
        "department": department.address,
        "receiver": receiver.address,
        "lake": [lake.database_url, lake.files],
        "folder": str(tmp_path),
    }
    told = subprocess.run(
        [sys.executable, "-m", "tests.engine.moving.killing"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr[-3000:]
    assert json.loads(told.stdout)["in_flight"] == KILLS

    expected = department.ask("select id, name from t order by id")
    for target in (LakeTarget(lake, "a.t"), PostgresTarget(receiver.address, "t")):
        outcome = moved(department.address, "t", target, tmp_path, watermark="at", overlap_s=60)
        assert outcome.is_reconciled
    assert in_lake(lake, "select id, name from lake.a.t order by id") == expected
    assert receiver.ask("select id, name from t order by id") == expected
    # What the killed runs left is cleared by the next ones.
    assert not list((tmp_path / "staging").iterdir())
    assert receiver.ask("select count(*) from pg_class where relname like 'haihe_stage%'") == [(0,)]
