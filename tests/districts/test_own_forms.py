"""A platform with a form of its own: mapped HTTP against a running stand-in, and a table link."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import yaml

from haihe.base.actor import Actor
from haihe.base.errors import NotPermitted
from haihe.engine import geometry
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries
from haihe.kernel.cases.models import Case
from haihe.kernel.catalogue import actions as catalogue
from haihe.kernel.catalogue.declare import ColumnDraft
from haihe.kernel.exchange import actions as links
from haihe.kernel.exchange.models import Link
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org.queries import actor_of
from haihe.project.pack import pack_folder
from haihe.project.pack.check import check_pack
from haihe.project.pack.read import platforms_of
from haihe.systems.districts import actions
from haihe.systems.districts.declare import Form
from haihe.systems.districts.drivers.mapped import request_of
from haihe.systems.districts.models import Exchange, Mirror, Outgoing
from haihe.systems.districts.queries import platforms
from tests.desk.builders import Desks, at_desk, reported
from tests.exchange.builders import PROVIDER, RECEIVER, STEWARD, gathering, publish
from tests.pages.cities import officer
from tests.servers import Database

BY = Actor("administrator", "tester", permissions=frozenset({"districts.exchange"}))
LON, LAT = 150.055813, 30.152941
pytestmark = pytest.mark.django_db


@dataclass
class Platform:
    """The running stand-in."""

    port: int

    def ask(self, path: str, given: Any = None) -> Any:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        method, body = ("GET", None) if given is None else ("POST", json.dumps(given))
        try:
            connection.request(method, path, body)
            return json.load(connection.getresponse())
        finally:
            connection.close()

    @property
    def held(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("/cases")["data"]["rows"]
        return found


@pytest.fixture
def there(here: Desks, declared: list[dict[str, object]], tmp_path: Path) -> Iterator[Platform]:
    """The platform that riverton's pack declares, for the division of the tests."""
    process = subprocess.Popen(
        [sys.executable, "-m", "standins.district", "--port", "0", "--state", str(tmp_path),
         "--pace", "0"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    port = int(process.stdout.readline().rsplit(":", 1)[1])
    [harbour] = platforms_of(pack_folder("riverton"))
    declared.append({**harbour, "division": "D01", "address": f"http://127.0.0.1:{port}"})
    try:
        yield Platform(port)
    finally:
        process.terminate()
        process.communicate(timeout=10)


def turn() -> actions.Round:
    """One round with the platform, whose waits are over."""
    for kind in (Mirror, Outgoing, Exchange):
        kind.objects.update(next_at="2026-01-01T00:00:00Z")
    return actions.exchange(by=BY, platform=platforms.platform("harbour"))


def test_a_case_goes_there_in_the_platform_s_own_words_and_comes_back_solved(
    here: Desks, there: Platform
) -> None:
    case = reported(here)
    assert turn().sent == 1
    [held] = there.held
    assert held["cls"] == "1000"
    assert held["content"] == "It is dark at the gate"
    assert held["source_no"] == str(case.pk)
    assert held["at"] == {"x": case.lon, "y": case.lat}
    there.ask("/stand", {"no": held["no"], "st": "20"})
    assert turn().moved == 1
    assert queries.case(case.pk).state == "handling"
    there.ask("/stand", {"no": held["no"], "st": "30", "result": "New lamp"})
    turn()
    case = queries.case(case.pk)
    assert case.state == "answered"
    assert [each.remark.get("note") for each in queries.history(case)][-1] == "New lamp"
    assert turn() == actions.Round()
    page = at_desk(here.supervisor).get(f"/desk/cases/{case.pk}/").content.decode()
    assert f"Harbour District grid platform · {held['no']}" in page


def test_an_answer_that_was_lost_files_nothing_twice(here: Desks, there: Platform) -> None:
    reported(here)
    there.ask("/faults", [503])
    assert turn().reason == "districts.down"
    assert turn().sent == 1
    assert len(there.held) == 1
    assert Entry.objects.filter(kind="districts.case.sent").count() == 1


def test_a_case_of_the_platform_s_own_is_followed_where_it_lies(
    here: Desks, there: Platform
) -> None:
    inside, elsewhere = {"x": LON, "y": LAT}, {"x": 150.25, "y": 30.15}
    there.ask("/cases", {"cls": "2000", "at": inside, "content": "Rubbish at the corner"})
    there.ask("/cases", {"cls": "2000", "at": elsewhere, "content": "Far away"})
    found = turn()
    assert (found.opened, found.refused) == (1, 1)
    [case] = Case.objects.all()
    assert (case.category, case.title, case.source) == ("look", "Rubbish at the corner", "harbour")
    assert abs(case.lon - LON) < 1e-5
    assert abs(case.lat - LAT) < 1e-5
    assert turn() == actions.Round()
    [kept] = Mirror.objects.filter(case=None)
    assert "division" in kept.reason
    page = at_desk(officer("data_office", "Pia")).get("/districts/").content.decode()
    assert kept.foreign_id in page
    assert "Harbour District grid platform" in page


def test_points_are_moved_from_the_platform_s_datum_and_back() -> None:
    x, y = geometry.convert(117.2, 39.13, source="WGS-84", target="GCJ-02")
    form = Form({"lon": "x", "lat": "y"}, datum="GCJ-02")
    read = request_of({"x": str(x), "y": float(y)}.get, form)
    assert abs(float(x) - 117.2) > 1e-3
    assert abs(read.lon - 117.2) < 1e-6
    assert abs(read.lat - 39.13) < 1e-6


def test_what_was_refused_is_tried_again_by_a_button(here: Desks, there: Platform) -> None:
    case = reported(here)
    there.ask("/faults", [422])
    assert turn().refused == 1
    assert turn().sent == 0
    client = at_desk(officer("data_office", "Pia"))
    assert case.title in client.get("/districts/").content.decode()
    answer = client.post("/districts/harbour/retry", follow=True).content.decode()
    assert "within a minute" in answer
    assert turn().sent == 1
    stranger = at_desk(here.stranger)
    assert stranger.get("/districts/").status_code == 403
    assert stranger.post("/districts/harbour/retry").status_code == 403


def test_a_case_that_ended_while_the_platform_was_away_is_not_sent(
    here: Desks, there: Platform
) -> None:
    case, other = reported(here), reported(here, title="Bench broken")
    cases.take_step(by=actor_of(here.supervisor), case=case, action="reject", note="Private land")
    assert turn().sent == 1
    assert [each["source_no"] for each in there.held] == [str(other.pk)]
    assert queries.case(case.pk).state == "rejected"
    assert not Mirror.objects.filter(case=case).exists()


def test_our_own_steps_are_told_once(here: Desks, there: Platform) -> None:
    case = reported(here)
    turn()
    sue = actor_of(here.supervisor)
    cases.take_step(by=sue, case=case, action="reject", note="Private land")
    assert turn().told == 1
    [said] = there.held[0]["said"]
    assert said["content"] == "Private land"
    assert turn().told == 0


TABLE = (
    "create table district_cases (no text primary key, source_no text, cls text, x text, y text,"
    " content text, st text, result text, filed text, changed text)"
)
COLUMNS = tuple(
    ColumnDraft(name, "text", is_key=name == "no")
    for name in (
        "no", "source_no", "cls", "x", "y", "content", "st", "result", "filed", "changed"
    )
)  # fmt: skip


@dataclass
class Gathered:
    """The district's table: what is changed there is gathered at once."""

    there: Database
    link: Link

    def run(self, *statements: str) -> None:
        self.there.run(*statements)
        links.run_link(by=PROVIDER, link=self.link)


@pytest.fixture
def gathered(here: Desks, declared: list[dict[str, object]], department: Database) -> Gathered:
    """A district's table of cases, gathered into the lake, which the pack takes cases from."""
    department.run(TABLE)
    published = publish(department.address, source_table="district_cases", columns=COLUMNS)
    link = gathering(published)
    [harbour] = platforms_of(pack_folder("riverton"))
    fields = {**harbour["taken"]["fields"], "lon": "x", "lat": "y"}
    fields.pop("update_id")
    taken = {
        **harbour["taken"], "fields": fields, "datum": "WGS-84", "resource": published.pk,
        "department": "housing", "purpose": "city.cases",
    }  # fmt: skip
    declared.append({**harbour, "kind": "table", "division": "D01", "taken": taken})
    catalogue.add_purpose(
        by=STEWARD, code="city.cases", title={"en": "City cases"}, basis="Grid rules, art. 2"
    )
    return Gathered(department, link)


def granted(*columns: str) -> None:
    demand = catalogue.raise_demand(
        by=RECEIVER, resource="civil/households", columns=columns, purpose="city.cases",
        basis="Grid rules, art. 2", mode="table",
    )  # fmt: skip
    catalogue.grant_demand(by=PROVIDER, demand=demand)


def test_rows_of_a_table_link_become_cases_under_a_grant_alone(gathered: Gathered) -> None:
    gathered.run(
        "insert into district_cases values ('T1', '', '1000', "
        f"'{LON}', '{LAT}', 'Bench broken', '10', '', '2026-11-20T08:00:00+08:00',"
        " '2026-11-20T08:00:00+08:00')"
    )
    assert turn().reason == "exchange.rows.no_grant"
    assert not Case.objects.exists()
    granted(*(each.name for each in COLUMNS))
    assert turn().opened == 1
    [case] = Case.objects.filter(source="harbour")
    assert (case.title, case.state) == ("Bench broken", "verifying")
    looks = Entry.objects.filter(kind="exchange.rows.read").count()
    assert looks == 1
    gathered.run("update district_cases set st = '30', result = 'Mended'")
    turn()
    case = queries.case(case.pk)
    assert case.state == "answered"
    assert "Mended" in [each.remark.get("note") for each in queries.history(case)]


def test_a_column_that_was_not_granted_is_not_read(gathered: Gathered) -> None:
    gathered.run("insert into district_cases (no) values ('T1')")
    granted("no", "st")
    with pytest.raises(NotPermitted, match="content"):
        links.read_rows(
            by=Actor("system", "tester", "housing", frozenset({"exchange.rows.read"})),
            resource="civil/households",
            columns=["no", "content"],
            purpose="city.cases",
        )
    assert turn().reason == "exchange.delivery.column_forbidden"
    assert not Entry.objects.filter(kind="exchange.rows.read").exists()


def test_a_pack_s_platforms_are_checked_one_by_one(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    shutil.copytree(pack_folder("riverton"), folder)
    [harbour] = platforms_of(folder)
    table = {**harbour, "code": "t", "kind": "table", "taken": {"fields": {"id": "no"}}}
    wrong = [
        {**harbour, "division": "D99", "services": {"no_item": "1"}, "unmapped": "none"},
        {**harbour, "statuses": {"10": "SOMEHOW"}, "caller": "nobody/app", "taken": None},
        table,
    ]
    text = yaml.safe_dump({"platforms": wrong}, allow_unicode=True)
    (folder / "platforms.yaml").write_text(text, encoding="utf-8")
    told = " ".join(str(each) for each in check_pack(folder).faults.found)
    for said in (
        "twice", "no division D99", "no item no_item", "no item none", "no status of Open311",
        "of no department", "how its form is read", "names no category, description, lat, lon",
        "no resource", "no department and purpose",
    ):  # fmt: skip
        assert said in told, (said, told)
