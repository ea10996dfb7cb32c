"""Running cases of an old platform come in whole with their history, once, or say why not."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from haihe.base.errors import HaiheError
from haihe.kernel.cases import actions as cases
from haihe.kernel.cases import queries
from haihe.kernel.cases.models import Case, Clock
from haihe.kernel.ledger.models import Entry
from haihe.kernel.org.queries import actor_of
from haihe.project.commands import platform as command
from haihe.systems.districts.models import Mirror
from tests.desk.builders import Desks, at_desk

pytestmark = pytest.mark.django_db
OLD: dict[str, Any] = {
    "number": "OLD-1",
    "opened_at": "2026-11-02T09:15:00+08:00",
    "status": "20",
    "category": "1001",
    "lon": "150.055813",
    "lat": "30.152941",
    "datum": "WGS-84",
    "description": "Lamp out\0 at the school",
    "due": "2027-01-15T17:30:00+08:00",
    "history": [
        {"at": "2026-11-03T10:00:00+08:00", "note": "Seen by the ward"},
        {"at": "2026-11-05T14:00:00+08:00", "note": "Sent to the lamp works"},
    ],
}


@pytest.fixture(autouse=True)
def harbour(declared: list[dict[str, object]]) -> None:
    """An old platform whose words and codes are mapped."""
    declared.append(
        {
            "code": "old",
            "title": {"en": "Old platform"},
            "division": "D01",
            "kind": "http",
            "address": "",
            "services": {"R101": "1001", "public": "1000"},
            "statuses": {"10": "OPEN", "20": "IN_PROGRESS", "30": "FIXED"},
            "taken": {"fields": {}},
        }
    )


def run(folder: Path, rows: list[dict[str, Any]], *more: str) -> dict[str, Any]:
    """Import rows from a file, as an operator does."""
    file = folder / "old.jsonl"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    given = ["import", "old", str(file), "--json", *more]
    done = CliRunner().invoke(command.app, given, catch_exceptions=False)
    found: dict[str, Any] = json.loads(done.output)
    assert done.exit_code == (1 if found["refused"] else 0)
    return found


def test_a_running_case_goes_on_with_its_history_its_age_and_its_promise(
    here: Desks, tmp_path: Path
) -> None:
    assert run(tmp_path, [OLD])["imported"] == 1
    [case] = Case.objects.all()
    assert (case.state, case.category, case.source) == ("handling", "R101", "old")
    assert case.opened_at == datetime.fromisoformat(OLD["opened_at"])
    steps = queries.history(case)
    assert [each.event.action for each in steps] == ["past", "past", "past", "import"]
    assert [each.remark.get("note", "") for each in steps[:3]] == [
        "Lamp out at the school", "Seen by the ward", "Sent to the lamp works",
    ]  # fmt: skip
    assert steps[1].event.at == datetime.fromisoformat(OLD["history"][0]["at"])
    running = Clock.objects.filter(case=case, state="running")
    assert running.exists()
    assert {each.due for each in running} == {datetime.fromisoformat(OLD["due"])}
    assert Entry.objects.filter(kind="cases.case.imported").count() == 1
    page = at_desk(here.commander).get(f"/desk/cases/{case.pk}/").content.decode()
    assert "Sent to the lamp works" in page
    assert "Old platform · OLD-1" in page
    done = cases.dispatch(by=actor_of(here.commander), case=case, lead="land")
    assert done.steps == 5


def test_the_same_file_again_imports_nothing_twice(here: Desks, tmp_path: Path) -> None:
    rows = [OLD, {**OLD, "number": "OLD-2"}]
    assert run(tmp_path, rows)["imported"] == 2
    again = run(tmp_path, [*rows, {**OLD, "number": "OLD-3"}])
    assert (again["imported"], again["known"]) == (1, 2)
    assert Case.objects.count() == 3


def test_a_platform_that_goes_on_handling_its_cases_keeps_them(here: Desks, tmp_path: Path) -> None:
    run(tmp_path, [OLD], "--kept")
    assert not Mirror.objects.get().is_handled_here
    run(tmp_path, [{**OLD, "number": "OLD-2"}])
    assert Mirror.objects.get(foreign_id="OLD-2").is_handled_here


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"status": "30"}, "only running cases"),
    ({"status": "odd"}, "Nobody has mapped"),
    ({"category": "7777"}, "7777"),
    ({"opened_at": "2026-11-02 09:15"}, "no moment with its zone"),
    ({"opened_at": "2126-11-02T09:15:00+08:00"}, "history"),
    ({"history": [{"at": "2026-11-01T10:00:00+08:00", "note": ""}]}, "history"),
    ({"history": "[{"}, "no JSON list"),
    ({"history": ["x"]}, "no list of steps"),
    ({"lon": "east"}, "no degrees"),
    ({"datum": ""}, "says no datum"),
    ({"lon": "", "lat": ""}, "neither lon and lat nor a place"),
    ({"lon": "10.0"}, "outside the city"),
    ({"number": ""}, "no number"),
    ({"number": "9" * 121}, "more than 120 characters"),
]


@pytest.mark.parametrize(("changes", "said"), WRONG)
def test_a_wrong_row_is_named_by_line_and_reason_and_the_others_come_in(
    here: Desks, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    wrong = {**OLD, **changes}
    found = run(tmp_path, [{**OLD, "number": "A"}, wrong, {**OLD, "number": "B"}])
    assert found["imported"] == 2
    [(line, number, reason)] = found["refused"]
    assert (line, number) == (2, wrong["number"])
    assert said in reason
    assert Case.objects.count() == 2


def test_a_case_without_a_point_stands_at_its_place(here: Desks, tmp_path: Path) -> None:
    row = {key: value for key, value in OLD.items() if key not in {"lon", "lat", "datum", "due"}}
    assert run(tmp_path, [{**row, "place": "D01W01"}])["imported"] == 1
    [case] = Case.objects.all()
    assert (case.place_id, case.lon) == ("D01W01", None)
    assert Clock.objects.filter(case=case, state="running").exists()


def test_a_csv_with_a_head_line_is_read_as_spreadsheets_write_it(
    here: Desks, tmp_path: Path
) -> None:
    file = tmp_path / "old.csv"
    file.write_text(
        "\ufeffnumber,opened_at,status,category,place,description,history\r\n"
        'C-1,2026-11-02T09:15:00+08:00,10,1000,D01W01,"Two lines,\r\none case",\r\n',
        encoding="utf-8",
    )
    done = CliRunner().invoke(command.app, ["import", "old", str(file)], catch_exceptions=False)
    assert "Imported: 1; known before: 0." in done.output
    assert Case.objects.get().state == "verifying"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a,b\n1,2\n", "districts.import.file"),
        ("号,名\n".encode("gbk"), "districts.import.file"),
        (None, "districts.import.no_file"),
    ],
)
def test_a_file_that_holds_no_cases_is_refused_whole(
    here: Desks, tmp_path: Path, content: bytes | None, code: str
) -> None:
    file = tmp_path / "old.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(HaiheError) as refused:
        CliRunner().invoke(command.app, ["import", "old", str(file)], catch_exceptions=False)
    assert refused.value.code == code
    assert not Case.objects.exists()


def test_the_command_lists_platforms_and_exchanges_with_one(here: Desks) -> None:
    listed = CliRunner().invoke(command.app, ["list"], catch_exceptions=False)
    assert "it calls us" in listed.output
    assert "Old platform" in listed.output
    done = CliRunner().invoke(command.app, ["exchange", "old", "--json"], catch_exceptions=False)
    assert json.loads(done.output)["sent"] == 0
    with pytest.raises(HaiheError) as unknown:
        CliRunner().invoke(command.app, ["exchange", "nowhere"], catch_exceptions=False)
    assert unknown.value.code == "districts.platform.unknown"
