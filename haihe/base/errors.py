"""One tree of errors. Each carries a code, a sentence, and what to do next.

Mapped once each to a page, to JSON (RFC 9457) and to an exit code; see ``ui`` and ``project``.
"""

from __future__ import annotations


class HaiheError(Exception):
    """A failure that a person can act on.

    ``code`` is dotted (``exchange.source.unreachable``) and stable; ``message`` says what
    happened; ``hint`` says what to do next; ``status`` is the HTTP status of the answer.
    None of them may hold personal data: they are logged.
    """

    code = "haihe.failed"
    message = "Something failed."
    hint = "Try again; if it stays, send the code to whoever runs this Haihe."
    status = 500

    def __init__(self, message: str | None = None, *, hint: str | None = None) -> None:
        self.message = message or self.message
        self.hint = hint or self.hint
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class BadInput(HaiheError):
    """What was given can't be used as it is."""

    code = "haihe.bad_input"
    message = "What was given can't be used as it is."
    hint = "Correct it and send it again."
    status = 400


class NotFound(HaiheError):
    """What was named does not exist, or not for this caller."""

    code = "haihe.not_found"
    message = "There is nothing of that name here."
    hint = "Check the name."
    status = 404


class NotPermitted(HaiheError):
    """The actor may not do this operation.

    ``permission`` names the one that is missing, where one is.
    """

    code = "haihe.not_permitted"
    message = "You may not do this."
    hint = "Ask the security administrator of your department for the permission."
    status = 403

    def __init__(
        self, message: str | None = None, *, hint: str | None = None, permission: str = ""
    ) -> None:
        self.permission = permission
        super().__init__(message, hint=hint)


class Unavailable(HaiheError):
    """Something that this needs can't be reached now."""

    code = "haihe.unavailable"
    message = "Something that this needs can't be reached now."
    hint = "Try again in a moment."
    status = 503
