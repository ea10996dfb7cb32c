"""What a new case type begins with: the least that has a beginning, a limit and an end."""

from __future__ import annotations

from typing import Any


def _t(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


SIMPLE: dict[str, Any] = {
    "name": "",
    "title": {},
    "opens": "received",
    "opened_by": ["opener"],
    "states": {
        "received": {"title": _t("已收件", "Received"), "clocks": ["accept"]},
        "handling": {"title": _t("办理中", "In hand"), "clocks": ["handle"]},
        "answered": {"title": _t("已答复", "Answered"), "kind": "ended"},
        "declined": {"title": _t("不予受理", "Declined"), "kind": "ended"},
    },
    "actions": {
        "accept": {
            "title": _t("受理", "Accept"),
            "when": ["received"],
            "to": "handling",
            "roles": ["unit"],
        },
        "answer": {
            "title": _t("答复", "Answer"),
            "when": ["handling"],
            "to": "answered",
            "roles": ["unit"],
            "asks": ["note"],
        },
        "decline": {
            "title": _t("不予受理", "Decline"),
            "when": ["received", "handling"],
            "to": "declined",
            "roles": ["unit"],
            "asks": ["note"],
        },
    },
    "clocks": {
        "accept": {
            "title": _t("受理时限", "Acceptance"),
            "limit": 1,
            "unit": "days",
            "levels": [{"tells": ["unit"], "permille": 800}],
        },
        "handle": {
            "title": _t("办理时限", "Handling"),
            "limit": 5,
            "unit": "days",
            "levels": [
                {"tells": ["unit"], "permille": 800},
                {"tells": ["supervisor"], "minutes_after": 0},
            ],
        },
    },
}
