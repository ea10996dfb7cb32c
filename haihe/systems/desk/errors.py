"""What can go wrong at the desk, one class a failure."""

from __future__ import annotations

from haihe.base.errors import BadInput, NotPermitted


class NoInbox(NotPermitted):
    """An officer whose posts have nothing to do with cases."""

    code = "desk.inbox.none"
    message = "None of your posts deals with cases."
    hint = "Ask the security administrator for a post that handles, supervises or dispatches."


class BadView(BadInput):
    """A kept view without a name, or with one that is too long."""

    code = "desk.view.bad"
    message = "A kept view needs a name of at most 40 signs."
    hint = "Give it a short name."


class TooManyViews(BadInput):
    """An officer keeps too many views."""

    code = "desk.view.too_many"
    message = "You keep twenty views already."
    hint = "Drop one that you no longer use."
