"""The made-up city: the same each time, right numbers, faults in the number that is told."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from haihe.base.identifiers import is_valid
from haihe.project.pack.check import check_pack
from haihe.project.pack.documents import ResourceDoc
from haihe.project.pack.read import Pack
from haihe.project.seed import faults
from haihe.project.seed.making import TABLES, BadScale, MadeUpCity, NoSuchTable


def rows(
    city: MadeUpCity, resource: ResourceDoc, folder: Path, *, late: bool = False
) -> list[dict[str, str]]:
    """A resource's rows as its database gets them; a null is an empty text."""
    path = folder / "rows.csv"
    city.write_csv(resource, path, null="", late=late, heads=True)
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("name", ["riverton", "tianjin"])
def test_a_scale_always_gives_the_same_city(name: str, tmp_path: Path) -> None:
    pack = check_pack(name)
    made = []
    for _ in range(2):
        with MadeUpCity(pack, people=300) as city:
            made.append({r.code: rows(city, r, tmp_path) for _, r in pack.resources})
    assert made[0] == made[1]


@pytest.mark.parametrize("name", ["riverton", "tianjin"])
def test_every_table_is_made_and_every_column_is_there(name: str, tmp_path: Path) -> None:
    pack = check_pack(name)
    assert {each.seed for _, each in pack.resources} == set(TABLES)
    with MadeUpCity(pack, people=1000) as city:
        for _, resource in pack.resources:
            first = rows(city, resource, tmp_path)[0]
            assert list(first) == [column.name for column in resource.columns]


@pytest.mark.parametrize("name", ["riverton", "tianjin"])
def test_numbers_are_right_and_unique_but_for_the_planted_ones(name: str, tmp_path: Path) -> None:
    pack = check_pack(name)
    with MadeUpCity(pack, people=1500) as city:
        for _, resource in pack.resources:
            subject = next(c for c in resource.columns if "subject" in c.marks)
            found = rows(city, resource, tmp_path)
            wrong = [
                row for row in found if not is_valid(row[subject.name], scheme_name=subject.scheme)
            ]
            assert len(wrong) == city.plan(resource).count("wrong_check_digit")
        everyone = rows(city, pack.resource[_code(pack, "person")], tmp_path)
    assert len({row["person_number"] for row in everyone}) == len(everyone)


def _code(pack: Pack, seed: str) -> str:
    return next(each.code for _, each in pack.resources if each.seed == seed)


def test_a_citizen_s_number_holds_district_and_birth_and_sex(tmp_path: Path) -> None:
    """GB 11643: six digits of the district, eight of the birth, an odd 17th for a man."""
    pack = check_pack("tianjin")
    districts = {each.code for each in pack.divisions if each.level == 1}
    with MadeUpCity(pack, people=1000) as city:
        for row in rows(city, pack.resource["public_security.person"], tmp_path):
            number = row["person_number"]
            assert number[:6] in districts
            assert row["division"].startswith(number[:6])
            assert date.fromisoformat(row["birth_date"]).strftime("%Y%m%d") == number[6:14]
            assert (int(number[16]) % 2 == 1) is (row["sex"] == "男")


def test_the_planted_faults_are_as_many_as_told(
    riverton: Pack, town: MadeUpCity, tmp_path: Path
) -> None:
    for _, resource in riverton.resources:
        plan, found = town.plan(resource), rows(town, resource, tmp_path)
        columns = plan.columns
        if plan.count("missing_required"):
            empty = [row for row in found if not row[columns["missing_required"]]]
            assert len(empty) == plan.count("missing_required")
        if plan.count("impossible_date"):
            dates = [row[columns["impossible_date"]] for row in found]
            assert sum(each.endswith("-02-30") for each in dates) == plan.count("impossible_date")
        if plan.count("broken_text"):
            texts = [row[columns["broken_text"]] for row in found]
            assert texts.count(faults.MOJIBAKE) == plan.count("broken_text")
        keys = Counter(
            tuple(row[c.name] for c in resource.columns if "key" in c.marks) for row in found
        )
        assert sum(number - 1 for number in keys.values()) == plan.count("duplicate")


def test_each_kind_of_fault_is_planted_somewhere(riverton: Pack, town: MadeUpCity) -> None:
    planted = Counter[str]()
    for _, resource in riverton.resources:
        plan = town.plan(resource)
        planted.update({kind: plan.count(kind) for kind in faults.KINDS})
    assert all(planted[kind] > 0 for kind in faults.KINDS)


def test_late_rows_are_kept_back_and_lie_before_the_newest(
    riverton: Pack, town: MadeUpCity, tmp_path: Path
) -> None:
    resource = riverton.resource["housing.housing_fund"]
    first, late = rows(town, resource, tmp_path), rows(town, resource, tmp_path, late=True)
    assert len(late) == town.plan(resource).count("late") > 0
    assert max(row["updated_at"] for row in late) < max(row["updated_at"] for row in first)
    assert not {r["account_number"] for r in late} & {r["account_number"] for r in first}


def test_demo_citizens_stand_in_every_table_they_are_to(
    riverton: Pack, town: MadeUpCity, tmp_path: Path
) -> None:
    found = town.people_in(["low_income", "housing_fund"])
    assert found is not None
    number, name = found
    for code in ("welfare.low_income", "housing.housing_fund", "registry.person"):
        held = [
            row for row in rows(town, riverton.resource[code], tmp_path)
            if row["person_number"] == number
        ]  # fmt: skip
        assert [row["name"] for row in held] == [name]
    assert town.people_in(["low_income", "housing_fund"], skip=1) != found
    assert town.people_in(["low_income"], skip=10_000) is None


@pytest.mark.parametrize("people", [0, 99, -1, 10**9])
def test_a_scale_that_can_not_be_made_is_refused(riverton: Pack, people: int) -> None:
    with pytest.raises(BadScale):
        MadeUpCity(riverton, people=people)


def test_a_table_that_nobody_makes_is_refused(town: MadeUpCity) -> None:
    with pytest.raises(NoSuchTable):
        town.rows("person; drop table person")


def test_the_smallest_city_has_no_fault_it_can_not_hold(riverton: Pack, tmp_path: Path) -> None:
    with MadeUpCity(riverton, people=100) as city:
        for _, resource in riverton.resources:
            assert city.plan(resource).size <= max(0, city.rows(resource.seed) // 2)
            rows(city, resource, tmp_path)
