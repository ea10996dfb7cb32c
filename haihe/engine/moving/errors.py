"""What can stop a move; nothing of the run is kept then."""

from __future__ import annotations

from haihe.base.errors import BadInput, HaiheError


class Stopped(HaiheError):
    """The provider paused while the batch ran."""

    code = "exchange.batch.stopped"
    message = "The batch was stopped, because its link or source system was paused."
    hint = "Nothing of it was kept. Run the link again once the provider resumes."
    status = 409


class SourceChanged(BadInput):
    """The source's table no longer has the resource's columns."""

    code = "exchange.source.changed"
    hint = "Ask the department whether this is meant; then publish the resource anew."


class TargetDiffers(BadInput):
    """The target's table has other columns than the resource."""

    code = "exchange.target.differs"
    hint = "Move the old table aside, or publish the resource with the table's columns."


class NoColumns(BadInput):
    """A resource without columns can't be moved."""

    code = "exchange.link.no_columns"
    message = "The resource has no columns."
    hint = "Publish it with at least one column."


class NoKey(BadInput):
    """A watermark link needs a key to merge by."""

    code = "exchange.link.no_key"
    message = "A link by watermark needs key columns among those that it moves."
    hint = "Mark the key columns of the resource, or make the link full."


class NotReconciled(HaiheError):
    """What lies in the target is not what was read; the run was undone."""

    code = "exchange.batch.not_reconciled"
    message = "The content hashes of source and target differ, so the batch was undone."
    hint = "Run the link again; if it stays, send the batch's figures to whoever runs this Haihe."


class TargetFailed(HaiheError):
    """The target refused the rows or went away."""

    code = "exchange.target.failed"
    message = "The target refused the rows or was cut off; nothing of this run was kept there."
    hint = "Check the target's rights and state, then run the link again."
    status = 502


class NotKept(HaiheError):
    """Haihe's own database refused what a run has to keep there."""

    code = "exchange.batch.not_kept"
    message = "Haihe's own database refused the run's bad rows or what is served, or was cut off."
    hint = "See that it runs and that its disk has room, then run the link again."
    status = 500


class OnlyWhole(BadInput):
    """Files hold all rows each time."""

    code = "exchange.target.only_whole"
    message = "Files are always delivered whole, not by a watermark."
    hint = "Make the delivery full."
