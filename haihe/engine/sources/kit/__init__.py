"""The conformance kit: what a city runs against its own server before it trusts a source."""

from haihe.engine.sources.kit.checking import Checked, check_source
from haihe.engine.sources.kit.table import DIALECTS, Dialect, dialect_of, make_table, script

__all__ = [
    "DIALECTS",
    "Checked",
    "Dialect",
    "check_source",
    "dialect_of",
    "make_table",
    "script",
]
