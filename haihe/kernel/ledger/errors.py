"""What can go wrong in the ledger, one class a failure."""

from __future__ import annotations

from haihe.base.errors import BadInput, HaiheError, NotFound, Unavailable


class UnknownKind(HaiheError):
    """Nothing declares a ledger kind of that name."""

    code = "ledger.kind.unknown"
    message = "Nothing here declares a ledger kind of this name."
    hint = "Declare it in LEDGER_KINDS of the noun's or system's declare.py."


class NoTransaction(HaiheError):
    """An entry was to be recorded outside the transaction of what it is about."""

    code = "ledger.no_transaction"
    message = "A ledger entry must stand in the transaction of what it records."
    hint = "Record it inside the action's transaction.atomic()."


class NoEntry(NotFound):
    """No entry of that id."""

    code = "ledger.entry.unknown"
    message = "The ledger holds no entry of this id."
    hint = "Check the id; it stands on the receipt and in the access record."


class NoCheckpoint(NotFound):
    """The log has signed no checkpoint yet."""

    code = "ledger.checkpoint.none"
    message = "The ledger has no checkpoint yet."
    hint = "The sequencer signs one within a second of the first entry; see that it runs."


class LogBroken(HaiheError):
    """The log's own files, rows and checkpoints contradict each other."""

    code = "ledger.log.broken"
    message = "The ledger's rows do not lead to its newest published checkpoint."
    hint = "Sign nothing. Run `haihe ledger verify`; after a restore, `haihe ledger declare-break`."


class SequencerRuns(HaiheError):
    """Another sequencer numbers this database's entries."""

    code = "ledger.sequencer.runs"
    message = "Another sequencer is running on this database."
    hint = "Only one may; stop this one, or the other."
    status = 409


class WitnessRefused(HaiheError):
    """The witness saw a history that this checkpoint does not extend."""

    code = "ledger.witness.refused"
    message = "The witness refused the checkpoint."
    hint = "Run `haihe ledger verify --witness`; the log's history differs from what it saw."


class TooEarly(HaiheError):
    """A look at the subject is younger than its legal term."""

    code = "ledger.erasure.too_early"
    message = "The subject's entries are still within their legal term."
    hint = "Ask again once the youngest look is older than the term."
    status = 409


class SecondPersonMissing(BadInput):
    """An erasure needs two different persons."""

    code = "ledger.erasure.second_person"
    message = "Destroying a subject's key takes two different persons."
    hint = "Let another person who holds the permission approve it."


class NoBasis(BadInput):
    """An erasure names no legal basis."""

    code = "ledger.erasure.no_basis"
    message = "Destroying a subject's key needs its legal basis."
    hint = "Write the law and article, or the person's request."


class NoBreak(BadInput):
    """The log was not set back behind the checkpoint that is given."""

    code = "ledger.break.none"
    message = "The log leads to this checkpoint: there is no break to declare."
    hint = "Give the newest checkpoint known outside that the log does not lead to."
    status = 409


class NotSetBack(HaiheError):
    """The log contradicts a checkpoint in a way that no restore explains."""

    code = "ledger.break.not_set_back"
    message = "The log was altered, not set back: a break would not explain it."
    hint = "Run `haihe ledger verify` with this checkpoint, and let the auditor judge."
    status = 409


class BreakAlone(BadInput):
    """A break needs two different administrators, and a reason."""

    code = "ledger.break.alone"
    message = "A break takes two different administrators and a reason."
    hint = (
        "Let the audit administrator approve what the system administrator declares, and say why."
    )


class SecretsInUse(Unavailable):
    """A long transaction still uses subjects' keys."""

    code = "ledger.secrets.in_use"
    message = "Subjects' keys are in use by a transaction that takes long."
    hint = "Try again in a few minutes; a large delivery may be under way."
