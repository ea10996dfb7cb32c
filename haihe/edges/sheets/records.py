"""A worksheet as entries of one list: each cell read by its field, each fault with its cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from haihe.edges.sheets.errors import TooManyRows
from haihe.edges.sheets.headers import Header
from haihe.edges.sheets.kinds import Problem, Raw, label, reader
from haihe.edges.sheets.marks import Sieve
from haihe.edges.sheets.tables import Covered, Merge, RawRow, Table, covering
from haihe.edges.sheets.values import Cell, Fault, Field, Limits, Read, Row, Sheet, Value

_MOST_REMEMBERED = 20_000
_MOST_SHOWN = 80


class Gathering:
    """Rows and faults of one list, from as many worksheets as hold it."""

    def __init__(self, sheet: Sheet, *, limits: Limits) -> None:
        self._sheet, self._limits = sheet, limits
        self._readers = {each.key: _Column(each) for each in sheet.fields}
        self._rows: list[Row] = []
        self._faults: list[Fault] = []
        self._untold = 0
        self._first: dict[tuple[Value, ...], Cell] = {}

    def read(self) -> Read:
        """What was gathered."""
        return Read(tuple(self._rows), tuple(self._faults), self._untold)

    def tell(self, cell: Cell, code: str, raw: Raw | None = None, **parameters: str | int) -> None:
        """Keep a fault; past the limit it is only counted."""
        if len(self._faults) >= self._limits.most_faults:
            self._untold += 1
            return
        given = label(raw)
        if len(given) > _MOST_SHOWN:
            given = f"{given[:_MOST_SHOWN]}…"
        self._faults.append(Fault(cell, code, given, parameters))

    def take(self, table: Table, header: Header) -> None:
        """Read a worksheet's rows below its header."""
        self._tell_of_header(table, header)
        worksheet = _Worksheet(self, table, header, self._sheet, self._readers)
        sieve = Sieve(header, required=worksheet.required)
        untitled: dict[int, None] = {}
        known = {*header.titles, *header.passed}
        for row, covers in covering(table.rows(), table.merges):
            if row.number <= header.bottom:
                continue
            if not sieve.is_entry(row, covers):
                continue
            untitled |= dict.fromkeys(column for column in row.cells if column not in known)
            self._keep(worksheet.row(row, covers))
        for column in untitled:
            self.tell(Cell(table.name, header.bottom, column), "sheets.column.untitled")

    def _keep(self, row: Row) -> None:
        if len(self._rows) >= self._limits.most_rows:
            raise TooManyRows(f"A list has more than {self._limits.most_rows} rows.")
        values = row.values
        key = tuple(values.get(each) for each in self._sheet.key)
        if key and None not in key and () not in key:
            cell = row.cell(self._sheet.key[0])
            first = self._first.setdefault(key, cell)
            if first is not cell:
                titles = "、".join(self._readers[each].title for each in self._sheet.key)
                given: Raw = ("text", "、".join(str(each) for each in key), "")
                self.tell(cell, "sheets.row.twice", given, first=first.address, titles=titles)
                row = Row(
                    row.sheet, row.number, row.held, row.columns, row.origins, False, row.is_hidden
                )
        self._rows.append(row)

    def _tell_of_header(self, table: Table, header: Header) -> None:
        for column in header.unknown:
            title: Raw = ("text", header.titles[column], "")
            self.tell(Cell(table.name, header.bottom, column), "sheets.column.unknown", title)
        for column in header.twice:
            title = ("text", header.titles[column], "")
            cell = Cell(table.name, header.bottom, column)
            self.tell(cell, "sheets.column.twice", title, title=title[1])
        for field in self._sheet.fields:
            if field.is_required and header.column(field.key) is None:
                cell = Cell(table.name, header.bottom, min(header.titles))
                self.tell(cell, "sheets.column.missing", title=field.titles[0])


class _Column:
    """Reads a field's cells; equal cells only once, so that equal values are one object."""

    def __init__(self, field: Field) -> None:
        self.title, self.is_required = field.titles[0], field.is_required
        self.nothing: Value = () if field.kind == "many" else None
        self._read: Callable[[Raw], Value | Problem] = reader(field)
        self._known: dict[Raw, Value | Problem] = {}

    def value(self, raw: Raw) -> Value | Problem:
        """What a cell says."""
        if raw in self._known:
            return self._known[raw]
        if len(self._known) >= _MOST_REMEMBERED:
            self._known.clear()
        found = self._known[raw] = self._read(raw)
        return found


class _Worksheet:
    """One worksheet's columns, and the reading of its rows."""

    def __init__(
        self,
        gathering: Gathering,
        table: Table,
        header: Header,
        sheet: Sheet,
        readers: Mapping[str, _Column],
    ) -> None:
        self._tell, self._table, self._header = gathering.tell, table, header
        self.columns = {
            field.key: column
            for field in sheet.fields
            if (column := header.column(field.key)) is not None
        }
        self._readers = [(key, column, readers[key]) for key, column in self.columns.items()]
        self.required = frozenset(c for _, c, each in self._readers if each.is_required)
        self._wide = {
            merge
            for merge in table.merges
            if merge.top > header.bottom
            and any(c in header.fields for c in range(merge.left + 1, min(merge.right, 256) + 1))
        }

    def row(self, raw: RawRow, covers: Sequence[Covered]) -> Row:
        """A record, its faults told."""
        lost = self._lost(raw, covers)
        above = {
            cover.merge.left: cover
            for cover in covers
            if cover.merge.top < raw.number and cover.raw is not None
        }
        held: list[Value] = []
        origins: dict[str, int] = {}
        is_sound = True
        for key, column, reads in self._readers:
            cover = above.get(column)
            if cover is not None:
                origins[key] = cover.merge.top
            content = raw.cells.get(column) if cover is None else cover.raw
            found = Problem("") if column in lost else self._value(reads, content)
            if isinstance(found, Problem):
                is_sound, value = False, reads.nothing
                # A cell merged over several rows is wrong once, in the row that shows it.
                if found.code and cover is None:
                    cell = Cell(self._table.name, raw.number, column)
                    self._tell(
                        cell, found.code, content, title=self._title(column), **found.parameters
                    )
            else:
                value = found
            held.append(value)
        return Row(
            self._table.name,
            raw.number,
            tuple(held),
            self.columns,
            origins,
            is_sound,
            raw.is_hidden,
        )

    def _title(self, column: int) -> str:
        return self._header.titles[column]

    def _value(self, reads: _Column, content: Raw | None) -> Value | Problem:
        found = reads.nothing if content is None else reads.value(content)
        is_empty = found is None or found == ()
        return Problem("sheets.cell.missing") if is_empty and reads.is_required else found

    def _lost(self, raw: RawRow, covers: Sequence[Covered]) -> set[int]:
        """Columns whose value nobody can tell, as one cell is merged over several of them."""
        lost: set[int] = set()
        for merge, content in covers:
            if merge in self._wide and content is not None:
                if merge.top == raw.number:
                    self._tell(
                        Cell(self._table.name, merge.top, merge.left), "sheets.cell.merged", content
                    )
                lost |= set(_columns(merge))
        return lost


def _columns(merge: Merge) -> Iterator[int]:
    return iter(range(merge.left, min(merge.right, 256) + 1))
