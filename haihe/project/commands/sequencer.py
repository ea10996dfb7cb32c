"""`haihe sequencer`: number and sign the ledger's entries, as a process of its own."""

from __future__ import annotations

from haihe.project.sequencer import run_until_signalled


def sequencer() -> None:
    """Number settled entries, write tiles, sign checkpoints, until stopped."""
    run_until_signalled()
