"""What a statement in MariaDB's log does to one table: rows apart, it holds only some of them."""

from __future__ import annotations

import enum
import re

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_NAME = r"(`(?:[^`]|``)+`|[\w$\u0080-\uffff]+)"
_OF = rf"(?:{_NAME}\s*\.\s*)?{_NAME}"
_TRUNCATE = re.compile(rf"truncate\s+(?:table\s+)?{_OF}", re.IGNORECASE)
_REPLACES = re.compile(
    r"(?:drop|rename|create)\s+(?:or\s+replace\s+)?(?:temporary\s+)?tables?\s+(.*)",
    re.IGNORECASE | re.DOTALL,
)


class Effect(enum.Enum):
    """What a statement does: nothing to the table, empties it, puts another in its place."""

    BEGUN = "begun"
    NONE = "none"
    EMPTIED = "emptied"
    REPLACED = "replaced"


def effect_of(query: str, *, schema: str, of_schema: str, table: str) -> Effect:
    """The effect of a statement, run in ``schema``, on a table of ``of_schema``.

    >>> effect_of("TRUNCATE TABLE `d`.`t`", schema="x", of_schema="d", table="t")
    <Effect.EMPTIED: 'emptied'>
    """
    plain = _COMMENT.sub(" ", query).strip()
    if plain.upper().startswith("BEGIN"):
        return Effect.BEGUN
    found = _TRUNCATE.match(plain)
    if found:
        of = _plain(found[1]) if found[1] else schema
        return Effect.EMPTIED if (of, _plain(found[2])) == (of_schema, table) else Effect.NONE
    replaces = _REPLACES.match(plain)
    if not replaces or plain.upper().startswith("CREATE TEMPORARY"):
        return Effect.NONE
    told = replaces[1].partition("(")[0]
    names = [
        (_plain(each[0]) if each[0] else schema, _plain(each[1])) for each in re.findall(_OF, told)
    ]
    return Effect.REPLACED if (of_schema, table) in names else Effect.NONE


def _plain(name: str) -> str:
    return name[1:-1].replace("``", "`") if name.startswith("`") else name
