"""START HERE: what the system is called, which catalogues it joins, its limits. Data only."""

from __future__ import annotations

from datetime import timedelta

from haihe.base.registry import LedgerKind, MenuEntry, Permission, System
from haihe.base.text import Text
from haihe.ui.declare import ANY_OFFICER, DATA

PAGE = 250
"""Datasets on one page of what is written out, and of what is sent to a higher level."""

TIMEOUT_S, PAGE_S = 20, 180
"""Seconds that another's server may be silent, and that one page may take in all."""
MOST_BYTES = 32 * 1024 * 1024
"""Bytes of one page that is read; see ``edges.dcat``."""
MOST_SENT = 16 * 1024 * 1024
"""Bytes of one page that a lower level sends."""
MOST_PAGES, MOST_ENTRIES = 5_000, 500_000
"""Pages and entries that one catalogue may have."""
MOST_REDIRECTS = 3
MOST_WORDS = 4_000
"""Signs of a harvested description that are kept."""
MOST_FAULTS = 50
"""Faults that are kept of one entry, and of one reading as a whole."""

PARSE_MIB, PARSE_S, PARSE_WALL_S = 2048, 90, 120
"""Memory, seconds of a processor and seconds in all that reading one page may take."""
PARSE_AT_ONCE, PARSE_WAIT_S = 2, 5
"""Pages that one process has read at once, and seconds that the next one waits for its turn."""

RESUMED_FOR = timedelta(hours=24)
"""So long a reading that was cut may be gone on with; then it begins again."""
EVERY = timedelta(hours=24)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=10), timedelta(hours=12)
LEAST_SHARE = 0.9
"""Of what a catalogue says it holds, the share that must have come before it is taken."""
HARVEST = "cascade.read"
"""The job that reads one source."""

_NONE = "Holds no personal data: codes of catalogues and counts only."


def _kind(name: str, zh: str, en: str) -> LedgerKind:
    return LedgerKind(name, {"zh": zh, "en": en}, _NONE)


def _t(zh: str, en: str) -> Text:
    return {"zh": zh, "en": en}


CASCADE = System(
    name="cascade",
    title=_t("目录级联", "Catalogues beyond"),
    line=_t(
        "与上下级平台目录级联，采集其他目录，公布开放目录。",
        "Join the catalogues of other levels, read others', publish the open part.",
    ),
    menu=(
        MenuEntry(
            _t("目录级联", "Other catalogues"), "cascade:entries", "officer", "world",
            ANY_OFFICER, 35, area=DATA,
        ),
    ),
    permissions=(
        Permission("cascade.source.name", _t("登记目录来源", "Name another catalogue")),
        Permission("cascade.source.stop", _t("停用、启用目录来源", "Stop or resume a catalogue")),
        Permission("cascade.harvest", _t("采集目录", "Read another catalogue")),
        Permission("cascade.send", _t("上报目录", "Send the catalogue to a higher level")),
        Permission("cascade.receive", _t("接收下级目录", "Receive a lower level's catalogue")),
    ),
    ledger_kinds=(
        _kind("cascade.source.named", "登记目录来源", "Other catalogue named"),
        _kind("cascade.source.stopped", "停用目录来源", "Other catalogue stopped"),
        _kind("cascade.source.resumed", "启用目录来源", "Other catalogue resumed"),
        _kind("cascade.catalogue.read", "采集目录", "Other catalogue read"),
        _kind("cascade.catalogue.received", "接收下级目录", "Lower level's catalogue received"),
        _kind("cascade.catalogue.sent", "上报目录", "Catalogue sent to a higher level"),
    ),
)  # fmt: skip
