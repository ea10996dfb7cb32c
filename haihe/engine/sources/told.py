"""Canonical texts of what a file, an interface or a driver tells as text; nothing is rounded.

DuckDB's own casts would: ``'1.5'`` becomes the integer 2, ``'1.239'`` the decimal 1.24, the zone of
``'09:30+08'`` is dropped. Here a text is canonical if it says a value of its kind in full; any
other stays as it is, and row checks keep it apart.
"""

from __future__ import annotations

from haihe.engine.sources.kinds import Kind, canonical_sql

_NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)"
_DAY = "[0-9]{4}([-/])[0-9]{1,2}([-/])[0-9]{1,2}"
_MIDNIGHT = r"([ T]00:00(:00(\.0+)?)?)?"
_CLOCK = r"[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6}0*)?)?"
_ZONE = "(Z|[+-][0-9]{2}(:?[0-9]{2})?)"


def told_sql(text: str, *, kind: Kind) -> str:
    """DuckDB expression: the canonical text of a told text, or the text itself if it is none.

    A timestamp with a zone is turned to UTC; one with more than six digits of a second that are
    not zeros stays as it is, and so does a date with a time of day.
    """
    if kind.name == "text":
        return text
    clean = f"trim({text})"
    if kind.name in {"integer", "decimal"}:
        said = _number(clean)
    elif kind.name == "date":
        said = _matching(clean, _DAY + _MIDNIGHT, _day(clean, kind))
    elif kind.name == "timestamp":
        said = _timestamp(clean, kind)
    else:
        said = canonical_sql(f"try_cast({clean} as {kind.duckdb})", kind=kind)
    return f"coalesce({said}, {text})"


def _matching(text: str, pattern: str, value: str) -> str:
    return f"case when regexp_full_match({text}, '{pattern}') then {value} end"


def _day(text: str, kind: Kind) -> str:
    """The day alone, as its own characters say it; a day that there is not is null."""
    day = f"regexp_extract({text}, '^{_DAY}')"
    return canonical_sql(f"try_cast(replace({day}, '/', '-') as date)", kind=kind)


def _number(text: str) -> str:
    """A number's digits without sign, zeros and point that say nothing; by text alone."""
    sign = f"case when starts_with({text}, '-') then '-' else '' end"
    bare = f"ltrim({text}, '+-')"
    whole = f"ltrim(split_part({bare}, '.', 1), '0')"
    rest = f"rtrim(split_part({bare}, '.', 2), '0')"
    shown = (
        f"case when {whole} = '' and {rest} = '' then '0' else {sign}"
        f" || case when {whole} = '' then '0' else {whole} end"
        f" || case when {rest} = '' then '' else '.' || {rest} end end"
    )
    return _matching(text, _NUMBER, shown)


def _timestamp(text: str, kind: Kind) -> str:
    """The moment in UTC. DuckDB would drop a zone in silence, so its minutes are taken off here."""
    local = f"replace(regexp_replace({text}, '(:[0-9.]+) ?{_ZONE}$', '\\1'), '/', '-')"
    zone = f"replace(regexp_extract({text}, ':[0-9.]+ ?({_ZONE})$', 1), ':', '')"
    minutes = (
        f"case when {zone} in ('', 'Z') then 0 else"
        f" (case when {zone}[1] = '-' then 1 else -1 end)"
        f" * (try_cast({zone}[2:3] as integer) * 60"
        f" + coalesce(try_cast(nullif({zone}[4:5], '') as integer), 0)) end"
    )
    moment = f"try_cast({local} as timestamp) + to_minutes({minutes})"
    pattern = f"{_DAY}([ T]{_CLOCK} ?{_ZONE}?)?"
    return _matching(text, pattern, canonical_sql(f"({moment})", kind=kind))
