"""Who acts: an officer, a citizen, a calling system, or the clock."""

from __future__ import annotations

from dataclasses import dataclass, field

from haihe.base.errors import NotPermitted


@dataclass(frozen=True)
class Actor:
    """Whoever does an action; each action takes one as ``by``.

    ``kind`` is ``officer``, ``citizen``, ``visitor`` (not signed in), ``system`` (a department's
    calling system),
    ``administrator`` or ``clock``. ``name`` identifies without personal data (an account's id).
    """

    kind: str
    name: str
    department: str = ""
    permissions: frozenset[str] = field(default_factory=frozenset)

    def may(self, permission: str) -> bool:
        """Whether the actor holds the permission of one operation."""
        return permission in self.permissions

    def must(self, permission: str) -> None:
        """Refuse (``haihe.not_permitted``) unless the actor holds the permission."""
        if not self.may(permission):
            raise NotPermitted(f"This needs the permission {permission}.", permission=permission)


CLOCK = Actor(kind="clock", name="clock")
"""What runs by the clock: deletion at a term's end, scheduled links. Holds no permission."""
