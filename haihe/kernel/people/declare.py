"""What people declares: permissions, ledger kinds, proofing levels and scopes of mandates."""

from __future__ import annotations

from haihe.base.registry import LedgerKind, Permission

NOT_PROOFED, BY_NUMBER, IN_PERSON = 0, 1, 2
"""How surely an account belongs to a person: not, by number and name, by document or e-identity."""

REPRESENTATIVE = "representative"
"""The scope of a mandate that acts in everything and gives further mandates (法定代表人)."""

PERMISSIONS = (
    Permission("people.person.register", {"zh": "登记自然人", "en": "Register persons"}),
    Permission("people.person.proof", {"zh": "核验身份", "en": "Proof identities in person"}),
    Permission("people.enterprise.register", {"zh": "登记企业", "en": "Register enterprises"}),
    Permission("people.mandate.give", {"zh": "登记代办授权", "en": "Register mandates"}),
    Permission("people.mandate.withdraw", {"zh": "撤销代办授权", "en": "Withdraw mandates"}),
)

_KEYED = "The subject's key in the ledger is destroyed on erasure; the body holds no personal data."


def _kind(name: str, zh: str, en: str) -> LedgerKind:
    return LedgerKind(name, {"zh": zh, "en": en}, _KEYED, seen_by_subject=True)


LEDGER_KINDS = (
    _kind("people.person.registered", "登记身份", "Identity registered"),
    _kind("people.person.proofed", "核验身份", "Identity proofed"),
    _kind("people.enterprise.registered", "登记企业", "Enterprise registered"),
    _kind("people.mandate.given", "给予代办授权", "Mandate given"),
    _kind("people.mandate.withdrawn", "撤销代办授权", "Mandate withdrawn"),
    _kind("people.consent.given", "同意使用", "Consent given"),
    _kind("people.consent.withdrawn", "撤回同意", "Consent withdrawn"),
    _kind("people.taken_away", "导出本人数据", "Own data taken away"),
)
