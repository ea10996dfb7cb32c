"""What stands on a subject in a resource, cell by cell; and for whom a citizen may object."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from haihe.base.ids import SubjectKey
from haihe.base.row_tests import RowTest, rows_in_memory
from haihe.kernel.catalogue import queries as catalogue
from haihe.kernel.catalogue.models import Column, Resource
from haihe.kernel.exchange.models import Serving
from haihe.kernel.org.models import Account
from haihe.kernel.people import queries as people
from haihe.kernel.people.declare import IN_PERSON, REPRESENTATIVE
from haihe.kernel.people.models import Enterprise, Person
from haihe.systems.corrections.errors import NotJoined, UnknownValue
from haihe.systems.corrections.queries.values import mark_of, same
from haihe.ui.values import in_words


@dataclass(frozen=True)
class Cell:
    """One value of one row: ``token`` names it on a page, ``words`` show it."""

    token: str
    column: Column
    key: dict[str, Any]
    mark: bytes
    value: Any
    words: str


@dataclass(frozen=True)
class Own:
    """Somebody for whom a citizen may object: the citizen, or an enterprise they act for."""

    key: SubjectKey
    name: str
    number: str
    enterprise: str = ""


def owns_of(account: Account) -> list[Own]:
    """Whom a citizen may object for; ``corrections.not_proofed``."""
    person = people.person_of(account)
    if person is None or person.proofing < IN_PERSON:
        raise NotJoined
    mandates = people.mandates_of(person).filter(scope=REPRESENTATIVE)
    subjects: list[Person | Enterprise] = [person, *(each.enterprise for each in mandates)]
    return [
        Own(
            people.subject_key(each),
            people.shown_name(each),
            people.shown_number(each),
            str(each.pk) if isinstance(each, Enterprise) else "",
        )
        for each in subjects
    ]


def own_of(account: Account, enterprise: str = "") -> Own:
    """The citizen, or the enterprise of that id.

    Errors: ``corrections.not_proofed``, ``corrections.value.unknown``.
    """
    found = next((each for each in owns_of(account) if each.enterprise == enterprise), None)
    if found is None:
        raise UnknownValue
    return found


def rows_of(
    subject: bytes,
    resource: Resource,
    *,
    columns: Collection[str] = (),
    tests: Sequence[RowTest] = (),
) -> list[list[Cell]]:
    """The rows that stand on a subject, cell by cell, of all columns that may leave or of some.

    ``tests`` are a grant's rule: rows beyond it are not there.
    """
    held = Serving.objects.filter(subject=subject, resource=resource.pk)
    rows = held.values_list("rows", flat=True).first() or []
    every = list(catalogue.servable_columns(resource))
    keys = [each.name for each in every if each.is_key]
    passes = rows_in_memory(tests)
    return [_cells(row, every, keys, columns) for row in rows if passes is None or passes(row)]


def _cells(
    row: dict[str, Any], every: list[Column], keys: list[str], columns: Collection[str]
) -> list[Cell]:
    key = {name: row[name] for name in keys if name in row}
    mark = mark_of(key)
    return [
        Cell(
            f"{mark.hex()}:{each.name}",
            each,
            key,
            mark,
            row[each.name],
            in_words(row[each.name], kind=each.kind, unit=each.unit),
        )
        for each in every
        if each.name in row and (not columns or each.name in columns)
    ]


def cell_of(
    subject: bytes,
    resource: Resource,
    token: str,
    *,
    columns: Collection[str] = (),
    tests: Sequence[RowTest] = (),
) -> Cell:
    """The cell that a token names; ``corrections.value.unknown``."""
    rows = rows_of(subject, resource, columns=columns, tests=tests)
    found = next((each for row in rows for each in row if each.token == token), None)
    if found is None:
        raise UnknownValue
    return found


@dataclass(frozen=True)
class Stands:
    """What stands now where an objection points: how many rows, their values, who served them.

    ``is_keyed``: the whole key tells the row from all others.
    """

    rows: int
    values: list[Any]
    batch: Any
    is_keyed: bool


def stands(subject: bytes, resource: Resource, *, key: dict[str, Any], column: Column) -> Stands:
    """The values of a column in the subject's rows of that key; none if no such row stands."""
    held = Serving.objects.filter(subject=subject, resource=resource.pk)
    rows, batch = held.values_list("rows", "batch").first() or ([], None)
    found = [row for row in rows if all(row.get(name) == key[name] for name in key)]
    values = [row[column.name] for row in found if column.name in row]
    whole = {each.name for each in resource.columns.all() if each.is_key}
    return Stands(len(found), values, batch, bool(key) and whole == set(key))


def has_arrived(found: Stands, *, right: dict[str, Any], given: Any, column: Column) -> bool:
    """Whether what was decided stands, and what was wrong no longer does."""
    if right.get("gone") and found.is_keyed:
        return not found.rows
    if right.get("gone"):
        return not any(same(each, given, column) for each in found.values)
    is_there = any(same(each, right.get("value"), column) for each in found.values)
    return is_there and not any(same(each, given, column) for each in found.values)
