"""What the ledger declares: its permissions and its own kinds. Other nouns declare theirs."""

from __future__ import annotations

from haihe.base.registry import LedgerKind, Permission

PERMISSIONS = (
    Permission("ledger.read", {"zh": "查阅存证记录", "en": "Read the ledger"}, held_by="audit"),
    Permission(
        "ledger.subject.erase",
        {"zh": "销毁主体密钥", "en": "Destroy a subject's key"},
        held_by="audit",
    ),
    Permission(
        "ledger.break.declare",
        {"zh": "声明存证断裂", "en": "Declare a break of the ledger"},
        held_by="system",
    ),
    Permission(
        "ledger.break.approve",
        {"zh": "核准存证断裂声明", "en": "Approve a declared break of the ledger"},
        held_by="audit",
    ),
)

BREAK = "ledger.break.declared"
ERASED = "ledger.subject.erased"
LOOK_TERM_DAYS = 3 * 365 + 1
"""No look is erased younger than this: records of processing are kept for at least three years
(PIPL, article 56)."""

LEDGER_KINDS = (
    LedgerKind(
        ERASED,
        {"zh": "销毁主体密钥", "en": "Subject's key destroyed"},
        erased="Stays: it accounts for the entries that can no longer be opened.",
    ),
    LedgerKind(
        BREAK,
        {"zh": "声明存证断裂", "en": "Break declared after a restore"},
        erased="Holds no personal data: sizes, roots, account ids and a reason.",
    ),
)
