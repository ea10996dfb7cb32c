"""What org declares: permissions, ledger kinds, and which powers make an administrator.

Three administrators, apart (三员分立; GB/T 22239-2019, 8.1.5): *system* keeps departments, posts
and accounts, *security* gives permissions and locks accounts, *audit* reads what both did.
"""

from __future__ import annotations

from haihe.base.registry import LedgerKind, Permission
from haihe.kernel.org.shift_declare import SHIFT_KINDS, SHIFT_PERMISSIONS

KINDS = ("system", "security", "audit")

GIVE = {
    "security": "org.permission.give",
    "system": "org.system.appoint",
    "audit": "org.audit.appoint",
}
"""Which permission gives (and takes) permissions of each ``held_by``; ``each``: any of them."""

SECURITY_POWERS = frozenset(
    {"org.permission.give", "org.account.lock", "org.account.unlock", "org.account.reset"}
)
"""The security administrator's own; all else held by ``security`` is ordinary work."""

PERMISSIONS = (
    Permission("org.department.make", {"zh": "设立部门", "en": "Make departments"}, "system"),
    Permission("org.post.make", {"zh": "设立岗位", "en": "Make posts"}, "system"),
    Permission("org.account.make", {"zh": "开通账户", "en": "Make accounts"}, "system"),
    Permission("org.officer.join", {"zh": "工作人员入职", "en": "Let officers join"}, "system"),
    Permission("org.officer.read", {"zh": "查看工作人员", "en": "See officers"}, "each"),
    Permission("org.officer.leave", {"zh": "工作人员离职", "en": "Let officers leave"}, "system"),
    Permission(
        "org.system.appoint",
        {"zh": "任命系统管理员", "en": "Appoint system administrators"},
        "system",
    ),
    Permission("org.permission.give", {"zh": "授予和收回权限", "en": "Give and take permissions"}),
    Permission("org.account.lock", {"zh": "锁定账户", "en": "Lock accounts"}),
    Permission("org.account.unlock", {"zh": "解锁账户", "en": "Unlock accounts"}),
    Permission(
        "org.account.reset",
        {"zh": "重置密码和第二因素", "en": "Reset passwords and second factors"},
    ),
    Permission(
        "org.audit.appoint", {"zh": "任命审计管理员", "en": "Appoint audit administrators"}, "audit"
    ),
    Permission("org.audit.read", {"zh": "查看授权记录", "en": "Read who gave what"}, "audit"),
    *SHIFT_PERMISSIONS,
)

_NONE = "Holds codes and account ids only; no personal data."
_NAME = "Holds the account's id; the name is removed from the account when its term ends."

LEDGER_KINDS = (
    LedgerKind("org.department.made", {"zh": "设立部门", "en": "Department made"}, _NONE),
    LedgerKind("org.post.made", {"zh": "设立岗位", "en": "Post made"}, _NONE),
    LedgerKind("org.permission.given", {"zh": "授予权限", "en": "Permission given"}, _NONE),
    LedgerKind("org.permission.taken", {"zh": "收回权限", "en": "Permission taken"}, _NONE),
    LedgerKind("org.account.made", {"zh": "开通账户", "en": "Account made"}, _NAME),
    LedgerKind("org.account.locked", {"zh": "锁定账户", "en": "Account locked"}, _NAME),
    LedgerKind("org.account.unlocked", {"zh": "解锁账户", "en": "Account unlocked"}, _NAME),
    LedgerKind("org.account.reset", {"zh": "重置凭证", "en": "Password reset"}, _NAME),
    LedgerKind("org.password.changed", {"zh": "修改密码", "en": "Password changed"}, _NAME),
    LedgerKind(
        "org.second_factor.changed", {"zh": "更换第二因素", "en": "Second factor changed"}, _NAME
    ),
    LedgerKind("org.officer.joined", {"zh": "入职", "en": "Officer joined"}, _NAME),
    LedgerKind("org.officer.moved", {"zh": "调岗", "en": "Officer moved"}, _NAME),
    LedgerKind("org.post.taken", {"zh": "收回岗位", "en": "Post taken"}, _NAME),
    LedgerKind("org.officer.left", {"zh": "离职", "en": "Officer left"}, _NAME),
    LedgerKind(
        "org.names.forgotten",
        {"zh": "清除离职人员姓名", "en": "Names of officers who left removed at their term"},
        "Holds a count alone.",
    ),
    LedgerKind("org.signed_in", {"zh": "登录", "en": "Signed in"}, _NAME),
    LedgerKind("org.signed_out", {"zh": "退出", "en": "Signed out"}, _NAME),
    LedgerKind("org.sign_in_failed", {"zh": "登录失败", "en": "Sign-in failed"}, _NAME),
    *SHIFT_KINDS,
)


def administrator_of(permission: Permission) -> str:
    """Whose powers a permission belongs to: system, security, audit, or "" for ordinary work."""
    if permission.held_by == "each":
        return ""
    if permission.held_by != "security":
        return permission.held_by
    return "security" if permission.name in SECURITY_POWERS else ""


def givers(permission: Permission) -> tuple[str, ...]:
    """The permissions of which one is needed to give this one."""
    return tuple(GIVE.values()) if permission.held_by == "each" else (GIVE[permission.held_by],)
