"""Which processes make up this Haihe, and which ports they need."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from haihe.base.settings import Settings
from haihe.kernel.ledger.keys import demo_witness_port
from haihe.kernel.messages.gateways import DEMO_PORT_OFFSET
from haihe.project.processes.amount import pages_processes
from haihe.systems.districts import declare as districts

_HAIHE = "haihe.project.command"
PAGES = "pages"


@dataclass(frozen=True)
class Process:
    """One process: a module and its words, where ``{data}`` is the data folder.

    ``needs`` is the module without which it is left out; ``demo``: only in demo mode.
    """

    name: str
    words: tuple[str, ...]
    needs: str = ""
    demo: bool = False

    def command(self, settings: Settings) -> tuple[str, ...]:
        """What is run, by this very Python."""
        words = (word.replace("{data}", str(settings.data)) for word in self.words)
        return (sys.executable, "-m", *words)


@dataclass(frozen=True)
class Port:
    """A port that must be free: whose it is, and the name of the setting that moves it."""

    whose: str
    number: int
    setting: str


PROCESSES = (
    Process("witness", ("standins.witness",), needs="standins.witness", demo=True),
    Process("gateway", ("standins.gateway",), needs="standins.gateway", demo=True),
    Process("district", ("standins.district",), needs="standins.district", demo=True),
    Process(
        "departments",
        ("standins.departments", "--folder", "{data}/departments"),
        needs="standins.departments",
        demo=True,
    ),
    Process("sequencer", (_HAIHE, "sequencer")),
    Process("services", (_HAIHE, "serve", "services"), needs="haihe.project.calls"),
    Process("worker", (_HAIHE, "worker")),
    Process(PAGES, (_HAIHE, "serve", "pages")),
)
_FILLER = Process("demo", (_HAIHE, "demo"), needs="haihe.project.commands.demo")


def processes(settings: Settings) -> list[Process]:
    """The processes to start, in order."""
    known = [
        each for each in PROCESSES if (settings.demo or not each.demo) and _is_there(each.needs)
    ]
    more = range(2, pages_processes(settings) + 1)
    return [
        *known,
        *(
            replace(each, name=f"{each.name}-{n}")
            for each in known
            if each.name == PAGES
            for n in more
        ),
    ]


def filler() -> Process | None:
    """What fills the demo's city, and ends."""
    return _FILLER if _is_there(_FILLER.needs) else None


def ports(settings: Settings) -> list[Port]:
    """The ports that must be free, in order."""
    pages, services = settings.pages_port, settings.services_port
    known = [Port("pages", pages, "HAIHE_PAGES_PORT")]
    known.append(Port("services", services, "HAIHE_SERVICES_PORT"))
    if settings.demo:
        known.append(Port("the demo's witness", demo_witness_port(settings), "HAIHE_PAGES_PORT"))
        known.append(Port("the demo's gateway", pages + DEMO_PORT_OFFSET, "HAIHE_PAGES_PORT"))
        district = pages + districts.DEMO_PORT_OFFSET
        known.append(Port("the demo's district platform", district, "HAIHE_PAGES_PORT"))
    return known


def logs(settings: Settings) -> Path:
    """Folder of the processes' logs."""
    return settings.data / "logs"


def serves_pages(name: str) -> bool:
    """Whether the process of this name is one of those that share the pages' port."""
    return name == PAGES or name.startswith(f"{PAGES}-")


def counted(settings: Settings) -> Path:
    """Folder in which the processes of pages count together; emptied at each start."""
    return settings.data / "counted"


def _is_there(module: str) -> bool:
    if not module:
        return True
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False
