"""START HERE: what figures are called and what they add to the house. Data only."""

from __future__ import annotations

from haihe.base.registry import LedgerKind, MenuEntry, Permission, System
from haihe.ui.declare import STREETS

SHOWN_SPOTS, SHOWN_AGAIN, SHOWN_OVERDUE = 10, 15, 40
"""Lines of hot spots, recurrences and overdue reports in a weekly report."""

FIGURES = System(
    name="figures",
    title={"zh": "统计分析", "en": "Figures"},
    line={
        "zh": "按单位看响应率、解决率、满意率，看趋势、热点和反复发生的问题。",
        "en": "See how units respond, solve and satisfy; trends, hot spots, what comes back.",
    },
    menu=(
        MenuEntry(
            {"zh": "统计分析", "en": "Figures"},
            "figures:units",
            "officer",
            "chart-bar",
            "figures.read",
            19,
            area=STREETS,
        ),
    ),
    permissions=(
        Permission("figures.read", {"zh": "查看统计分析", "en": "Read figures of reports"}),
        Permission("figures.weekly.file", {"zh": "生成周报", "en": "File weekly reports"}),
    ),
    ledger_kinds=(
        LedgerKind(
            "figures.weekly.filed",
            {"zh": "生成周报", "en": "Weekly report filed"},
            "Holds no personal data: a week, a division and the file's digest.",
        ),
    ),
)
