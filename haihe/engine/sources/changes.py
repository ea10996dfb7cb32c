"""What changed in a table of the lake between two of its snapshots: the rows, and the keys gone.

The lake tells which keys were touched, deleted ones too; what counts is how their rows stood then
and stand now, under the same rule. So a table that was read anew whole gives the rows that differ.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from haihe.engine.lake.attached import LakeAddress, open_lake
from haihe.engine.lake.duck import quoted, text_literal
from haihe.engine.sources.kinds import canonical_sql, kind_of, part_sql, row_hash_sql
from haihe.engine.sources.lake import Lake, lake_name
from haihe.engine.sources.shape import Reading

Kinds = tuple[tuple[str, str], ...]
"""Columns as name and kind."""


class LakeChanges(Lake):
    """A table as of the snapshot ``until``; with ``since``, only what differs from then.

    Attached to a staging it makes two tables there. ``former`` holds the rows of touched keys as
    they stood (``f0, f1, …``, content hash ``h``), one a key; ``gone`` the keys that no row has
    any more, under their names, with whom they concern (``s``).
    """

    def __init__(
        self,
        address: LakeAddress,
        *,
        table: str,
        columns: Kinds,
        keys: tuple[str, ...],
        since: int | None,
        until: int,
        subject_sql: str = "",
        rows_sql: str = "true",
    ) -> None:
        super().__init__(address, subject_sql=subject_sql, rows_sql=rows_sql)
        self._table, self._columns, self._keys = table, columns, keys
        self._since, self._until = since, until

    def attach(self, connection: duckdb.DuckDBPyConnection, *, aside: Path) -> None:
        """Attach the lake for reading; see what was touched."""
        super().attach(connection, aside=aside)
        if self._since is None:
            return
        keys = ", ".join(map(quoted, self._keys))
        connection.execute(f"create table touched as select distinct {keys} from {self._feed}")
        chosen = ", ".join(f"{quoted(n)} as f{i}" for i, (n, _) in enumerate(self._columns))
        connection.execute(
            f"create table former as select {chosen}, {self._hash}::bigint as h{self._subject}"
            f" from {self._at(self._since)} semi join touched using ({keys})"
            f" where ({self.rows_sql})"
        )
        self._keep_one_a_key(connection)
        connection.execute(
            f"create table gone as select {self._former_keys}{', s' if self.subject_sql else ''}"
            f" from former anti join (select {keys} from {self._at(self._until)}"
            f" semi join touched using ({keys}) where ({self.rows_sql})) as now"
            f" on {self._same_keys('now')}"
        )

    def reading_sql(self, reading: Reading) -> str:
        """See ``Source.reading_sql``: all rows of the snapshot, or those that came or changed."""
        chosen = ", ".join(f"{quoted(n)} as c{i}" for i, (n, _) in enumerate(self._columns))
        rows = f"select {chosen}, {self._hash} as h{self._subject} from {self._at(self._until)}"
        if self._since is None:
            return f"{rows} where ({self.rows_sql})"
        keys = ", ".join(map(quoted, self._keys))
        same = " and ".join(
            f"former.f{i} is not distinct from now.c{i}" for i in range(len(self._columns))
        )
        return (
            f"select now.* from ({rows} semi join touched using ({keys}) where ({self.rows_sql}))"
            f" as now anti join former on {self._at_keys('former.f{0} = now.c{0}')} and {same}"
        )

    @property
    def _feed(self) -> str:
        """The rows that came or went between the snapshots. DuckLake refuses a feed of none."""
        if self._since == self._until:
            return f"{self._at(self._until)} where false"
        schema, _, name = self._table.rpartition(".")
        table = f"{text_literal(schema or 'main')}, {text_literal(name)}"
        return f"ducklake_table_changes('lake', {table}, {(self._since or 0) + 1}, {self._until})"

    @property
    def _hash(self) -> str:
        return row_hash_sql(
            [
                part_sql(canonical_sql(quoted(name), kind=kind), kind=kind)
                for name, kind in ((name, kind_of(text)) for name, text in self._columns)
            ]
        )

    @property
    def _subject(self) -> str:
        return f", {self.subject_sql} as s" if self.subject_sql else ""

    def _at(self, snapshot: int) -> str:
        return f"{lake_name(self._table)} at (version => {snapshot})"

    @property
    def _places(self) -> list[int]:
        """Where the key columns stand among all."""
        names = [name for name, _ in self._columns]
        return [names.index(key) for key in self._keys]

    def _at_keys(self, form: str, *, by: str = " and ") -> str:
        return by.join(form.format(place) for place in self._places)

    @property
    def _former_keys(self) -> str:
        names = [quoted(self._columns[place][0]) for place in self._places]
        places = zip(self._places, names, strict=True)
        return ", ".join(f"f{place} as {name}" for place, name in places)

    def _same_keys(self, other: str) -> str:
        names = [quoted(self._columns[place][0]) for place in self._places]
        places = zip(self._places, names, strict=True)
        return " and ".join(f"former.f{place} = {other}.{name}" for place, name in places)

    def _keep_one_a_key(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Of rows with one key the greatest hash was delivered (see ``stage.judge``)."""
        by = self._at_keys("f{0}", by=", ")
        connection.execute(
            "delete from former where rowid in (select o from (select rowid as o, row_number()"
            f" over (partition by {by} order by h desc, rowid) as place from former"
            f" where ({by}) in (select ({by}) from former group by all having count(*) > 1))"
            " where place > 1)"
        )


def newest_snapshot(address: LakeAddress, *, beside: int | None = None) -> tuple[int, bool]:
    """The lake's newest snapshot, and whether it still keeps the one named ``beside``.

    Errors: ``lake.unreachable``.
    """
    with open_lake(address) as connection:
        row = connection.execute(
            "select coalesce(max(snapshot_id), 0), coalesce(bool_or(snapshot_id = ?), false)"
            " from ducklake_snapshots('lake')",
            [beside],
        ).fetchone()
    assert row is not None  # noqa: S101 - an aggregate has one row
    return int(row[0]), bool(row[1])
