"""What can stop a reconciliation; it only reads, so nothing is ever half-done."""

from __future__ import annotations

from haihe.base.errors import BadInput, HaiheError


class NotComparable(BadInput):
    """The two tables can't be laid side by side."""

    code = "exchange.reconciliation.not_comparable"
    hint = "Name columns that both tables have, of kinds that say the same values."


class NoWholeKey(BadInput):
    """Rows can't be told apart without a key."""

    code = "exchange.reconciliation.no_key"
    message = "Neither table declares a primary key, and no key was named."
    hint = 'Name the columns that tell one row from another, such as `keys = ["id"]`.'


class NullKeys(BadInput):
    """Rows whose key is null, or rows that share a key, can't be named."""

    code = "exchange.reconciliation.bad_keys"
    hint = "Give each of these rows a key of its own in its database, then reconcile again."


class ReconcilingStopped(HaiheError):
    """Somebody paused the link, or the window for reading closed."""

    code = "exchange.reconciliation.stopped"
    message = "The reconciliation was stopped: its link was paused, or its reading window closed."
    hint = "Start it again once reading is allowed; nothing was changed on either side."
    status = 409
