"""What can go wrong in sharing's own interface, besides the kernel's errors."""

from __future__ import annotations

from haihe.base.errors import BadInput, NotPermitted


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
