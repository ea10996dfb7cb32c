"""The verbs of the ledger: the only code that writes it, but for the lane of calls."""

from haihe.kernel.ledger.actions.breaking import Declared, declare_break
from haihe.kernel.ledger.actions.erasing import erase_subject
from haihe.kernel.ledger.actions.recording import record, record_delivery, record_each, record_many

__all__ = [
    "Declared",
    "declare_break",
    "erase_subject",
    "record",
    "record_delivery",
    "record_each",
    "record_many",
]
