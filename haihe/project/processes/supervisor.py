"""Starts children, writes their logs, restarts the dead, stops all. It ends only its own.

Each child leads a session of its own and dies with the supervisor. What a dead child leaves behind
(a server's workers) is ended with its process group before it is started again.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from haihe.engine.children import lead_own_session

LOG_LIMIT = 10 * 2**20
"""Bytes of a log before it is moved to NAME.log.1 (one is kept)."""
_STEADY_SECONDS = 30.0
_LONGEST_PAUSE = 10.0


@dataclass
class Child:
    """One process: its command, its log, and how often it has died of late.

    ``is_shown``: its output goes to our own, not to its log. ``more`` stands in its environment
    beside ours. ``handed`` are open files that it is given.
    """

    name: str
    command: tuple[str, ...]
    log: Path
    is_shown: bool = False
    more: dict[str, str] = field(default_factory=dict)
    handed: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started_at: float = 0.0
    due_at: float = 0.0

    @property
    def is_alive(self) -> bool:
        """Whether it runs now."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it; its output goes to the end of its log."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=None if self.is_shown else log,
                stderr=None if self.is_shown else log,
                env={**os.environ, **self.more},
                pass_fds=self.handed,
                preexec_fn=partial(lead_own_session, parent=os.getpid()),
            )
        self.started_at = time.monotonic()

    def watch(self) -> str | None:
        """Restart it when it has died and its pause is over; gives what happened, if anything."""
        now = time.monotonic()
        if self.is_alive:
            if self.deaths and now - self.started_at > _STEADY_SECONDS:
                self.deaths = 0
            return None
        if self.process is not None:
            ended = self.process.returncode
            self.end_group()
            self.process = None
            self.deaths += 1
            self.due_at = now + min(0.2 * 2 ** (self.deaths - 1), _LONGEST_PAUSE)
            return f"{self.name} ended ({ended}); starting it again."
        if now >= self.due_at:
            self.start()
        return None

    def end_group(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Signal what is left of the child's own session."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)

    def last_words(self) -> str:
        """The last line of its log."""
        with suppress(OSError):
            lines = self.log.read_text(errors="replace").strip().splitlines()
            told = [line for line in lines[-30:] if "Error" in line] or lines
            return told[-1] if told else "its log is empty"
        return "it has no log"


def trim(log: Path) -> None:
    """Keep a log below its limit: copy, then empty (its writer holds it open for appending)."""
    with suppress(OSError):
        if log.stat().st_size > LOG_LIMIT:
            shutil.copyfile(log, log.with_suffix(".log.1"))
            os.truncate(log, 0)


class Supervisor:
    """All children of one Haihe, in the order of their start."""

    def __init__(self) -> None:
        self.children: list[Child] = []
        self.passing: Child | None = None
        """A child that ends by itself, and is stopped with the others if it has not."""
        self.leaving: list[Child] = []
        """Children that others have taken over from, and that finish what they have begun."""

    def add(self, child: Child) -> None:
        """Start a child and keep it alive from now on."""
        child.start()
        self.children.append(child)

    def take_over(self, child: Child, *, successor: Child) -> None:
        """Put a started child in another's place, and ask that one to end.

        It may finish what it has begun, for as long as its server lets it.
        """
        self.children[self.children.index(child)] = successor
        if child.is_alive and child.process is not None:
            child.process.terminate()
        self.leaving.append(child)

    def watch(self) -> list[str]:
        """One round: restart the dead, trim logs. Gives sentences of what happened."""
        for gone in [child for child in self.leaving if not child.is_alive]:
            gone.end_group()
            self.leaving.remove(gone)
        happened = [child.watch() for child in self.children]
        for child in self.children:
            trim(child.log)
        return [sentence for sentence in happened if sentence]

    def stop(self, *, patience_seconds: float = 4.0) -> None:
        """Ask every child to end, wait together, then end what is left."""
        passing = [self.passing] if self.passing else []
        leaving = [*passing, *self.leaving, *reversed(self.children)]
        for child in leaving:
            if child.is_alive and child.process is not None:
                child.process.terminate()
        ends = time.monotonic() + patience_seconds
        while any(child.is_alive for child in leaving) and time.monotonic() < ends:
            time.sleep(0.05)
        for child in leaving:
            child.end_group()
            if child.process is not None:
                child.process.wait(timeout=5)
        self.children.clear()
        self.leaving.clear()
        self.passing = None
