"""The verbs of messages."""

from haihe.kernel.messages.actions.addresses import remove_address, set_address
from haihe.kernel.messages.actions.outbox import mark_all_read, mark_read, retry, write
from haihe.kernel.messages.actions.sending import forget_old, send_waiting

__all__ = [
    "forget_old",
    "mark_all_read",
    "mark_read",
    "remove_address",
    "retry",
    "send_waiting",
    "set_address",
    "write",
]
