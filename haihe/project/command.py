"""The `haihe` command: each module of `commands` adds its own word.

A module `commands/word.py` holds a function `word` (one command) or a `typer.Typer` named `app`
(a group); its line stands in `WORDS`. Only the module of the word that was typed is loaded.
"""

from __future__ import annotations

import errno
import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import NoReturn

import typer
from rich.console import Console

from haihe.base.errors import HaiheError
from haihe.base.logs import start_logs
from haihe.base.settings import settings
from haihe.project.errors import NeedsCity
from haihe.project.start import start_django


@dataclass(frozen=True)
class Word:
    """One word of the command. ``django`` is False where its module must load without Django."""

    name: str
    summary: str
    django: bool = True

    @property
    def module(self) -> str:
        """Path of the module that holds it."""
        return f"haihe.project.commands.{self.name.replace('-', '_')}"


WORDS = (
    Word("up", "Start everything under one supervisor; Ctrl-C stops it.", django=False),
    Word("setup", "Prepare or upgrade the database, then end."),
    Word("serve", "Run one serving process alone: pages or services.", django=False),
    Word("worker", "Run the worker of deferred and timed jobs alone."),
    Word("city", "Check a city's pack, begin a new one, load one.", django=False),
    Word("demo", "Fill the made-up city of a demo; up --demo does it by itself."),
    Word("seed", "Make a made-up city in department databases of its own.", django=False),
    Word("sequencer", "Number and sign the ledger's entries alone.", django=False),
    Word("ledger", "Verify the ledger, check a promise against a copy of it.", django=False),
    Word("admin", "The first administrators; lock, unlock, reset an account; an officer leaves."),
    Word("officer", "Let an officer join, in a post."),
    Word("source", "Reach a department's database before anything is registered.", django=False),
    Word("move", "Move the tables of a link that stands in a file.", django=False),
    Word("reconcile", "Compare both sides of a link; name the rows that differ.", django=False),
    Word("resource", "Propose a table of a live database as a resource."),
    Word("sheets", "Take the catalogue and the lists out as spreadsheets, bring them in."),
    Word("system", "List source systems, pause and resume one."),
    Word("text", "Learn from closed reports what texts are about; score it."),
    Word("link", "Make, run and pause links; see how they went."),
    Word("lake", "Former states of a resource; care for the lake; erase for good."),
    Word("export", "Deliver files; make a key for them; open and prove them.", django=False),
    Word("counts", "Count rows and calls by department and day."),
    Word("platform", "Exchange cases with districts' platforms; import an old one's."),
    Word("cascade", "Read other catalogues, send ours up, write it out as DCAT-AP."),
    Word("report", "Write a weekly report on the city's cases as PDF."),
    Word("bench", "Measure a part beside its peers and limits.", django=False),
    Word("docs", "Write the reference from the code."),
)
SENTENCES = {
    errno.ENOSPC: "The disk is full. Free some space and start again.",
    errno.EDQUOT: "Your share of the disk is full. Free some space and start again.",
    errno.EACCES: "Not permitted: {name}. Let this user read and write it, or choose another.",
    errno.EPERM: "Not permitted: {name}. Let this user read and write it, or choose another.",
    errno.EROFS: "Can't be written: {name}. Set HAIHE_DATA to a folder that can.",
}


def assemble(words: Sequence[str] | None = None) -> typer.Typer:
    """The command with these words loaded (None: all); the others only as lines of the help."""
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Haihe, a city's data platform.",
    )
    app.callback()(_before)
    for word in WORDS:
        if words is None or word.name in words:
            _load(word, app)
        else:
            app.command(word.name, help=word.summary)(_not_loaded)
    return app


def main() -> None:
    """Run the command; a failure is one sentence on standard error and exit code 1."""
    try:
        assemble(sys.argv[1:2])()
    except HaiheError as error:
        _refuse(error)
    except ModuleNotFoundError:
        if find_spec("django") is not None:
            raise
        _refuse(NeedsCity())
    except OSError as fault:
        if fault.errno not in SENTENCES:
            raise
        _fail(SENTENCES[fault.errno].format(name=fault.filename or "a file"))


def _refuse(error: HaiheError) -> NoReturn:
    _fail(f"{error}\n[{error.code}]")


def _fail(text: str) -> NoReturn:
    Console(stderr=True, highlight=False, soft_wrap=True).print(text, markup=False)
    sys.exit(1)


def _before() -> None:
    start_logs(settings().log_level)


def _load(word: Word, app: typer.Typer) -> None:
    if word.django:
        start_django()
    module = importlib.import_module(word.module)
    group = getattr(module, "app", None)
    if isinstance(group, typer.Typer):
        app.add_typer(group, name=word.name, help=word.summary)
    else:
        function = getattr(module, word.name.replace("-", "_"))
        app.command(word.name, help=word.summary)(function)


def _not_loaded() -> NoReturn:
    raise AssertionError


if __name__ == "__main__":
    main()
