"""Telling an account's holder that how they sign in has changed: in the app and where it rings."""

from __future__ import annotations

from django.db import transaction

from haihe.base.ids import new_id
from haihe.base.text import Text
from haihe.kernel.messages import actions as messages
from haihe.kernel.messages import queries
from haihe.kernel.org.actions import tries
from haihe.kernel.org.models import Account

_TITLE: Text = {"zh": "登录方式有变化", "en": "How you sign in has changed"}
_AFTER: Text = {
    "zh": "如非本人操作，请立即修改密码并联系管理员。",
    "en": "If it was not you, change your password at once and tell an administrator.",
}
_WHAT: dict[str, Text] = {
    "password_changed": {"zh": "密码已修改。", "en": "The password was changed."},
    "totp_activated": {"zh": "已绑定验证器。", "en": "An authenticator was joined."},
    "totp_deactivated": {"zh": "已解除验证器。", "en": "The authenticator was removed."},
    "webauthn_added": {"zh": "已添加通行密钥。", "en": "A passkey was added."},
    "webauthn_removed": {"zh": "已删除通行密钥。", "en": "A passkey was removed."},
    "recovery_codes_generated": {
        "zh": "已生成新的恢复码。",
        "en": "New recovery codes were made.",
    },
}


def note_change(account: Account, *, change: str) -> None:
    """Enter a change in the ledger and tell the holder, in one transaction.

    ``change`` is allauth's word for it (``totp_activated`` …).
    """
    with transaction.atomic():
        if change.startswith("password"):
            tries.password_changed(account=account)
        else:
            tries.second_factor_changed(account=account, change=change)
        what = _WHAT.get(change, _TITLE)
        text = {"zh": f"{what['zh']}{_AFTER['zh']}", "en": f"{what['en']} {_AFTER['en']}"}
        event = new_id()
        for channel in ("in_app", *queries.channels_of(account)):
            messages.write(
                key=f"org.changed.{event}.{channel}",
                to=account,
                channel=channel,
                title=_TITLE,
                text=text,
                urgent=True,
            )
