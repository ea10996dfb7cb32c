"""`haihe worker`: the worker of deferred and timed jobs, alone."""

from __future__ import annotations

from haihe.project.database import running_database
from haihe.project.processes.worker import work


def worker() -> None:
    """Run deferred and timed jobs until told to stop; several may run beside each other."""
    with running_database():
        work()
