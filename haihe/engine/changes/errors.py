"""What can be wrong with a source's change log: each stops the link before a row is lost."""

from __future__ import annotations

from haihe.base.errors import BadInput, HaiheError, Unavailable

_SCRIPT = "Its administrator runs the script that haihe link script prints; then run the link."


class LogOff(HaiheError):
    """The provider keeps no change log for this link; Haihe never turns one on."""

    code = "exchange.log.off"
    message = "The source keeps no change log for this link."
    hint = _SCRIPT
    status = 409


class LogUnbounded(HaiheError):
    """A log that waits for us without bound could fill the provider's disk."""

    code = "exchange.log.unbounded"
    message = "The source bounds no change log that waits: it could fill its own disk."
    hint = "Its administrator sets max_slot_wal_keep_size, say to 20GB, and reloads the server."
    status = 409


class LogLost(HaiheError):
    """The log no longer reaches back to the position."""

    code = "exchange.log.lost"
    message = "The source has dropped changes that this link had not read yet."
    hint = "Its administrator makes the log anew; then read the whole table: haihe link run --anew."
    status = 409


class LogMadeAnew(HaiheError):
    """The log is another than the one that was read: what lies between is missing."""

    code = "exchange.log.made_anew"
    message = "The source's change log was made anew or moved on, so changes between are missing."
    hint = "Nothing was skipped. Read the whole table: haihe link run --anew."
    status = 409


class LogPartial(BadInput):
    """The log leaves out operations, rows, or the key of what changed."""

    code = "exchange.log.partial"
    hint = _SCRIPT


class LogBusy(Unavailable):
    """Another session reads the log still, such as that of a killed run."""

    code = "exchange.log.busy"
    message = "Another session still reads the source's change log."
    hint = "It ends by itself once the server has noticed; then run the link again."


class LogUnreadable(HaiheError):
    """A message of the log is none that we know."""

    code = "exchange.log.unreadable"
    message = "The source's change log holds something that can't be read."
    hint = "Nothing was kept. Send the versions of both servers to whoever runs this Haihe."
    status = 502
