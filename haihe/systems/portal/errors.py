"""What can go wrong at the portal."""

from __future__ import annotations

from haihe.base.errors import BadInput, NotFound, NotPermitted


class NotJoined(NotPermitted):
    """The account belongs to no person yet."""

    code = "portal.not_joined"
    message = "This account is not joined to a person yet."
    hint = "Register with your identity number, or have your identity proofed at a counter."


class NotSure(NotPermitted):
    """The account says whose it is, but nobody has seen the document yet."""

    code = "portal.not_proofed"
    message = "What the city holds about you is shown once your identity is proofed."
    hint = "Take your identity document and this sign-in name to a service counter."


class NotYourEntry(NotFound):
    """The entry does not stand in the reader's own record."""

    code = "portal.not_your_entry"
    message = "This entry is not in your record."
    hint = "Open it from your own access record."


class TooManyRequests(BadInput):
    """A person has as many running requests as one may have."""

    code = "portal.request.too_many"
    message = "You have twenty requests that are not answered yet."
    hint = "Wait for an answer, or take one of them back where its page lets you."
