"""What a list looks like as a spreadsheet, and what reading one gives: rows, and faults by cell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from haihe.edges.sheets.sentences import SENTENCES
from haihe.edges.sheets.words import SEPARATORS, in_language, plain

Kind = Literal["text", "code", "date", "integer", "yes_no", "choice", "many"]
Value = str | int | bool | date | tuple[str, ...] | None
"""``text``, ``code``, ``choice``: str; ``many``: tuple of str, empty where nothing stands; of any
other kind an empty cell is None."""

_PLAIN_ADDRESS = re.compile(r"\w+")


@dataclass(frozen=True)
class Field:
    """One column of a list.

    ``titles`` are the headers that name it, as departments write them; a header written by us is
    the first that is Chinese, or the first that is not. ``choices`` gives each code its spellings,
    by the same rule; a field of kind ``many`` may have some too. ``most_chars`` bounds a text (each
    part, of a list); ``exact_chars`` is the length that every code has (18 for a credit code).
    """

    key: str
    titles: tuple[str, ...]
    kind: Kind = "text"
    is_required: bool = False
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    most_chars: int | None = None
    exact_chars: int | None = None

    def __post_init__(self) -> None:
        if not self.titles:
            raise ValueError(f"{self.key} has no title.")
        if (self.kind == "choice") != bool(self.choices) and self.kind != "many":
            raise ValueError(f"{self.key}: a choice has choices, and nothing else but a list may.")
        spelled = list(_spellings(self.choices))
        if len({word for _, word in spelled}) != len(spelled):
            raise ValueError(f"{self.key}: one spelling stands for two choices.")
        if self.kind == "many" and any(
            SEPARATORS.search(w) for v in self.choices.values() for w in v
        ):
            raise ValueError(f"{self.key}: a choice in a list holds what separates its parts.")

    def title(self, language: str) -> str:
        """The header in a language (``zh`` or another)."""
        return in_language(self.titles, language)

    def spelled(self, code: str, language: str) -> str:
        """A choice as people read it, in a language."""
        return in_language(self.choices[code], language)

    def codes(self) -> dict[str, str]:
        """The code of each spelling, in its ``plain`` form; a code spells itself."""
        return {word: code for code, word in _spellings(self.choices)}


def _spellings(choices: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    for code, words in choices.items():
        yield from ((code, word) for word in {plain(each) for each in (code, *words)})


@dataclass(frozen=True)
class Sheet:
    """A list: the names its worksheet may have, its fields, and the fields that make a row unique.

    ``ignored`` are headers of columns that are left unread without a fault, besides numbering.
    With ``tells`` a worksheet is this list, whatever its name, where its header has one field at
    least of each set; and never without.
    """

    name: str
    titles: tuple[str, ...]
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    tells: tuple[frozenset[str], ...] = ()

    def __post_init__(self) -> None:
        keys = {each.key for each in self.fields}
        named = {*self.key, *(each for some in self.tells for each in some)}
        if len(keys) != len(self.fields) or not named <= keys:
            raise ValueError(f"{self.name}: a field is there twice, or a key is no field.")
        titled = [(each.key, word) for each in self.fields for word in set(map(plain, each.titles))]
        if len({word for _, word in titled}) != len(titled):
            raise ValueError(f"{self.name}: one title names two fields.")

    def title(self, language: str) -> str:
        """The worksheet's name in a language."""
        return in_language(self.titles or (self.name,), language)


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A cell by its worksheet's name in the file, its row and its column, both from 1.

    >>> Cell("Resources", 17, 3).address, Cell("目录 (2)", 2, 28).address
    ('Resources!C17', "'目录 (2)'!AB2")
    """

    sheet: str
    row: int
    column: int

    @property
    def place(self) -> str:
        """The address without the worksheet: ``C17``."""
        return f"{letters(self.column)}{self.row}"

    @property
    def address(self) -> str:
        """The address as spreadsheet programs write it."""
        quoted = self.sheet.replace("'", "''")
        name = self.sheet if _PLAIN_ADDRESS.fullmatch(self.sheet) else f"'{quoted}'"
        return f"{name}!{self.place}"


def letters(column: int) -> str:
    """A column's letters: 1 is A.

    >>> letters(1), letters(26), letters(27), letters(703)
    ('A', 'Z', 'AA', 'AAA')
    """
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def number_of(column: str) -> int:
    """A column's number from its letters.

    >>> number_of("A"), number_of("Z"), number_of("AAA")
    (1, 26, 703)
    """
    number = 0
    for letter in column.upper():
        number = number * 26 + ord(letter) - 64
    return number


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell, a row or a column; ``given`` is what stands there, cut short.

    ``given`` may be personal: it is for the page of whoever sent the file, never for a log.
    ``code`` has its English sentence in ``SENTENCES``; a page translates that and fills in
    ``parameters`` (``str.format``).
    """

    cell: Cell
    code: str
    given: str = ""
    parameters: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def said(self) -> str:
        """What is wrong and what to do, in English."""
        return SENTENCES[self.code].format_map(self.parameters)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a list: ``held`` are its values in the order of ``columns``, keys to column numbers.

    ``number`` is its row in the file. ``origins`` are the rows of values that a merged cell above
    gave. A column that the file lacks is no key of ``columns``. ``is_sound`` says that no fault was
    found in it; a value with a fault is None. Rows that a filter hid are read like all others.
    """

    sheet: str
    number: int
    held: tuple[Value, ...]
    columns: Mapping[str, int]
    origins: Mapping[str, int]
    is_sound: bool = True
    is_hidden: bool = False

    @property
    def values(self) -> dict[str, Value]:
        """The row's values by key."""
        return dict(zip(self.columns, self.held, strict=True))

    @property
    def cells(self) -> dict[str, Cell]:
        """Where each value stands, by key."""
        return {key: self.cell(key) for key in self.columns}

    def cell(self, key: str) -> Cell:
        """Where a value stands."""
        return Cell(self.sheet, self.origins.get(key, self.number), self.columns[key])


@dataclass(frozen=True)
class Read:
    """What was read of one list, in the file's order; ``untold`` counts faults past the limit."""

    rows: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    untold: int = 0


@dataclass(frozen=True)
class Book:
    """A file as read: each list that it holds, by ``Sheet.name``; worksheets that are none."""

    lists: Mapping[str, Read]
    ignored: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Every fault, list by list."""
        return tuple(fault for read in self.lists.values() for fault in read.faults)


@dataclass(frozen=True)
class Limits:
    """How much of a file is read, so that none can take a server's memory or time.

    ``most_bytes`` of the file, ``most_unpacked`` bytes of all that is packed in it, rows of a list,
    columns with something in them, texts of a workbook, faults that are told of one list.
    """

    most_bytes: int = 100_000_000
    most_unpacked: int = 400_000_000
    most_rows: int = 200_000
    most_columns: int = 256
    most_texts: int = 3_000_000
    most_merges: int = 100_000
    most_faults: int = 10_000
