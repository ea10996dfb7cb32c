"""Files what comes in beside a benchmark of reports, as the worker does, until it is ended."""

from __future__ import annotations

import importlib
import signal

from haihe.base.ending import ENDING
from haihe.project.start import start_django


def main() -> None:
    """Take one turn of the job after another."""
    signal.signal(signal.SIGTERM, lambda *_: ENDING.set())
    start_django()
    jobs = importlib.import_module("haihe.systems.snap.jobs")
    while not ENDING.is_set():
        jobs.file_received()


if __name__ == "__main__":
    main()
