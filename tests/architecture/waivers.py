"""What is let pass, each with its reason. A waiver that is needed no more fails its test."""

LONG_FILES: dict[str, str] = {}
"""Files over 400 lines."""

LONG_FUNCTIONS: dict[str, str] = {}
"""Functions over 50 lines, as ``path:name``."""

OPEN_ACTIONS: dict[str, str] = {
    "haihe.kernel.files.actions.clear_orphans": "By the clock: no row uses what goes.",
    "haihe.kernel.files.actions.drop_due": "By the clock, at the term that the storing action set.",
    "haihe.systems.grid.actions.walks.forget_sent": "By the clock, at a set term.",
    "haihe.systems.snap.actions.limits.forget_tallies": "By the clock, at a set term.",
    "haihe.kernel.exchange.actions.reconciling.drop_differences": "By the clock, at a set term.",
    "haihe.kernel.exchange.actions.retention.drop_quarantined": "By the clock, at a set term.",
    "haihe.kernel.exchange.actions.retention.drop_exports": "By the clock, at a set term.",
    "haihe.kernel.exchange.actions.retention.clear_left": "By the clock: nothing names it.",
    "haihe.kernel.org.actions.names.forget_names": "By the clock, at a set term.",
    "haihe.kernel.ledger.actions.recording.record": "Part of another action, which asks.",
    "haihe.kernel.exchange.actions.links.link_of": "Finds a row, writes nothing.",
    "haihe.kernel.ledger.actions.recording.record_delivery": "Part of another action, as record.",
    "haihe.kernel.ledger.actions.recording.record_each": "Part of another action, as record.",
    "haihe.kernel.ledger.actions.recording.record_many": "Part of another action, as record.",
    "haihe.kernel.ledger.actions.erasing.replay_erasures": "Part of declaring a break.",
    "haihe.kernel.messages.actions.outbox.write": "Part of another action, as record.",
    "haihe.kernel.messages.actions.outbox.mark_all_read": "One's own and one's department's.",
    "haihe.systems.desk.actions.keep_view": "One's own, by account.",
    "haihe.systems.desk.actions.drop_view": "One's own, by account.",
    "haihe.kernel.messages.actions.sending": "By the clock: sends what was written.",
    "haihe.kernel.org.actions.accounts.register_account": "Anyone may open a citizen's account.",
    "haihe.kernel.org.actions.tries": "Counted before anyone is known; called by signing in.",
}
"""Actions, or modules of them, that need no permission of their own."""

INNER_IMPORTS: dict[str, str] = {
    "haihe/project/bench/exchange_peers.py": "Each peer is loaded where it alone is measured.",
}
"""Modules that import inside a function."""

BROAD_EXCEPTS: dict[str, str] = {
    "haihe/engine/calls/lane.py": "A batch is where its calls end: each is given a refusal.",
    "haihe/engine/moving/passing.py": "Handed to the thread that joins, which raises it again.",
    "haihe/kernel/exchange/actions/runs.py": "A batch ends here: the failure is kept with it.",
}
"""Modules besides request, job and command that catch every exception."""

KEYWORDS: dict[str, str] = {}
"""Public actions that take more than one argument by position."""

FOREIGN_ROUTES: dict[str, str] = {}
"""Packages whose views have doors of their own."""

OPEN_ROUTES: dict[str, str] = {
    "healthz": "Says only that the process lives.",
    "metrics": "Counts, answered to this machine alone.",
}
"""Routes without a door."""
