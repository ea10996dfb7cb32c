"""Pages of figures: their numbers are the cases behind them; a district sees its own; no worker."""

from __future__ import annotations

import csv
import re
from collections import Counter
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from haihe.base.registry import registry
from haihe.kernel.cases.models import Case
from haihe.kernel.org.models import Account, Officer
from tests.cases.builders import at
from tests.cases.month import END
from tests.desk.builders import at_desk
from tests.figures.conftest import Readers

pytestmark = pytest.mark.django_db
AUGUST = {"first": "2026-08-01", "last": "2026-08-31"}
PAGES = ("", "trend/", "spots/", "again/")
CELL = re.compile(r'href="(/figures/cases/\?[^"]*)"[^>]*>([\d,]+)</a>')
CASE = re.compile(r'<th scope="row" class="text-break">')


def client(account: Account) -> Client:
    return at_desk(account)


def page(by: Client, path: str, **given: Any) -> str:
    with at(END):
        return str(by.get(f"/figures/{path}", {**AUGUST, **given}).content.decode())


def listed(by: Client, address: str) -> int:
    """How many cases stand in a list, page after page."""
    found = 0
    while address:
        with at(END):
            text = by.get(address).content.decode()
        found += len(CASE.findall(text))
        following = re.search(r'href="([^"]*)" rel="next"', text)
        path = address.partition("?")[0]
        address = path + unescape(following[1]) if following else ""
    return found


@pytest.mark.parametrize("of", ["1", "2", "department"])
def test_behind_every_number_of_the_page_stand_as_many_cases(there: Readers, of: str) -> None:
    cara = client(there.city)
    numbers = CELL.findall(page(cara, "", of=of))
    assert len(numbers) > 15
    for address, shown in numbers:
        assert listed(cara, unescape(address)) == int(shown), address


def test_the_page_counts_what_the_rows_say(there: Readers) -> None:
    text = page(client(there.city), "")
    states = Counter(Case.objects.values_list("state", flat=True))
    solved = states["closed"] + states["answered"]
    late = sum(
        1 for case in Case.objects.filter(ended_at=None) if case.due and case.state != "answered"
        and case.due.isoformat() < "2026-08-31T01:00"
    )  # fmt: skip
    ratings = [each for each in Case.objects.values_list("rating", flat=True) if each]
    good = sum(each >= 4 for each in ratings)
    assert f"<small>{solved}/{solved + late}</small>" in text
    assert f"{100 * solved / (solved + late):.1f}%" in text
    assert f"<small>{good}/{len(ratings)}</small>" in text


def test_the_exported_table_holds_the_same_numbers(there: Readers) -> None:
    cara = client(there.city)
    with at(END):
        answer = cara.get("/figures/tables/units.csv", {**AUGUST, "of": "department"})
        trend = cara.get("/figures/tables/trend.csv", {**AUGUST, "step": "week"})
        spots = cara.get("/figures/tables/spots.csv", AUGUST)
        again = cara.get("/figures/tables/again.csv", AUGUST)
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["Code"] for row in rows} == {"parks", "roads", "water"}
    for row in rows:
        given = Case.objects.filter(tasks__department=row["Code"]).distinct().count()
        assert int(row["Reports"]) == given
    weeks = list(csv.reader(StringIO(trend.content.decode("utf-8-sig"))))
    assert sum(int(row[1]) for row in weeks[1:]) == Case.objects.count()
    assert [row[0] for row in weeks[1:3]] == ["2026-07-27", "2026-08-03"]
    assert len(spots.content.decode().splitlines()) > 2
    assert len(again.content.decode().splitlines()) > 2
    assert cara.get("/figures/tables/officers.csv").status_code == 404


def test_a_unit_with_few_cases_has_no_rate_and_no_place(there: Readers) -> None:
    with at(END):
        found = client(there.city).get(
            "/figures/tables/units.csv", {"first": "2026-08-03", "last": "2026-08-04", "of": "2"}
        )
    rows = list(csv.DictReader(StringIO(found.content.decode("utf-8-sig"))))
    assert rows
    for row in rows:
        few = int(row["Solved"]) + int(row["Overdue"]) < 5
        assert (row["Resolution rate"] == "") is few
        assert (row["Rank"] == "") is few
        assert (row["Satisfaction rate"] == "") is (int(row["Ratings"]) < 5)


def test_no_page_of_figures_is_by_worker_or_names_one(there: Readers) -> None:
    cara = client(there.city)
    names = set(Officer.objects.values_list("name", flat=True)) - {"Cara"}
    for path in PAGES:
        for by in ("officer", "officer_id", "post", "opened_by"):
            text = page(cara, path, of=by, heading=by, sort=by)
            assert not any(f">{name}<" in text or f" {name}<" in text for name in names)
            assert f'value="{by}"' not in text
    with at(END):
        refused = cara.get("/figures/cases/", {**AUGUST, "measure": "officer", "part": "1"})
    assert refused.status_code == 400
    assert "never of named workers" in refused.content.decode()


def test_a_district_reads_its_own_figures_only(there: Readers) -> None:
    dora = client(there.district)
    text = page(dora, "", of="2")
    own = Case.objects.filter(place__code__startswith="D01").count()
    assert f">{own}</a>" in text
    assert "Ward 3" not in text
    assert "The whole city" not in text
    for path in (*PAGES, "cases/", "tables/units.csv"):
        with at(END):
            answer = dora.get(f"/figures/{path}", {**AUGUST, "division": "D02"})
        assert answer.status_code == 403, path
    with at(END):
        assert dora.get("/figures/", {"division": "D01W01"}).status_code == 200


def test_figures_are_for_those_who_may_read_them(there: Readers) -> None:
    assert "figures.read" in registry.permissions
    for path in (*PAGES, "cases/", "weekly/", "tables/units.csv"):
        assert client(there.nobody).get(f"/figures/{path}").status_code == 403
        assert Client().get(f"/figures/{path}").status_code == 302


@pytest.mark.parametrize(
    "given",
    [
        {"first": "2026-08-31", "last": "2026-08-01"},
        {"first": "2020-01-01", "last": "2026-08-01"},
        {"first": "0001-01-01"},
    ],
)
def test_a_time_that_is_none_is_refused_with_a_sentence(
    there: Readers, given: dict[str, str]
) -> None:
    answer = client(there.city).get("/figures/", given)
    assert answer.status_code == 400
    assert "a year at most" in answer.content.decode()


def test_what_is_written_badly_is_left_out(there: Readers) -> None:
    cara = client(there.city)
    with at(END):
        for given in ({"first": "x"}, {"of": "9"}, {"sort": "'"}, {"step": "hour"}):
            assert cara.get("/figures/", given).status_code == 200
        spot = {**AUGUST, "y": "1e9", "x": "99999999999999999999"}
        assert cara.get("/figures/cases/", spot).status_code == 200


def test_hot_spots_lead_to_their_cases(there: Readers) -> None:
    cara = client(there.city)
    text = page(cara, "spots/")
    found = re.findall(
        r'<a href="(/figures/cases/\?[^"]*)">\d+\. [^<]*</a><strong>(\d+)</strong>', text
    )
    assert len(found) >= 3
    for address, count in found:
        assert listed(cara, unescape(address)) == int(count)
    assert "Schematic" in text


def test_a_map_with_an_approval_number_says_it_and_is_not_schematic(
    there: Readers, settings: Any
) -> None:
    settings.CITY = {**settings.CITY, "map": {"approval_number": "RV(2026)001"}}
    text = page(client(there.city), "spots/")
    assert "Schematic" not in text
    assert "RV(2026)001" in text
