"""Values as PostgreSQL's log writes them, made the texts that a read of the table gives."""

from __future__ import annotations

from haihe.engine.sources.kinds import without_zeros
from haihe.engine.sources.postgresql import Declared


def log_text_sql(value: str, declared: Declared) -> str:
    """DuckDB expression: the text that ``sources.postgresql.text_of`` gives of that value.

    Output functions and casts to text differ in some types. The mark of an unchanged value passes.
    """
    if declared.type == "numeric":
        is_whole = declared.scale is not None and declared.scale <= 0
        return value if is_whole else without_zeros(value)
    return _FORMS.get(declared.type, "{x}").format(x=value)


# In UTC, as the session is. What lies beyond the calendar stays as it is written.
_MOMENT = (
    "case when length({x}) < 30 and not contains({x}, 'BC')"
    " and try_cast(replace({x}, '+00', '') as timestamp) is not null"
    " then strftime(try_cast(replace({x}, '+00', '') as timestamp), '%Y-%m-%d %H:%M:%S.%f')"
    " else {x} end"
)
_FORMS = {
    "bool": "case {x} when 't' then 'true' when 'f' then 'false' else {x} end",
    "bpchar": "rtrim({x}, ' ')",
    "inet": "case when {x} = chr(0) or contains({x}, '/') then {x}"
    " when contains({x}, ':') then {x} || '/128' else {x} || '/32' end",
    "timestamp": _MOMENT,
    "timestamptz": _MOMENT,
}
