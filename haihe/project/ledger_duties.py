"""What two administrators do to the ledger at the console: declare a break, erase a subject."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from haihe.base.settings import settings
from haihe.edges.tlog.checkpoints import read_checkpoint_text
from haihe.edges.tlog.notes import read_note
from haihe.engine.postgres.address import database_url
from haihe.kernel.ledger import actions
from haihe.kernel.ledger.errors import NoCheckpoint, SequencerRuns
from haihe.kernel.ledger.keys import log_files, log_key, witness
from haihe.kernel.ledger.sequencing import Sequencer
from haihe.kernel.people.actions import forgetting as people
from haihe.project.two_persons import secret_line, two_persons

_SECONDS = 10.0


@dataclass(frozen=True)
class Done:
    """A declared break; whether a witness has cosigned the first checkpoint after it."""

    declared: actions.Declared
    is_cosigned: bool


def declare_break(*, by: str, approved_by: str, reason: str, given: Sequence[str]) -> Done:
    """Declare a break from the newest checkpoint known outside, and have it cosigned.

    ``given`` are checkpoints that somebody brought; the witness's and the published one are
    compared with them. Errors: those of ``two_persons`` and ``ledger.actions.declare_break``.
    """
    first, second = two_persons(by, approved_by)
    old = _newest([*given, *_known()])
    declared = actions.declare_break(
        by=first,
        approved_by=second,
        old=old,
        reason=reason,
        forget_rows=partial(people.forget_rows, by=first),
    )
    return Done(declared, _publish())


def erase(*, by: str, approved_by: str, basis: str, scheme: str) -> people.Forgotten:
    """Erase a subject whose number is typed unseen, after both passwords.

    Errors: those of ``two_persons`` and ``people.actions.forget_subject``.
    """
    first, second = two_persons(by, approved_by)
    number = secret_line("Number of the person or business")
    return people.forget_subject(
        by=first, approved_by=second, number=number, scheme=scheme, basis=basis
    )


def _known() -> list[str]:
    """What the witness saw last and what is published.

    A witness that is set must answer, for a break from less than it saw would convince nobody.
    """
    asked, published = witness(settings()), log_files(settings()).checkpoint()
    seen = asked.head(settings().ledger_name) if asked else None
    return [text for text in (seen and seen[0], published) if text]


def _newest(texts: Sequence[str]) -> str:
    if not texts:
        raise NoCheckpoint(
            "No checkpoint of the lost log is known here.",
            hint="Bring one that an auditor or a caller kept: --checkpoint FILE.",
        )
    return max(texts, key=lambda text: read_checkpoint_text(read_note(text).text).size)


def _publish() -> bool:
    """Number, sign and publish as the sequencer does, until the witness has cosigned."""
    asked = witness(settings())
    sequencer = Sequencer(
        database_url(settings()),
        files=log_files(settings()),
        key=log_key(settings()),
        witness=asked,
    )
    until = time.monotonic() + _SECONDS
    try:
        sequencer.step()
        while asked and not sequencer.is_cosigned and time.monotonic() < until:
            time.sleep(0.2)
            sequencer.step()
    except SequencerRuns:  # Haihe was started meanwhile: its own sequencer goes on
        return False
    finally:
        sequencer.close()
    return sequencer.is_cosigned
