"""Error bodies: RFC 9457 problem details that X-Road clients can read too.

X-Road's own body is ``{type, message, detail}`` with the header ``X-Road-Error``; ours holds the
same members and the code, sentence and hint of a ``HaiheError``.
"""

from __future__ import annotations

from typing import Any

from haihe.base.errors import HaiheError

MEDIA_TYPE = "application/problem+json"

_TYPES = {
    401: "Client.AuthenticationFailed",
    403: "Server.ServerProxy.AccessDenied",
    404: "Server.ServerProxy.UnknownService",
    410: "Server.ServerProxy.ServiceDisabled",
    429: "Server.ServerProxy.RateExceeded",
    500: "Server.ServerProxy.InternalError",
    503: "Server.ServerProxy.NetworkError",
}


def error_type(status: int) -> str:
    """The X-Road error type of an HTTP status; ``Client.BadRequest`` for the rest."""
    return _TYPES.get(status, "Client.BadRequest")


def problem(error: HaiheError, **facts: Any) -> dict[str, Any]:
    """The body of an error; ``facts`` are added (a law, a column, seconds to wait)."""
    return {
        "type": error_type(error.status),
        "title": error.code,
        "status": error.status,
        "detail": error.message,
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
        **facts,
    }
