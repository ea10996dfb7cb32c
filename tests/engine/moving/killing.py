"""The killer of `test_kills`: forks a mover, changes its source, kills it at a random moment."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any

import psycopg

from haihe.engine.lake.attached import LakeAddress
from haihe.engine.moving import LakeTarget, PostgresTarget
from tests.engine.moving.builders import moved

_CHANGE = (
    "insert into t select (select coalesce(max(id), 0) from t) + i, clock_timestamp(),"
    " 'n' || i from generate_series(1, 200) i;"
    "update t set at = clock_timestamp(), name = name || '+' where id % 37 = {turn} % 37"
)


def main() -> None:
    """Read the job from standard input; print how many kills hit work in flight."""
    job = json.load(sys.stdin)
    chance = random.Random(job["seed"])  # noqa: S311 - to be repeated by its seed
    longest, in_flight = 1.0, 0
    for turn in range(job["kills"] + 1):
        with psycopg.connect(job["department"], autocommit=True) as session:
            session.execute(_CHANGE.format(turn=turn).encode())
        begun = time.monotonic()
        mover = os.fork()
        if mover == 0:
            _move(job)
            # The first runs to its end, to tell how long one takes; the others go on until killed.
            while turn:
                _move(job)
            os._exit(0)
        if turn:
            time.sleep(chance.uniform(0, longest))
            os.kill(mover, signal.SIGKILL)
        _, status = os.waitpid(mover, 0)
        if turn:
            in_flight += os.WIFSIGNALED(status)
        else:
            longest = time.monotonic() - begun
    json.dump({"in_flight": in_flight}, sys.stdout)


def _move(job: dict[str, Any]) -> None:
    for target in (LakeTarget(LakeAddress(*job["lake"]), "a.t"),
                   PostgresTarget(job["receiver"], "t")):  # fmt: skip
        moved(job["department"], "t", target, Path(job["folder"]), watermark="at", overlap_s=60)


if __name__ == "__main__":
    main()
