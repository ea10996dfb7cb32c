"""What exchange declares: its permissions and ledger kinds."""

from __future__ import annotations

from haihe.base.registry import LedgerKind, Permission

PERMISSIONS = (
    Permission("exchange.link.make", {"zh": "建立库表对接", "en": "Make a link"}),
    Permission("exchange.delivery.make", {"zh": "建立数据下发", "en": "Make a delivery"}),
    Permission("exchange.key.register", {"zh": "登记接收公钥", "en": "Register a receiver's key"}),
    Permission(
        "exchange.export.download", {"zh": "下载下发文件", "en": "Download delivered files"}
    ),
    Permission("exchange.link.run", {"zh": "运行库表对接", "en": "Run a link"}),
    Permission("exchange.link.pause", {"zh": "暂停、恢复库表对接", "en": "Pause or resume a link"}),
    Permission(
        "exchange.link.any",
        {"zh": "管理各部门的对接", "en": "Run any department's links"},
    ),
    Permission(
        "exchange.delivery.delete",
        {"zh": "销毁已下发的数据", "en": "Delete delivered rows at their term"},
        "system",
    ),
    Permission("exchange.lake.care", {"zh": "整理数据湖", "en": "Care for the lake"}, "system"),
    Permission(
        "exchange.lake.erase",
        {"zh": "彻底销毁湖内数据", "en": "Erase rows from the lake for good"},
        "audit",
    ),
    Permission("exchange.rows.read", {"zh": "读取获准的数据", "en": "Read granted rows"}, "system"),
    Permission("exchange.read", {"zh": "查看交换情况", "en": "See links and batches"}),
)

_NO_PERSON = "Holds no personal data: names of links, tables and counts only."

LEDGER_KINDS = (
    LedgerKind("exchange.link.made", {"zh": "建立库表对接", "en": "Link made"}, erased=_NO_PERSON),
    LedgerKind("exchange.link.paused", {"zh": "暂停对接", "en": "Link paused"}, erased=_NO_PERSON),
    LedgerKind(
        "exchange.link.resumed", {"zh": "恢复对接", "en": "Link resumed"}, erased=_NO_PERSON
    ),
    LedgerKind(
        "exchange.batch.gathered",
        {"zh": "汇聚批次", "en": "Batch gathered"},
        erased="Commits to keyed hashes of subjects alone; the index of an erased subject goes.",
    ),
    LedgerKind(
        "exchange.batch.delivered",
        {"zh": "数据下发", "en": "Data delivered to a department"},
        erased="Commits to keyed hashes of subjects alone; the index of an erased subject goes.",
        seen_by_subject=True,
    ),
    LedgerKind(
        "exchange.key.registered",
        {"zh": "登记接收公钥", "en": "Receiver's key registered"},
        erased=_NO_PERSON,
    ),
    LedgerKind(
        "exchange.export.downloaded",
        {"zh": "下载下发文件", "en": "Delivered file downloaded"},
        erased="Names files and departments; whom rows concern stands in the batch's own entry.",
    ),
    LedgerKind(
        "exchange.export.removed",
        {"zh": "清除到期下发文件", "en": "Delivered files removed at their term"},
        erased=_NO_PERSON,
    ),
    LedgerKind(
        "exchange.lake.erasing",
        {"zh": "销毁湖内数据（开始）", "en": "Erasure in the lake begun"},
        erased=_NO_PERSON,
    ),
    LedgerKind(
        "exchange.lake.erased",
        {"zh": "销毁湖内数据（回执）", "en": "Receipt of an erasure in the lake"},
        erased=_NO_PERSON,
    ),
    LedgerKind(
        "exchange.lake.expired",
        {"zh": "清除到期历史状态", "en": "Former states of the lake ended at their term"},
        erased=_NO_PERSON,
    ),
    LedgerKind(
        "exchange.export.whole_asked",
        {"zh": "申请重新全量下发", "en": "A whole set of files asked for"},
        erased=_NO_PERSON,
    ),
    LedgerKind("exchange.rows.read", {"zh": "读取数据", "en": "Rows read"}, erased=_NO_PERSON),
    LedgerKind(
        "exchange.quarantine.dropped",
        {"zh": "清除到期问题数据", "en": "Rows in quarantine removed at their term"},
        erased=_NO_PERSON,
    ),
    LedgerKind(
        "exchange.link.reconciled",
        {"zh": "对账", "en": "Both sides of a link compared"},
        erased=_NO_PERSON,
    ),
    LedgerKind(
        "exchange.batch.undone",
        {"zh": "批次撤回", "en": "Batch undone: nothing of it reached its target"},
        erased=_NO_PERSON,
    ),
)
