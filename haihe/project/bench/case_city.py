"""The made-up city of `haihe bench cases`: units, officers, wards, and one type of case."""

from __future__ import annotations

import importlib
from typing import Any

DEPARTMENTS, WARDS, OFFICERS = 83, 300, 4_000


def follow_up() -> Any:
    """A visit to somebody whom a model names: seen, reported, checked."""
    words = importlib.import_module("haihe.kernel.cases.declare")

    def t(zh: str, en: str) -> dict[str, str]:
        return {"zh": zh, "en": en}

    level = words.Level(("unit",), permille=800)
    return words.CaseType(
        name="bench.follow_up",
        title=t("回访", "Follow-up"),
        opens="visiting",
        states={
            "visiting": words.State(t("待走访", "Visiting"), ("visit",)),
            "reported": words.State(t("待上报", "Reported"), ("visit",)),
            "checking": words.State(t("待核查", "Checking"), ("check",)),
            "closed": words.State(t("结案", "Closed"), (), "ended"),
        },
        actions={
            "visit": words.Action(t("走访", "Visit"), ("visiting",), "reported", ("unit",)),
            "report": words.Action(t("上报", "Report"), ("reported",), "checking", ("unit",)),
            "redo": words.Action(t("再查", "Again"), ("checking",), "checking", ("supervisor",)),
            "close": words.Action(t("结案", "Close"), ("checking",), "closed", ("supervisor",)),
        },
        clocks={
            "visit": words.Clock(t("走访时限", "Visit"), 480, levels=(level,)),
            "check": words.Clock(t("核查时限", "Check"), 2, "days"),
        },
    )


def make_city() -> list[tuple[int, str]]:
    """Make units, wards and officers; each officer's key with the unit's code."""
    org = importlib.import_module("haihe.kernel.org.models")
    places = importlib.import_module("haihe.kernel.places.models")
    codes = [f"d{n}" for n in range(DEPARTMENTS)]
    org.Department.objects.bulk_create(
        org.Department(code=code, name={"en": code}, kind="department") for code in codes
    )
    places.Division.objects.bulk_create(
        places.Division(code=f"W{n:03d}", name={"en": f"Ward {n}"}, level=1) for n in range(WARDS)
    )
    accounts = org.Account.objects.bulk_create(
        org.Account(username=f"officer{n}") for n in range(OFFICERS)
    )
    officers = org.Officer.objects.bulk_create(
        org.Officer(account=account, department_id=codes[n % DEPARTMENTS], name="Made up")
        for n, account in enumerate(accounts)
    )
    return [(officer.pk, officer.department_id) for officer in officers]
