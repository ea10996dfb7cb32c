"""Makes the people, enterprises and records by SQL inside DuckDB: a million people in seconds."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa

from haihe.base.errors import BadInput
from haihe.base.text import in_language
from haihe.engine.lake.duck import open_duckdb
from haihe.project.pack import documents as doc
from haihe.project.pack.read import Division, Pack
from haihe.project.seed import faults

SQL = Path(__file__).resolve().parent / "sql"
TABLES = (
    "person", "household", "enterprise", "individual_business", "licence", "property",
    "social_insurance", "low_income", "disability", "housing_fund", "utility_account",
)  # fmt: skip
AS_OF = date(2026, 10, 1)
"""The made-up city's own today: fixed, so that a scale always gives the same rows."""
LARGEST = 30_000_000
MEMORY_MIB = 1024


class BadScale(BadInput):
    """A number of people that can't be made."""

    code = "seed.bad_scale"
    hint = f"Give a whole number from 100 to {LARGEST:,}."


class NoSuchTable(BadInput):
    """A resource of the pack is seeded by a table that nobody makes."""

    code = "seed.unknown_table"
    hint = f"Known: {', '.join(TABLES)}."


class MadeUpCity:
    """The made-up tables of one scale, in a DuckDB that lives as long as this object."""

    def __init__(self, pack: Pack, *, people: int) -> None:
        """Errors: ``seed.bad_scale``."""
        if not 100 <= people <= LARGEST:
            raise BadScale(f"A city of {people} people can't be made.")
        self.people = people
        self._duck = open_duckdb(memory_mib=MEMORY_MIB, extensions=())
        self._set_up(pack)
        for table in TABLES:
            self._duck.execute(f"create table {table} as {_sql(table)}")

    def __enter__(self) -> MadeUpCity:
        return self

    def __exit__(self, *_: object) -> None:
        self._duck.close()

    def rows(self, table: str) -> int:
        """How many rows a made-up table has, before faults."""
        return int(self._one(f"select count(*) from {_known(table)}"))

    def plan(self, resource: doc.ResourceDoc) -> faults.Plan:
        """The faults planted in a resource."""
        return faults.plan(resource, rows=self.rows(_known(resource.seed)))

    def write_csv(
        self,
        resource: doc.ResourceDoc,
        path: Path,
        *,
        null: str,
        late: bool = False,
        heads: bool = False,
    ) -> int:
        """Write a resource's rows, faults and all, as UTF-8 CSV; answers how many.

        ``late`` chooses the rows that come after the first gathering instead of all others.
        """
        made = self.select(resource, late=late)
        head = "true" if heads else "false"
        options = f"format csv, header {head}, nullstr '{null}'"
        written = self._duck.execute(f"copy ({made}) to '{path}' ({options})").fetchone()
        return int(written[0]) if written else 0

    def select(self, resource: doc.ResourceDoc, *, late: bool = False) -> str:
        """The SELECT that gives a resource's rows with its faults, in the order of their numbers.

        ``rank`` is 0 but for the rows that chance chose to have a fault.
        """
        table, plan = _known(resource.seed), self.plan(resource)
        columns = ", ".join(faults.expression(plan, each) for each in resource.columns)
        names = ", ".join(each.name for each in resource.columns)
        chance = "order by hash(n, 'fault'), n"
        chosen = plan.holds("late") if late else f"not ({plan.holds('late')})"
        return f"""
            with faulty as (
                select n, row_number() over ({chance}) as rank
                from (select n from {table} {chance} limit {plan.size})
            ),
            source as (
                select made.*, coalesce(rank, 0) as rank
                from {table} as made left join faulty using (n)
            ),
            written as (select n, rank, {columns} from source where {chosen})
            select {names} from (
                select * from written
                union all
                select * from written where {plan.holds("duplicate")}
            ) order by n
        """

    def people_in(self, tables: Sequence[str], *, skip: int = 0) -> tuple[str, str] | None:
        """Number and name of an adult who stands in all these tables, none of the rows faulty.

        ``skip`` passes over the first few who do. None if there is nobody.
        """
        joined = " ".join(
            f"join {self._sound(table)} as t{i} on t{i}.{_number(table)} = person.person_number"
            for i, table in enumerate(tables)
            if table != "person"
        )
        found = self._duck.execute(
            f"select distinct person.person_number, person.name, person.n "
            f"from {self._sound('person')} as person {joined} "
            "where person.born < date '2004-01-01' order by person.n limit 1 offset ?",
            [skip],
        ).fetchone()
        return (str(found[0]), str(found[1])) if found else None

    def _sound(self, table: str) -> str:
        """The table without the rows that chance may give a fault."""
        most = len(faults.KINDS) * max(1, self.rows(table) // faults.RATE)
        chosen = f"select n from {table} order by hash(n, 'fault'), n limit {most}"
        return f"(select * from {table} where n not in ({chosen}))"

    def numbers(self, table: str, *, most: int) -> tuple[list[str], list[str]]:
        """Subjects' numbers: some that stand in the table, and as many at large, by chance."""
        everyone = "enterprise" if table in {"enterprise", "licence"} else "person"
        found = []
        for name in (table, everyone):
            rows = self._duck.execute(
                f"select {_number(name)} from {_known(name)} order by hash(n, 'called'), n limit ?",
                [most],
            ).fetchall()
            found.append([str(row[0]) for row in rows])
        return found[0], found[1]

    def _one(self, query: str) -> int:
        found = self._duck.execute(query).fetchone()
        return found[0] if found else 0

    def _set_up(self, pack: Pack) -> None:
        language = pack.languages[0]
        for name, value in (("people", self.people), ("language", language), ("as_of", AS_OF)):
            self._duck.execute(f"set variable {name} = ?", [value])
        self._duck.execute(_sql("macros"))
        self._duck.execute(_sql("schemes"))
        person = str(pack.city["person_scheme"]).replace(".", "_")
        enterprise = str(pack.city["enterprise_scheme"]).replace(".", "_")
        self._duck.execute(
            f"create macro person_number(n, district, born, running) as "
            f"{person}(n, district, born, running)"
        )
        self._duck.execute(
            f"create macro enterprise_number(n, district, kind) as {enterprise}(n, district, kind)"
        )
        self._duck.register("division_given", _leaves(pack.divisions, language=language))
        self._duck.execute("create table division as select * from division_given")


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def _known(table: str) -> str:
    if table not in TABLES:
        raise NoSuchTable(f"Nobody makes the table {table!r}.")
    return table


def _number(table: str) -> str:
    return {
        "individual_business": "operator_number",
        "property": "owner_number",
        "household": "head_number",
        "enterprise": "credit_code",
        "licence": "credit_code",
    }.get(table, "person_number")


def _leaves(divisions: Sequence[Division], *, language: str) -> pa.Table:
    """The smallest divisions: position, code, district (of level 1), start of an address."""
    by_code = {each.code: each for each in divisions}
    deepest = max(each.level for each in divisions)
    leaves = [each for each in divisions if each.level == deepest]
    return pa.table(
        {
            "position": list(range(len(leaves))),
            "code": [each.code for each in leaves],
            "district": [_district(each, by_code).code for each in leaves],
            "address": [in_language(each.name, language) for each in leaves],
        }
    )


def _district(each: Division, by_code: dict[str, Division]) -> Division:
    while each.level > 1:
        each = by_code[each.parent]
    return each


def recoded(path: Path, target: io.BufferedIOBase, *, encoding: str) -> None:
    """Write a UTF-8 file to an open one in another encoding, but the lines of mixed encoding."""
    with path.open(encoding="utf-8", newline="") as lines:
        for line in lines:
            target.write(line.encode("utf-8" if faults.MIXED in line else encoding))
