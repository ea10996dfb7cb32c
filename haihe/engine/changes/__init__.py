"""Change logs: a table followed change by change and merged by key, position and rows as one."""

from haihe.engine.changes.opening import (
    LOGGED,
    log_name,
    open_log,
    place_of,
)
from haihe.engine.changes.scripts import (
    provider_script,
)
from haihe.engine.moving.logs import (
    Log,
    LogFigures,
)

__all__ = [
    "LOGGED",
    "Log",
    "LogFigures",
    "log_name",
    "open_log",
    "place_of",
    "provider_script",
]
