"""What can go wrong in sharing, besides the kernel's own errors."""

from __future__ import annotations

from haihe.base.errors import HaiheError


class NoCaller(HaiheError):
    """The request bears no key, or one that is not in use."""

    code = "sharing.caller.unknown"
    message = "The request bears no calling system's key that is in use."
    hint = "Send Authorization: Bearer KEY with the key that your department was handed."
    status = 401


class BadPeriod(HaiheError):
    """A period can't be counted."""

    code = "sharing.period.bad"
    message = "The period ends before it begins, or is longer than is counted at once."
    hint = "Choose a first and a last day, at most three years apart."
    status = 422
