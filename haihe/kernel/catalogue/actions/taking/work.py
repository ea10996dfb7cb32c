"""What is carried along while a file's rows are taken: who sent it, faults, counts, owners."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from haihe.base.actor import Actor
from haihe.base.errors import HaiheError, NotPermitted
from haihe.base.text import Text
from haihe.edges.sheets import Cell, Fault, Read, Row, Sheet, Value
from haihe.kernel.catalogue.internals.sheets.filling import Values, same
from haihe.kernel.org.models import Department

_AT = "catalogue.sheets."
_MOST_SHOWN = 80


@dataclass
class Count:
    """How many rows of a list are new, say something else, or say what stands there already."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    @property
    def rows(self) -> int:
        """All of them."""
        return self.new + self.changed + self.unchanged


@dataclass
class Work:
    """Taking one file. ``unmade`` are resources in it that could not be made, as are systems."""

    by: Actor
    faults: list[Fault] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=dict)
    unmade: set[str] = field(default_factory=set)
    unmade_systems: set[str] = field(default_factory=set)
    titles: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    _departments: dict[str, str] = field(default_factory=dict)
    _told: set[Cell] = field(default_factory=set)

    def begin(self, name: str, *sheets: tuple[Sheet, Read | None]) -> Count:
        """Begin with a list: its count."""
        for sheet, read in sheets:
            self.titles |= {
                (sheet.name, each.key): (each.title("zh"), each.title("en"))
                for each in sheet.fields
            }
            for fault in read.faults if read is not None else ():
                self._put(fault)
        return self.counts.setdefault(name, Count())

    def tell(self, sheet: str, row: Row, key: str, code: str, **parameters: str | int) -> None:
        """Tell a fault of one of our sentences, at the field's cell or, lacking that, the first."""
        at = key if key in row.columns else next(iter(row.columns))
        title, english = self.titles[sheet, key]
        given = _shown(row.values.get(at))
        named = code if "." in code else f"{_AT}{code}"
        titles = {"title": title, "title_en": english}
        self._put(Fault(row.cell(at), named, given, {**titles, **parameters}))

    def _put(self, fault: Fault) -> None:
        """Keep a fault; of a cell the first alone, as others would follow from it."""
        if fault.cell not in self._told:
            self._told.add(fault.cell)
            self.faults.append(fault)

    def refuse(self, sheet: str, row: Row, key: str, fault: HaiheError) -> None:
        """Tell an action's refusal, at the field's cell; a missing permission ends it all."""
        if isinstance(fault, NotPermitted) and fault.permission:
            raise fault
        self.tell(sheet, row, key, fault.code, reason=fault.message)

    def attempt(
        self,
        sheet: str,
        row: Row,
        act: Callable[[], object],
        fields: Mapping[str, str],
        otherwise: str,
    ) -> bool:
        """Do it, or tell why not at the cell that ``fields`` names for the error's code."""
        try:
            with transaction.atomic():
                act()
        except HaiheError as fault:
            self.refuse(sheet, row, fields.get(fault.code, otherwise), fault)
            return False
        return True

    def is_there(self, sheet: str, row: Row, code: str, there: Collection[str]) -> bool:
        """Whether a resource is there; one that this file could not make is not blamed twice."""
        if code in there:
            return True
        if code not in self.unmade:
            self.tell(sheet, row, "resource", "resource_unknown")
        return False

    def owner(self, sheet: str, row: Row, *, otherwise: str) -> str | None:
        """The department of a row, which must be the sender's; None where a fault was told."""
        values = row.values
        name, code = values.get("provider"), values.get("provider_code")
        by_name, by_code = self._department(name), self._department(code)
        key = "provider" if "provider" in row.columns else "provider_code"
        for given, found, at in ((name, by_name, "provider"), (code, by_code, "provider_code")):
            if given is not None and found is None:
                self.tell(sheet, row, at, "provider_unknown")
                return None
        if by_name and by_code and by_name != by_code:
            self.tell(sheet, row, "provider_code", "provider_differs")
            return None
        found = by_name or by_code or otherwise
        if self.by.kind != "administrator" and found != self.by.department:
            self.tell(sheet, row, key, "not_yours")
            return None
        return found

    def _department(self, given: Value) -> str | None:
        if not isinstance(given, str):
            return None
        if not self._departments:
            for each in Department.objects.order_by("code"):
                for word in (each.code, *each.name.values(), each.credit_code):
                    self._departments.setdefault(str(word).strip().lower(), each.code)
            self._departments.pop("", None)
        return self._departments.get(given.strip().lower())


def said(row: Row, *, quiet: Collection[str]) -> Values:
    """What a row says. An empty cell of a ``quiet`` field says nothing; owners are told apart."""
    return {
        key: value
        for key, value in row.values.items()
        if key not in {"provider", "provider_code"}
        and not (key in quiet and (value is None or value == ()))
    }


def keyed(read: Read | None, key: str) -> Iterator[tuple[str, Row]]:
    """The rows of a list that name their key, sound or not."""
    for row in read.rows if read is not None else ():
        named = row.values.get(key)
        if isinstance(named, str):
            yield named, row


def counted(count: Count, said_now: Values, before: Values | None) -> bool:
    """Count a row; whether there is anything to write."""
    if before is None:
        count.new += 1
    elif same(said_now, before):
        count.unchanged += 1
        return False
    else:
        count.changed += 1
    return True


def titled(values: Values, name: str, before: Text | None) -> dict[str, str]:
    """A text in the languages that the row names; those that it does not name stay."""
    found = dict(before or {})
    for language, key in (("zh", name), ("en", f"{name}_en")):
        if key in values:
            text = values[key]
            found.pop(language, None)
            if isinstance(text, str):
                found[language] = text
    return found


def _shown(value: Value) -> str:
    if value is None:
        return ""
    text = "、".join(value) if isinstance(value, tuple) else str(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def words(value: Value) -> tuple[str, ...]:
    """The parts of a list's cell, sorted."""
    return tuple(sorted(value)) if isinstance(value, tuple) else ()
