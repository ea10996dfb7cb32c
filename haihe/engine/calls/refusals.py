"""Why a governed call is refused: one class a reason, each with its status and hint.

``fact`` names what the answer adds for a machine: the law, the column, the seconds to wait.
"""

from __future__ import annotations

import time
from typing import Any

from haihe.base.errors import BadInput, HaiheError, NotFound, NotPermitted, Unavailable


class Refusal(HaiheError):
    """A call that is not answered. ``facts`` go into the answer's body."""

    status = 400

    def __init__(self, message: str | None = None, **facts: Any) -> None:
        super().__init__(message)
        self.facts = facts
        self.is_entered = False
        """Whether the lane has entered this refusal already."""


class UnknownPath(Refusal, NotFound):
    """The path is no address of a service."""

    code = "services.path.unknown"
    message = "The path is no address of a service."
    hint = "Write /r1/{instance}/{class}/{member}/{subsystem}/{service}."
    status = 404


class MethodNotAllowed(Refusal):
    """A service is called by POST."""

    code = "services.method.not_allowed"
    message = "A service is called by POST; what describes it is read by GET."
    hint = "Send the subject in the body of a POST, never in the address."
    status = 405


class NoKey(Refusal):
    """The call carries no key, or does not name its caller."""

    code = "services.caller.none"
    message = "The call does not say whose it is."
    hint = "Send Authorization: Bearer KEY and X-Road-Client: instance/class/member/subsystem."
    status = 401


class UnknownKey(Refusal):
    """No caller has this key."""

    code = "services.caller.unknown"
    message = "No active caller has this key."
    hint = "Ask the platform's security administrator for a key."
    status = 401


class OtherClient(Refusal, NotPermitted):
    """``X-Road-Client`` names another than the key's owner."""

    code = "services.caller.mismatch"
    message = "X-Road-Client names another caller than the key's."
    hint = "Name the subsystem that the key was made for."
    status = 403


class UnknownService(Refusal, NotFound):
    """There is no such service."""

    code = "services.service.unknown"
    message = "There is no service at this address."
    hint = "Read listMethods of the provider for its services."
    status = 404


class ClosedService(Refusal):
    """The service is closed, or its resource is no longer published."""

    code = "services.service.closed"
    message = "This service is closed."
    hint = "Ask the providing department; its catalogue says what replaces it."
    status = 410


class NoPurpose(Refusal, BadInput):
    """The call names no purpose."""

    code = "services.purpose.missing"
    message = "The call names no purpose."
    hint = "Send X-Haihe-Purpose with the purpose code of your grant."
    status = 400


class WrongPurpose(Refusal, NotPermitted):
    """The department's grants on the resource are for other purposes."""

    code = "services.purpose.wrong"
    message = "Your department has no grant on this resource for this purpose."
    hint = "Use the purpose that was granted, or demand the resource for this one."
    status = 403


class NoGrant(Refusal, NotPermitted):
    """The department has no grant on the resource."""

    code = "services.grant.none"
    message = "Your department has no grant to call this resource."
    hint = "Raise a demand that names purpose, legal basis and columns."
    status = 403


class ExpiredGrant(Refusal, NotPermitted):
    """The grant's term is over, or has not begun."""

    code = "services.grant.expired"
    message = "The grant's term is over."
    hint = "Raise a new demand."
    status = 403


class WithdrawnGrant(Refusal, NotPermitted):
    """The grant was withdrawn."""

    code = "services.grant.withdrawn"
    message = "The grant was withdrawn."
    hint = "Ask the providing department for the reason."
    status = 403


class ColumnNotGranted(Refusal, NotPermitted):
    """A column beyond the grant."""

    code = "services.column.not_granted"
    message = "The call asks for a column beyond its grant."
    hint = "Ask for granted columns alone; getOpenAPI lists them."
    status = 403


class NegativeColumn(Refusal, NotPermitted):
    """A column on the negative list; the answer cites the law."""

    code = "services.column.negative"
    message = "The call needs a column on the negative list."
    hint = "The law cited forbids it; ask for what may be given in its place."
    status = 403


def ended(*, until: float) -> Refusal:
    """Why the database no longer has a grant that was judged good a moment ago.

    ``until`` is the grant's end (seconds since 1970); a second is left for clocks that differ.
    """
    return ExpiredGrant() if time.time() + 1 >= until else WithdrawnGrant()


class RateExceeded(Refusal):
    """More calls than the grant allows a minute."""

    code = "services.rate.exceeded"
    message = "More calls than the grant allows a minute."
    hint = "Wait as long as Retry-After says."
    status = 429


class MalformedBody(Refusal, BadInput):
    """The body is not the JSON that a call sends."""

    code = "services.body.malformed"
    message = "The body is not the JSON of a call."
    hint = 'Send {"subject": "NUMBER"}, with "columns": ["…"] if you want fewer than granted.'
    status = 400


class NoHistory(Refusal, BadInput):
    """The call asks for another moment than the present."""

    code = "services.body.no_history"
    message = "Services answer from the present alone."
    hint = 'Leave out "at"; what was held at another time is answered from the lake.'
    status = 400


class TooLarge(Refusal, BadInput):
    """The body is too large for a call."""

    code = "services.body.too_large"
    message = "The body is larger than 16 KiB."
    hint = "A call names one subject; a delivery moves many."
    status = 413


class WrongType(Refusal, BadInput):
    """The body is not declared as JSON."""

    code = "services.body.wrong_type"
    message = "The body is not application/json."
    hint = "Send Content-Type: application/json."
    status = 415


class BadHeader(Refusal, BadInput):
    """A header holds what can't be kept."""

    code = "services.header.malformed"
    message = "A header is longer than 200 characters or not printable."
    hint = "Shorten X-Road-Id, X-Road-UserId, X-Road-Issue or X-Haihe-Purpose."
    status = 400


class BadNumber(Refusal, BadInput):
    """The subject's number is wrong by its check digit."""

    code = "services.subject.bad_number"
    message = "The subject's number is wrong by its check digit."
    hint = "Read it again from the document."
    status = 400


class Busy(Refusal, Unavailable):
    """Too many calls wait already."""

    code = "services.busy"
    message = "Too many calls are waiting."
    hint = "Wait as long as Retry-After says, then call again."
    status = 503


class DatabaseAway(Refusal, Unavailable):
    """The database can't be reached; it may be restarting. Nothing was answered."""

    code = "services.database.away"
    message = "The database can't be reached now; nothing was disclosed."
    hint = "Wait as long as Retry-After says, then call again."
    status = 503


class Failed(Refusal):
    """A fault of ours. Nothing was answered."""

    code = "services.failed"
    message = "The call failed through a fault of the platform; nothing was disclosed."
    hint = "Try again; if it stays, send the code and X-Road-Id to whoever runs this Haihe."
    status = 500
