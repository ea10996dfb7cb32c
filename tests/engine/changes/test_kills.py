"""kill -9 of worker, lake writer, source or target at any moment: nothing lost, nothing doubled."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

KILLS = int(os.environ.get("KILLS", "6"))
"""How many a run makes; `make soak` makes 100."""
IN_FLIGHT = 0.8


def test_whoever_is_killed_both_sides_hold_the_same_in_the_end(tmp_path: Path) -> None:
    seed = random.SystemRandom().randrange(10**9)
    told = subprocess.run(
        [sys.executable, "-m", "tests.engine.changes.killing"],
        input=json.dumps({"seed": seed, "kills": KILLS, "folder": str(tmp_path)}),
        capture_output=True,
        text=True,
        check=False,
    )
    sys.stdout.write(f"seed {seed}\n{told.stdout}\n")
    assert told.returncode == 0, told.stderr[-3000:]
    found = json.loads(told.stdout)
    assert set(found["settings"].values()) == {"on"}
    assert len(found["hits"]) == KILLS
    assert sum(hit for _, hit in found["hits"]) >= IN_FLIGHT * KILLS
    contents = {tuple(each) for each in found["contents"].values()}
    assert len(contents) == 1
    assert found["acknowledged"] > 0
    assert (found["lost"], found["doubled"], found["wrong"]) == (0, 0, 0)
