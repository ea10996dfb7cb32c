"""What messages declares: permissions, ledger kinds, and the limits that a pack may change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from haihe.base.registry import LedgerKind, Permission

PERMISSIONS = (
    Permission("messages.retry", {"zh": "重发消息", "en": "Send failed messages again"}),
    Permission("messages.address.set", {"zh": "登记联系方式", "en": "Keep receivers' addresses"}),
)

_KEYED = "The subject's key is destroyed on erasure; the body holds the channel only."

LEDGER_KINDS = (
    LedgerKind("messages.sent", {"zh": "发送消息", "en": "Message sent"}, _KEYED),
    LedgerKind("messages.failed", {"zh": "消息被拒", "en": "Message refused"}, _KEYED),
    LedgerKind("messages.retried", {"zh": "重发消息", "en": "Message sent again"}, _KEYED),
    LedgerKind("messages.address.set", {"zh": "登记联系方式", "en": "Address kept"}, _KEYED),
    LedgerKind("messages.address.removed", {"zh": "删除联系方式", "en": "Address removed"}, _KEYED),
)


@dataclass(frozen=True)
class Limits:
    """How often and when people may be reached by what rings: ``[messages]`` of ``city.toml``.

    ``a_day`` messages of a channel within 24 hours; none between the quiet hours (local time).
    Urgent ones (one-time codes, alarms) go at once.
    """

    a_day: int = 5
    quiet_from: time = time(21)
    quiet_until: time = time(8)

    @classmethod
    def of(cls, pack: Mapping[str, Any]) -> Limits:
        """The limits of a pack's ``[messages]``: ``a_day``, ``quiet_from``, ``quiet_until``."""
        return cls(
            a_day=int(pack.get("a_day", cls.a_day)),
            quiet_from=pack.get("quiet_from", cls.quiet_from),
            quiet_until=pack.get("quiet_until", cls.quiet_until),
        )

    def is_quiet(self, moment: time) -> bool:
        """Whether a local time lies in the quiet hours, which may pass midnight."""
        begins, ends = self.quiet_from, self.quiet_until
        if begins <= ends:
            return begins <= moment < ends
        return moment >= begins or moment < ends
