"""What can stop an exchange by a front database; nothing of the batch is kept then."""

from __future__ import annotations

from haihe.base.errors import BadInput, HaiheError, Unavailable


class FrontDown(Unavailable):
    """The front database or interface does not answer."""

    code = "fronts.down"
    message = "The national side's front does not answer."
    hint = "Nothing was lost: it goes on with the next batch. If it stays so, ask the other side."


class BatchMissing(HaiheError):
    """A batch's number is left out."""

    code = "fronts.batch.missing"
    hint = "Ask the national side to list the missing batch; nothing after it is taken before."
    status = 409


class BatchCut(HaiheError):
    """A listed batch holds another number of rows than its list says."""

    code = "fronts.batch.cut"
    hint = "Ask the national side to write the batch again, whole; nothing of it was taken."
    status = 409


class BatchDiffers(HaiheError):
    """A batch that was taken lies there again with other content."""

    code = "fronts.batch.differs"
    hint = "Ask the national side to take it back, and to send what it meant as a new batch."
    status = 409


class BatchRefused(BadInput):
    """A batch holds a row that can't be applied."""

    code = "fronts.batch.refused"
    hint = "Ask the national side to correct the row; nothing of the batch was taken."


class QuotaSpent(HaiheError):
    """A day's calls are used up."""

    code = "fronts.quota.spent"
    message = "Today's calls of this interface are used up."
    hint = "The rest is asked tomorrow; for more, apply to the ministry under the approval number."
    status = 429


class CallRefused(BadInput):
    """The interface refused a call."""

    code = "fronts.call.refused"
    hint = "Compare the application key and the approval number with the ministry's letter."
