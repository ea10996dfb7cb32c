"""Reading the ledger: a person's access record, the auditor's page, proofs and promises."""

from haihe.kernel.ledger.queries.access import AccessLine, access_count, access_record
from haihe.kernel.ledger.queries.entries import Filter, entries
from haihe.kernel.ledger.queries.given import entries_given
from haihe.kernel.ledger.queries.log import (
    Inclusion,
    Summary,
    checkpoint,
    inclusion,
    promise_of,
    statement_of,
    summary,
)

__all__ = [
    "AccessLine",
    "Filter",
    "Inclusion",
    "Summary",
    "access_count",
    "access_record",
    "checkpoint",
    "entries",
    "entries_given",
    "inclusion",
    "promise_of",
    "statement_of",
    "summary",
]
