"""Both packs pass; every fault that can be made in one is reported with its file and place."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from haihe.base.calendars import read_calendar
from haihe.base.identifiers import SCHEMES
from haihe.project.commands.city import app
from haihe.project.pack import CITIES, pack_folder, read_city, systems_on, text_of
from haihe.project.pack.check import check_pack, counts
from haihe.project.pack.find import NoCity
from haihe.project.pack.new import FolderThere, write_pack
from tests import needs

PACKS = sorted(path.parent.name for path in CITIES.glob("*/city.toml"))


@pytest.mark.parametrize("name", PACKS)
def test_a_shipped_pack_has_no_fault(name: str) -> None:
    assert check_pack(name).faults.found == []


def test_the_reference_city_is_whole() -> None:
    found = counts(check_pack("tianjin"))
    assert found["Level 1 (District)"] == 16
    assert found["Level 2 (Subdistrict or town)"] == 299
    assert found["Level 3 (Community or village)"] == 5617
    assert found["Departments"] == 67
    assert found["District governments"] == 16
    assert found["Public-service institutions"] == 5
    assert found["Boundaries"] == 16


@needs.data("tianjin")
def test_division_codes_are_those_of_the_source() -> None:
    folder = needs.settings().test_data / "tianjin"
    pack = check_pack("tianjin")
    names = {each.code: each.name["zh"] for each in pack.divisions}
    for file in ("districts.csv", "streets.csv"):
        with (folder / file).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                assert names[row["code"]] == row["name"]


def test_every_department_s_credit_code_is_right_or_left_empty() -> None:
    for name in PACKS:
        pack = check_pack(name)
        scheme = SCHEMES[pack.city["enterprise_scheme"]]
        codes = [each.credit_code for each in pack.departments if each.credit_code]
        assert all(scheme.is_valid(code) for code in codes)


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2024-02-04", True), ("2024-02-10", False), ("2024-09-14", True), ("2024-10-12", True),
        ("2025-01-26", True), ("2025-01-28", False), ("2025-10-08", False), ("2025-10-11", True),
        ("2026-01-02", False), ("2026-01-04", True), ("2026-02-14", True), ("2026-02-23", False),
        ("2026-02-28", True), ("2026-05-09", True), ("2026-06-19", False), ("2026-09-20", True),
        ("2026-10-07", False), ("2026-10-10", True), ("2026-11-23", True), ("2026-11-22", False),
    ],
)  # fmt: skip
def test_holidays_and_make_up_days_are_those_of_the_notices(day: str, worked: bool) -> None:
    calendar = read_calendar(CITIES / "tianjin" / "calendar.csv", zone="Asia/Shanghai")
    assert calendar.is_worked(date.fromisoformat(day)) is worked


def test_a_year_without_a_notice_is_provisional() -> None:
    calendar = read_calendar(CITIES / "tianjin" / "calendar.csv", zone="Asia/Shanghai")
    assert calendar.years == {2024, 2025, 2026}
    assert calendar.is_provisional(date(2027, 1, 4))
    assert not calendar.is_provisional(date(2026, 12, 31))


def test_each_calendar_row_names_its_source() -> None:
    for name in PACKS:
        with (CITIES / name / "calendar.csv").open(encoding="utf-8", newline="") as lines:
            assert all(row["source"] and row["name"] for row in csv.DictReader(lines))


def test_the_city_speaks_in_its_own_words() -> None:
    assert text_of("tianjin", "portal.name", language="zh-hans") == "津心办"
    assert text_of("tianjin", "desk.name", language="zh-hans") == "津治通"
    assert text_of("riverton", "portal.name", language="en") == "My Riverton"
    assert text_of("riverton", "nothing.here", language="en", default="x") == "x"


def test_a_pack_is_found_by_name_or_by_path(tmp_path: Path) -> None:
    copied = copy(tmp_path)
    assert pack_folder("riverton").name == "riverton"
    assert read_city(str(copied))["code"] == "RV"
    assert "haihe.systems.portal" in systems_on(str(copied))
    for wrong in ("", "nowhere", str(tmp_path / "nothing")):
        with pytest.raises(NoCity):
            pack_folder(wrong)


def copy(folder: Path) -> Path:
    """A copy of the small pack to spoil."""
    return Path(shutil.copytree(CITIES / "riverton", folder / "copied"))


def spoil(file: str, old: str, new: str) -> Callable[[Path], None]:
    """Replace a text that stands in a file of the pack."""

    def change(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def add(file: str, line: str) -> Callable[[Path], None]:
    """Add a line at a file's end."""

    def change(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8") as lines:
            lines.write(line)

    return change


def lose(file: str) -> Callable[[Path], None]:
    """Take a file away."""
    return lambda folder: (folder / file).unlink()


def garble(file: str) -> Callable[[Path], None]:
    """Fill a file with bytes that are no UTF-8."""
    return lambda folder: (folder / file).write_bytes(b"\xff\xfe\x00garbage") and None


def overlap(folder: Path) -> None:
    """Draw one district over another."""
    path = folder / "boundaries.geojson"
    found = json.loads(path.read_text(encoding="utf-8"))
    shapes = {each["properties"]["code"]: each for each in found["features"]}
    shapes["D02"]["geometry"] = shapes["D01"]["geometry"]
    path.write_text(json.dumps(found), encoding="utf-8")


WELFARE = "catalogue/welfare.yaml"
FAULTS = [
    (lose("city.toml"), None),
    (lose("divisions.csv"), ("divisions.csv", "missing")),
    (lose("calendar.csv"), ("calendar.csv", "missing")),
    (lose("posts.yaml"), ("posts.yaml", "missing")),
    (garble("divisions.csv"), ("divisions.csv", "UTF-8")),
    (garble("purposes.yaml"), ("purposes.yaml", "UTF-8")),
    (spoil("city.toml", "luhn.person", "moon.person"), ("city.toml", "moon.person")),
    (spoil("city.toml", "Asia/Shanghai", "Moon/Crater"), ("city.toml", "Moon/Crater")),
    (spoil("city.toml", '"desk"', '"dusk"'), ("city.toml", "dusk")),
    (spoil("city.toml", '"data_office"', '"moon_office"'), ("city.toml", "moon_office")),
    (spoil("city.toml", "formal_check = false", "formal_check = 3"), ("city.toml", "formal_check")),
    (add("city.toml", "[demand_days]\nreview = 3\n"), ("city.toml", "demand_days.review")),
    (add("city.toml", "[demand_days]\ncheck = 0\n"), ("city.toml", "demand_days.check")),
    (spoil("city.toml", '"en", "zh-hans"', '"en", "fr"'), ("city.toml", "fr")),
    (spoil("city.toml", "D[0-9]{2}W", "D[0-9]{2W"), ("divisions.csv", "no code of level 2")),
    (spoil("city.toml", "[0-9]", "[0-9"), ("city.toml", "levels[1]")),
    (spoil("city.toml", "code =", "cod ="), ("city.toml", "code")),
    (add("city.toml", "= ="), ("city.toml", "")),
    (add("divisions.csv", "D02,RV,1,磨坊区,Again\n"), ("divisions.csv", "twice")),
    (add("divisions.csv", "D9,RV,1,错,Wrong\n"), ("divisions.csv", "no code of level 1")),
    (add("divisions.csv", "D09W01,D09,2,错,Wrong\n"), ("divisions.csv", "D09")),
    (add("divisions.csv", "D08,RV,1,,\n"), ("divisions.csv", "no text in zh")),
    (add("divisions.csv", "D08,RV,one,错,Wrong\n"), ("divisions.csv", "level")),
    (add("divisions.csv", "D08,RV\n"), ("divisions.csv", "fields")),
    (add("divisions.csv", "D08,RV,1,八区,Eight\n"), ("boundaries.geojson", "D08")),
    (spoil("divisions.csv", "code,parent", "kode,parent"), ("divisions.csv", "heads code")),
    (spoil("boundaries.geojson", '"WGS-84"', '"BD-09"'), ("boundaries.geojson", "datum")),
    (spoil("boundaries.geojson", '"Polygon"', '"Point"'), ("boundaries.geojson", "features[1]")),
    (spoil("boundaries.geojson", '"code":"D01"', '"code":"D77"'), ("boundaries.geojson", "D77")),
    (spoil("boundaries.geojson", '"code":"D02"', '"code":"D01"'), ("boundaries.geojson", "two")),
    (overlap, ("boundaries.geojson", "overlap")),
    (spoil("boundaries.geojson", "{", "["), ("boundaries.geojson", "")),
    (spoil("calendar.csv", "2024-01-01", "2024-13-01"), ("calendar.csv", "line 2")),
    (spoil("calendar.csv", ",no,", ",maybe,"), ("calendar.csv", "line 2")),
    (add("calendar.csv", "2024-01-01,no,Again,Gazette\n"), ("calendar.csv", "twice")),
    (add("calendar.csv", "2026-12-31,no,Nobody says,\n"), ("calendar.csv", "notice")),
    (add("departments.csv", "welfare,department,另局,Other,RV,\n"), ("departments.csv", "twice")),
    (add("departments.csv", "x1,bureau,另局,Other,RV,\n"), ("departments.csv", "kind")),
    (add("departments.csv", "x1,department,另局,Other,D77,\n"), ("departments.csv", "D77")),
    (add("departments.csv", "X 1,department,另局,Other,RV,\n"), ("departments.csv", "small")),
    (add("departments.csv", "x1,department,另局,Other,RV,123\n"), ("departments.csv", "digit")),
    (spoil("posts.yaml", "org.post.make", "org.post.burn"), ("posts.yaml", "org.post.burn")),
    (spoil("posts.yaml", "org.audit.read", "org.post.make"), ("posts.yaml", "joins")),
    (spoil("posts.yaml", "data_office", "nobody"), ("posts.yaml", "nobody")),
    (spoil("purposes.yaml", "basis: Riverton Housing Act, s. 12", "basis: ''"),
     ("purposes.yaml", "legal basis")),
    (add("purposes.yaml", "  - code: other\n"), ("purposes.yaml", "other")),
    (spoil("purposes.yaml", "purposes:", "purpose:"), ("purposes.yaml", "list")),
    (spoil("systems.yaml", "kind: postgresql", "kind: oracle"), ("systems.yaml", "kind")),
    (spoil("systems.yaml", "connection_cap: 2", "connection_cap: 0"), ("systems.yaml", "cap")),
    (spoil(WELFARE, "department: welfare", "department: moon"), (WELFARE, "moon")),
    (spoil(WELFARE, "system: welfare.support", "system: land.register"), (WELFARE, "another")),
    (spoil(WELFARE, "scheme: luhn.person", "scheme: moon.person"), (WELFARE, "moon.person")),
    (spoil(WELFARE, "kind: integer", "kind: number"), (WELFARE, "kind")),
    (spoil(WELFARE, "watermark: updated_at", "watermark: changed_at"), (WELFARE, "watermark")),
    (spoil(WELFARE, "value: \"supported\"}", "value: 1, extra: 2}"), (WELFARE, "extra")),
    (spoil(WELFARE, "{column: status", "{column: state"), (WELFARE, "state")),
    (spoil(WELFARE, "sharing_class: conditional", "sharing_class: secret"), (WELFARE, "secret")),
    (spoil(WELFARE, "basis: \"Riverton", "basis: \"\" #"), (WELFARE, "legal basis")),
    (spoil(WELFARE, "name: name,", "name: status,"), (WELFARE, "twice")),
    (spoil(WELFARE, "is: [key, required]", "is: [required]"), (WELFARE, "marked key")),
    (spoil(WELFARE, "table: welfare.low_income", "table: low income"), (WELFARE, "schema.table")),
    (spoil(WELFARE, "code: low_income.is_supported", "code: person.name"), (WELFARE, "twice")),
    (spoil(WELFARE, "cycle: daily", "cycle: daily\n    cycle: daily"), (WELFARE, "twice")),
    (spoil(WELFARE, "resources:", "resources: ["), (WELFARE, "line")),
    (spoil("negative.yaml", "/diagnosis", "/prognosis"), ("negative.yaml", "prognosis")),
    (spoil("negative.yaml", "law: Riverton Privacy Act, s. 4 (health)", "law: ' '"),
     ("negative.yaml", "law")),
    (spoil("negative.yaml", '"2027-06-30"', '"2027-02-30"'), ("negative.yaml", "negative[1]")),
    (spoil("texts/names.yaml", "zh: 河湾通", "de: Fluss"), ("texts/names.yaml", "portal.name")),
    (spoil("demo.yaml", "posts: [steward]", "posts: [stewart]"), ("demo.yaml", "stewart")),
    (spoil("demo.yaml", "purpose: housing.hardship", "purpose: housing.lardship"),
     ("demo.yaml", "lardship")),
    (spoil("demo.yaml", "system: housing.inbox", "system: housing.fund"),
     ("demo.yaml", "receives")),
    (spoil("demo.yaml", "people: 2000", "people: many"), ("demo.yaml", "people")),
    (spoil("city.toml", '[corrections]\nauthority = "data_office"',
           '[corrections]\nauthority = "nobody"'), ("city.toml", "corrections, authority")),
    (add("city.toml", "decide = 0\n"), ("city.toml", "corrections, decide")),
    (add("city.toml", "sentence = 3\n"), ("city.toml", "corrections, sentence")),
    (spoil("city.toml", 'service = "person.name"', 'service = "person.moon"'),
     ("city.toml", "no look-up")),
    (spoil("city.toml", 'purpose = "grid.visit"', 'purpose = "grid.party"'),
     ("city.toml", "no such purpose")),
    (spoil("city.toml", 'phone = "phone"', 'phone = "fax"'), ("city.toml", "columns")),
]  # fmt: skip


@pytest.mark.parametrize(("spoiling", "expected"), FAULTS)
def test_a_fault_is_named_with_its_file(
    tmp_path: Path,
    spoiling: Callable[[Path], None],
    expected: tuple[str, str] | None,
) -> None:
    folder = copy(tmp_path)
    spoiling(folder)
    if not (folder / "city.toml").exists():
        with pytest.raises(NoCity):
            check_pack(str(folder))
        return
    found = [str(fault) for fault in check_pack(str(folder)).faults.found]
    assert found
    if expected is not None:
        file, words = expected
        assert any(each.startswith(file) and words in each for each in found), found


def test_every_fault_is_reported_in_one_run(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    add("divisions.csv", "D9,RV,1,错,Wrong\n")(folder)
    spoil("posts.yaml", "org.post.make", "org.post.burn")(folder)
    spoil(WELFARE, "kind: integer", "kind: number")(folder)
    lose("negative.yaml")(folder)
    answer = CliRunner().invoke(app, ["check", str(folder)])
    assert answer.exit_code == 1
    for file in ("divisions.csv, line", "posts.yaml", WELFARE, "negative.yaml"):
        assert file in answer.output


def test_a_new_pack_passes_and_is_never_written_over(tmp_path: Path) -> None:
    folder = tmp_path / "lake side"
    write_pack(folder, name="Lakeside", code="LS")
    assert check_pack(str(folder)).faults.found == []
    assert CliRunner().invoke(app, ["check", str(folder)]).exit_code == 0
    with pytest.raises(FolderThere):
        write_pack(folder, name="Lakeside", code="LS")


@pytest.mark.parametrize(("name", "code"), [("", "LS"), ("A\nB", "LS"), ('"', "LS"), ("A", "ls")])
def test_a_city_is_not_begun_with_a_name_that_breaks_its_files(
    tmp_path: Path, name: str, code: str
) -> None:
    with pytest.raises(Exception, match="capitals"):
        write_pack(tmp_path / "new", name=name, code=code)
    assert not (tmp_path / "new").exists()


def test_boundaries_say_their_datum_source_and_that_they_are_schematic() -> None:
    for name in PACKS:
        text = (CITIES / name / "boundaries.geojson").read_text(encoding="utf-8")
        head = json.loads(text)["haihe"]
        assert head["is_schematic"] is True
        assert head["source"]
        assert head["datum"] in {"WGS-84", "GCJ-02"}
