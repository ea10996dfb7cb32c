"""The sequencer's process: a step every half second, until it is told to stop."""

from __future__ import annotations

import signal
from threading import Event

import structlog

from haihe.base.settings import settings
from haihe.engine.merkle.numbering import DatabaseGone
from haihe.engine.postgres.address import database_url
from haihe.kernel.ledger.errors import SequencerRuns
from haihe.kernel.ledger.keys import log_files, log_key, witness
from haihe.kernel.ledger.sequencing import Sequencer

log = structlog.get_logger()

SECONDS = 0.5
"""Between two steps: an entry is in a signed checkpoint within a second."""
_SECONDS_AWAY = 1.0


def run(stop: Event) -> None:
    """Step until ``stop`` is set; waits for a database that is away or another's lock to go.

    Errors: ``ledger.log.broken`` ends it: nothing more may be signed.
    """
    sequencer = Sequencer(
        database_url(settings()),
        files=log_files(settings()),
        key=log_key(settings()),
    )
    try:
        while not stop.is_set():
            stop.wait(_once(sequencer))
    finally:
        sequencer.close()


def run_until_signalled() -> None:
    """Run until SIGTERM or Ctrl-C."""
    stop = Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    run(stop)


def _once(sequencer: Sequencer) -> float:
    """One step; the seconds to wait before the next."""
    if sequencer.witness is None:  # the demo's own may start after us
        sequencer.witness = witness(settings())
    try:
        count = sequencer.step()
    except (DatabaseGone, SequencerRuns) as fault:
        log.warning(fault.code)
        sequencer.close()
        return _SECONDS_AWAY
    if count:
        log.debug("ledger.numbered", count=count)
    return SECONDS
