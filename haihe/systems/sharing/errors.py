"""What can go wrong in sharing's own pages and interface, besides the kernel's errors."""

from __future__ import annotations

from haihe.base.errors import BadInput, HaiheError, NotPermitted


class NoCallersKey(NotPermitted):
    """A request without a key, or with none that is known."""

    code = "sharing.key.bad"
    message = "This needs the key of an active caller."
    hint = "Send Authorization: Bearer KEY, the key by which your system calls services."
    status = 401


class BadReceipt(BadInput):
    """The body is no receipt."""

    code = "sharing.receipt.bad"
    message = "The body is not the JSON of a receipt."
    hint = 'Send {"note": "what was deleted, where and how"} as application/json.'


class BadPeriod(HaiheError):
    """A period can't be counted."""

    code = "sharing.period.bad"
    message = "The period ends before it begins, or is longer than is counted at once."
    hint = "Choose a first and a last day, at most three years apart."
    status = 422
