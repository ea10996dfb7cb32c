"""What another server sent can't be read."""

from __future__ import annotations

from haihe.base.errors import BadInput


class Unreadable(BadInput):
    """A document is no GeoReport: broken, of another kind, or with a DTD."""

    code = "open311.unreadable"
    message = "What came is no GeoReport document."
    hint = "Look at the address: it ends where services.json begins."
