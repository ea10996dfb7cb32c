"""What the ledger declares: its permissions and its own kinds. Other nouns declare theirs."""

from __future__ import annotations

from haihe.base.registry import LedgerKind, Permission

PERMISSIONS = (
    Permission("ledger.read", {"zh": "查阅存证记录", "en": "Read the ledger"}, held_by="audit"),
)

LEDGER_KINDS = (
    LedgerKind(
        "ledger.subject.erased",
        {"zh": "销毁主体密钥", "en": "Subject's key destroyed"},
        erased="Stays: it accounts for the entries that can no longer be opened.",
    ),
)
