"""What can go wrong with grants: their terms, their renewal, and what follows their end."""

from __future__ import annotations

from haihe.base.errors import BadInput, HaiheError, NotFound


class BadTerms(BadInput):
    """The terms asked for can't be held: frequency, data life or onward use."""

    code = "catalogue.terms.bad"
    hint = "See the reference of the terms of a grant."


class BadRows(BadInput):
    """A rows rule names a column that it may not, or asks of it what its kind does not bear."""

    code = "catalogue.rows.bad"
    hint = "Narrow by a division, by values of a column that is not personal, or by days."


class BadReturnFlow(BadInput):
    """Rows can't flow back: not a district, or no column holds the division."""

    code = "catalogue.return_flow.bad"
    hint = "A district gets back, as a table, the rows whose division column begins with its code."


class UnknownGrant(NotFound):
    """No such grant."""

    code = "catalogue.grant.unknown"
    message = "There is no such grant."


class GrantOver(HaiheError):
    """The grant has ended or was withdrawn."""

    code = "catalogue.grant.over"
    message = "This grant has ended or was withdrawn."
    hint = "Raise a new demand."
    status = 409


class BadRenewal(BadInput):
    """The renewal can't be asked: too long, no longer than now, or one is open already."""

    code = "catalogue.renewal.bad"
    hint = "Ask for whole months, at most 60 from today in all, and wait for an open one's answer."


class UnknownRenewal(NotFound):
    """No such renewal."""

    code = "catalogue.renewal.unknown"
    message = "There is no such renewal."


class BadException(BadInput):
    """Onward use can't be asked so: to whom, by what law, till when, or one waits already."""

    code = "catalogue.onward.bad"
    hint = "Name other departments, the law, and a last day before the grant's end."


class UnknownException(NotFound):
    """No such request for onward use."""

    code = "catalogue.onward.unknown"
    message = "There is no such request for onward use."


class UnknownDeletion(NotFound):
    """No such deletion is asked of this department."""

    code = "catalogue.deletion.unknown"
    message = "There is no such deletion."


class NotEmpty(HaiheError):
    """Rows lie there still, or nobody counted what lay there before."""

    code = "catalogue.deletion.not_empty"
    message = "Rows lie there still: no receipt is given."
    hint = "It is tried again within ten minutes; see who else writes into that table."
    status = 409


class DeletedByHaihe(HaiheError):
    """Haihe itself deletes in the table that it delivers into."""

    code = "catalogue.deletion.by_haihe"
    message = "Haihe deletes in this table itself and proves it."
    hint = "Keep the system reachable; from the day after the due date your own word is taken."
    status = 409
