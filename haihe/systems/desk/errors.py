"""What can go wrong at the desk, one class a failure."""

from __future__ import annotations

from haihe.base.errors import NotPermitted


class NoInbox(NotPermitted):
    """An officer whose posts have nothing to do with cases."""

    code = "desk.inbox.none"
    message = "None of your posts deals with cases."
    hint = "Ask the security administrator for a post that handles, supervises or dispatches."
