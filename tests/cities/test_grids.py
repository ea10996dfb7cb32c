"""Grids are made for a city that has none, the same each time; a pack's own are checked."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings

from haihe.base.calendars import Calendar
from haihe.base.clock import now
from haihe.base.settings import settings as base_settings
from haihe.engine import coverage
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org.duty import on_duty
from haihe.kernel.places import queries
from haihe.kernel.places.models import Grid, GridPlan
from haihe.project.demo.grids import make_grids
from haihe.project.demo.people import make_officers
from haihe.project.demo.workers import make_workers
from haihe.project.pack import read_city
from haihe.project.pack.check import check_pack
from haihe.project.pack.load import load_city, loader
from tests.cities.test_packs import copy

pytestmark = pytest.mark.django_db


@pytest.fixture
def riverton() -> None:
    load_city("riverton")
    make_grids(by=loader())


def test_every_ward_of_the_small_city_gets_grids_and_a_second_run_changes_nothing(
    riverton: None,
) -> None:
    before = list(Grid.objects.order_by("code").values_list("code", "shape", "plan"))
    entries = Entry.objects.count()
    assert len(before) == 34
    assert make_grids(by=loader()) == 0
    load_city("riverton")
    assert list(Grid.objects.order_by("code").values_list("code", "shape", "plan")) == before
    assert Entry.objects.count() == entries


def test_made_grids_are_sound_and_say_that_they_are_schematic(riverton: None) -> None:
    plans = GridPlan.objects.all()
    assert {plan.division_id for plan in plans} == {"D01", "D02", "D03"}
    assert all(plan.is_schematic and plan.version == 1 for plan in plans)
    assert [queries.grid_faults(plan) for plan in plans] == [[], [], []]


def test_a_grid_of_the_small_city_lies_in_its_ward(riverton: None) -> None:
    for x in range(150_005, 150_300, 13):
        for y in range(30_005, 30_200, 13):
            found = queries.grid_of(x / 1000, y / 1000, datum="WGS-84")
            assert found is not None
            ward = queries.division_at(x / 1000, y / 1000, datum="WGS-84", level=2)
            assert found.community == ward


def test_the_reference_city_gets_about_21_000_grids(settings: LazySettings) -> None:
    settings.CITY = read_city("tianjin")
    load_city("tianjin")
    assert make_grids(by=loader()) == 21_344
    assert make_grids(by=loader()) == 0
    assert GridPlan.objects.count() == 299
    found = queries.grid_of(117.1955, 39.1186, datum="GCJ-02")
    assert found is not None
    assert found.code.startswith("120101")
    assert len(found.code) == 15
    communities = Grid.objects.values_list("community", flat=True).distinct()
    assert communities.count() == 5617
    street = queries.division_at(117.1955, 39.1186, datum="GCJ-02", level=2)
    assert street == found.division


def _shipped(folder: Path) -> dict[str, Any]:
    """Grids as a pack ships them: each ward whole, as one grid."""
    boundaries = json.loads((folder / "boundaries.geojson").read_text(encoding="utf-8"))
    features = [
        {
            "type": "Feature",
            "properties": {"code": f"{each['properties']['code']}G01"},
            "geometry": each["geometry"],
        }
        for each in boundaries["features"]
        if len(each["properties"]["code"]) == 6
    ]
    return {"type": "FeatureCollection", "haihe": boundaries["haihe"], "features": features}


def _ship(folder: Path, grids: dict[str, Any]) -> Path:
    (folder / "grids.geojson").write_text(json.dumps(grids), encoding="utf-8")
    return folder


def test_a_pack_may_ship_its_grids(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    _ship(folder, _shipped(folder))
    assert check_pack(folder).faults.found == []
    load_city(folder)
    assert Grid.objects.count() == 9
    entries = Entry.objects.count()
    load_city(folder)
    assert Entry.objects.count() == entries
    assert make_grids(by=loader()) == 0


def test_each_fault_of_shipped_grids_is_told_with_its_place(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    grids = _shipped(folder)
    gone = grids["features"].pop(0)
    grids["features"][1]["properties"]["kind"] = "round"
    grids["features"].append({**gone, "properties": {"code": "D01W02G02"}})
    grids["features"].append({**gone, "properties": {"code": "D01W99G01"}})
    grids["features"].append({**gone, "properties": {"code": "nonsense"}})
    grids["features"].append(grids["features"][2])
    grids["haihe"] = {**grids["haihe"], "datum": "BD-09"}
    city = (folder / "city.toml").read_text(encoding="utf-8")
    told = [str(each) for each in check_pack(_ship(folder, grids)).faults.found]
    assert len(told) == 5
    assert any("kind" in each for each in told)
    assert any("D01W99" in each for each in told)
    assert any("nonsense" in each for each in told)
    assert any("stands twice" in each for each in told)
    assert any("datum" in each for each in told)
    (folder / "city.toml").write_text(city.replace('"numbered"', '"none"'), encoding="utf-8")
    assert any("none" in str(each) for each in check_pack(folder).faults.found)


def test_a_gap_between_shipped_grids_is_told_with_its_place(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    grids = _shipped(folder)
    (gone,) = [f for f in grids["features"] if f["properties"]["code"] == "D01W02G01"]
    grids["features"].remove(gone)
    (fault,) = check_pack(_ship(folder, grids)).faults.found
    assert fault.where == "D01"
    assert "no grid covers" in fault.sentence


def test_shapes_for_a_page_come_back_as_they_were(riverton: None) -> None:
    row = Grid.objects.earliest("code")
    shown = coverage.as_geometry(bytes(row.shape))
    assert shown["type"] == "Polygon"


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch, settings: LazySettings, riverton: None) -> list[str]:
    """Who can sign in of the small city's workers, made by the demo's filling; no holidays."""
    settings.CITY_CALENDAR = Calendar(ZoneInfo("Asia/Shanghai"), frozenset(), {})
    on = replace(base_settings(), demo=True)
    monkeypatch.setattr("haihe.ui.sign_in.demo.settings", lambda: on)
    pack = check_pack("riverton")
    make_officers(pack, by=loader())
    return [each.username for each in make_workers(pack, by=loader())]


def test_the_demo_has_a_worker_for_every_ward_and_a_second_run_changes_nothing(
    demo: list[str],
) -> None:
    assert demo == ["worker", "worker2"]
    entries = Entry.objects.count()
    make_workers(check_pack("riverton"), by=loader())
    assert Entry.objects.count() == entries
    for line in queries.grid_index().lines:
        wanted = "stand_in" if line.community == "D03W03" else "holder"
        assert [each.role for each in on_duty(line.code, tuesday())] == [wanted]
    (at_night,) = on_duty("D01W01G01", tuesday().replace(hour=3))
    assert (at_night.role, at_night.officer.account.username) == ("dispatcher", "dispatcher")


def test_a_demo_worker_is_away_and_stood_in_for(demo: list[str]) -> None:
    (asked,) = on_duty("D03W03G01", tuesday())
    assert asked.officer.account.username == "worker.d03w02"


def tuesday() -> datetime:
    """Nine o'clock of the next Tuesday in the small city."""
    day = now().astimezone(ZoneInfo("Asia/Shanghai")) + timedelta(days=1)
    day += timedelta(days=(2 - day.isoweekday()) % 7)
    return day.replace(hour=9, minute=0)


def test_faults_of_the_demo_s_workers_are_told(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    path = folder / "demo.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in (
        ("week: 1-5 08:30", "week: Monday 08:30"),
        ("D01W02: worker2", "D01W09: worker2"),
        ("RV: grid.dispatcher", "RX: grid.nobody"),
        ("[cases.handle, files.store, services.task.look_up]", "[grid.fly]"),
    ):
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    told = " ".join(str(each) for each in check_pack(folder).faults.found)
    assert all(word in told for word in ("says no week", "D01W09", "RX", "grid.nobody", "grid.fly"))
