"""What services declare: permissions and ledger kinds."""

from __future__ import annotations

from haihe.base.registry import LedgerKind, Permission

PERMISSIONS = (
    Permission("services.service.open", {"zh": "开通数据服务接口", "en": "Open a service"}),
    Permission("services.service.close", {"zh": "关闭数据服务接口", "en": "Close a service"}),
    Permission("services.caller.make", {"zh": "登记调用方并发放密钥", "en": "Make a caller's key"}),
    Permission("services.caller.end", {"zh": "停用调用方密钥", "en": "End a caller's key"}),
    Permission(
        "services.page.look_up", {"zh": "在页面上查询主体数据", "en": "Look a subject up on a page"}
    ),
    Permission(
        "services.task.look_up",
        {"zh": "办理任务时查询当事人", "en": "Look up whom a task concerns"},
    ),
)

_LOOK = "With the subject's key: destroying it leaves a commitment that nobody can open."
_NONE = "Holds no personal data: names of services, callers and departments only."

LEDGER_KINDS = (
    LedgerKind(
        "services.call.answered",
        {"zh": "接口调用", "en": "Answered to a department's system"},
        erased=_LOOK,
        seen_by_subject=True,
    ),
    LedgerKind("services.call.refused", {"zh": "接口调用被拒", "en": "Call refused"}, erased=_LOOK),
    LedgerKind(
        "services.page.viewed",
        {"zh": "工作人员查看", "en": "Viewed by an officer"},
        erased=_LOOK,
        seen_by_subject=True,
    ),
    LedgerKind(
        "services.page.refused",
        {"zh": "工作人员查看被拒", "en": "Officer's view refused"},
        erased=_LOOK,
    ),
    LedgerKind("services.service.opened", {"zh": "开通接口", "en": "Service opened"}, erased=_NONE),
    LedgerKind("services.service.closed", {"zh": "关闭接口", "en": "Service closed"}, erased=_NONE),
    LedgerKind("services.caller.made", {"zh": "登记调用方", "en": "Caller made"}, erased=_NONE),
    LedgerKind("services.caller.ended", {"zh": "停用调用方", "en": "Caller ended"}, erased=_NONE),
)
