"""Which questions of a type's form the government holds an answer to: they need not be asked.

Source: Decree 809 (2025), no repeat collection: what can be had by sharing is not asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from haihe.base.text import Text
from haihe.kernel.cases.declare import CaseType
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Column
from haihe.systems.case_types.sheets import Sheet


@dataclass(frozen=True)
class Held:
    """A question, the step that asks it, and the column that leads: its resource, its provider."""

    question: Text
    step: Text
    column: Column


def held_of_sheet(sheet: Sheet) -> list[Held]:
    """Those of a page that is being written, in its order."""
    return _held((step, field) for step in sheet["actions"] for field in step["fields"])


def held_of_type(of: CaseType) -> list[Held]:
    """Those of a type as it was drafted, in its order."""
    return _held(
        ({**step.title}, {**field.title, "code": code})
        for step in of.actions.values()
        for code, field in step.fields.items()
    )


def _held(asked: Iterable[tuple[Mapping[str, str], Mapping[str, str]]]) -> list[Held]:
    """By the question's name in either language, or by its code as the datum's."""
    questions = list(asked)
    named = {
        str(field.get(name) or "") for _, field in questions for name in ("zh", "en", "code")
    } - {""}
    columns = catalogue.already_held(sorted(named)) if named else {}
    found = []
    for step, field in questions:
        names = (field.get(name) or "" for name in ("zh", "en", "code"))
        column = next((columns[name] for name in names if name in columns), None)
        if column is not None:
            found.append(Held(_titles(field), _titles(step), column))
    return found


def _titles(row: Mapping[str, str]) -> Text:
    return {language: row[language] for language in ("zh", "en") if row.get(language)}
