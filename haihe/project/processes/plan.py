"""Which processes make up this Haihe."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from haihe.base.settings import Settings


@dataclass(frozen=True)
class Process:
    """One process. ``needs`` is the module without which it is left out; ``demo``: only then."""

    name: str
    words: tuple[str, ...]
    needs: str = ""
    demo: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def command(self) -> tuple[str, ...]:
        """What is run: our own command, or a module, by this very Python."""
        return (sys.executable, "-m", *self.words)


_HAIHE = "haihe.project.command"
PROCESSES = (
    Process("witness", ("standins.witness",), needs="standins.witness", demo=True),
    Process("departments", ("standins.departments",), needs="standins.departments", demo=True),
    Process("sequencer", (_HAIHE, "sequencer"), needs="haihe.project.commands.sequencer"),
    Process("services", (_HAIHE, "serve", "services"), needs="haihe.project.calls"),
    Process("worker", (_HAIHE, "worker")),
    Process("pages", (_HAIHE, "serve", "pages")),
)


def processes(settings: Settings) -> list[Process]:
    """The processes to start, in order."""
    return [
        each for each in PROCESSES if (settings.demo or not each.demo) and _is_there(each.needs)
    ]


def logs(settings: Settings) -> Path:
    """Folder of the processes' logs."""
    return settings.data / "logs"


def _is_there(module: str) -> bool:
    if not module:
        return True
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
