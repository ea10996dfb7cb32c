"""What a pack exchanges with ministries: every fault is named; the national side is a process."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from haihe.engine.fronts import FrontTable, Interface, Quota, report_changes, take_next
from haihe.engine.fronts.declared import KINDS
from haihe.project.pack import pack_folder
from haihe.project.pack.check import check_pack, counts
from haihe.project.pack.documents import UpwardLinkDoc
from tests.servers import Database
from tests.standins.national import National

Change = Callable[[dict[str, Any]], None]
DAY = date(2026, 11, 27)
VALUES = {
    "text": "甲", "integer": "7", "decimal": "1.25", "date": "2026-11-27",
    "timestamp": "2026-11-27 08:00:00", "boolean": "true",
}  # fmt: skip


def link(given: dict[str, Any], code: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in given["links"] if each["code"] == code)
    return found


def setting(code: str, /, **values: Any) -> Change:
    return lambda given: link(given, code).update(values)


FAULTS: list[tuple[Change, str]] = [
    (setting("interior.groups", ministry="nobody"), "there is no ministry nobody"),
    (setting("commerce.enterprises", system="other"), "runs no system other"),
    (setting("interior.groups", approval=" "), "no approval number"),
    (setting("interior.groups", approval="https://x/?a"), "address or secret"),
    (setting("interior.groups", cycle="often"), "its cycle 'often' is none"),
    (setting("interior.groups", direction="sideways"), "sideways"),
    (setting("interior.groups", table="Groups;"), "is no name"),
    (setting("interior.groups", quota=5), "a table has no quota"),
    (setting("interior.groups", key=[]), "its key is missing"),
    (setting("interior.groups", key=["nothing"]), "its key is missing"),
    (setting("interior.groups", columns={"credit_code": "words"}), "the kind 'words'"),
    (setting("interior.groups", columns={"credit_code": "text", "cd_id": "text"}), "'cd_id'"),
    (setting("interior.identity", quota=0), "a quota of calls a day"),
    (setting("interior.identity", table="t"), "no table, columns or key"),
    (setting("commerce.enterprises", resource="trade.nothing"), "no resource trade.nothing"),
    (setting("commerce.enterprises", columns={"credit_code": "text", "x": "text"}), "no column x"),
    (setting("commerce.enterprises", columns={"credit_code": "date"}), "of the kind text"),
    (setting("commerce.enterprises", code="interior.groups"), "given twice"),
    (setting("commerce.enterprises", direction="down", table="interior_groups"), "another link"),
    (lambda given: given["systems"][0].update(ministry="nobody"), "no ministry nobody"),
    (lambda given: given["ministries"].append({"code": "idle", "title": {}}), "no link names it"),
    (lambda given: link(given, "interior.groups").update(password="x"), "password"),
]


@pytest.mark.parametrize(("change", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_a_fault_of_an_upward_link_is_named(tmp_path: Path, change: Change, said: str) -> None:
    folder = shutil.copytree(pack_folder("riverton"), tmp_path / "city")
    path = folder / "upward.yaml"
    given = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(given)
    path.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
    faults = [each for each in check_pack(folder).faults.found if each.file == "upward.yaml"]
    assert any(said in str(each) for each in faults), faults


def test_a_column_on_the_negative_list_is_declared_to_no_ministry(tmp_path: Path) -> None:
    folder = shutil.copytree(pack_folder("riverton"), tmp_path / "city")
    path = folder / "upward.yaml"
    listed = check_pack(folder).negative[0].columns[0]
    resource, _, column = listed.partition("/")
    given = yaml.safe_load(path.read_text(encoding="utf-8"))
    up = {"resource": resource, "columns": {column: "text"}, "key": [column]}
    link(given, "commerce.enterprises").update(up)
    path.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
    said = " ".join(str(each) for each in check_pack(folder).faults.found)
    assert "may not be shared" in said


def test_the_reference_city_is_linked_with_so_many_as_its_source_says() -> None:
    found = counts(check_pack("tianjin"))
    assert (found["Ministries"], found["National systems"]) == (15, 11)


def declared(city: str) -> list[UpwardLinkDoc]:
    upward = check_pack(city).upward
    assert upward is not None
    return upward.links


LINKS = [(city, each) for city in ("riverton", "tianjin") for each in declared(city)]


@pytest.mark.parametrize(("city", "given"), LINKS, ids=[f"{c}-{e.code}" for c, e in LINKS])
def test_each_declared_link_runs_against_a_national_platform(
    national: National, department: Database, city: str, given: UpwardLinkDoc
) -> None:
    if given.direction == "ask":
        _ask(national, department, given)
        return
    name = f"{city}_{given.table}"[:50]
    table = FrontTable(f"{city}.{given.code}", name, given.columns, tuple(given.key))
    row = [VALUES[kind] for kind in given.columns.values()]
    if given.direction == "down":
        there = {column: KINDS[kind] for column, kind in given.columns.items()}
        national.post(
            "/control/batches",
            {"table": name, "columns": there, "batch": 1, "rows": [["I", row]]},
        )
        found = take_next(national.front, department.address, table)
        assert found is not None
        assert department.ask(f'select count(*) from national."{name}"') == [(1,)]
        return
    report_changes(national.front, table, source=city)
    marks = ", ".join(f"'{value}'" for value in row)
    national.ask(f'insert into up."{name}_now" values ({marks})')
    assert report_changes(national.front, table, source=city) == (1, 1)


def _ask(national: National, department: Database, given: UpwardLinkDoc) -> None:
    application = {"key": "made-up", "approval": given.approval, "quota": given.quota}
    national.post("/control/applications", application)
    quota = Quota(department.address, given.code, given.quota)
    quota.prepare()
    interface = Interface(f"{national.url}/ask", given.approval, quota, "made-up")
    assert interface.call(given.resource, {"number": "1"}, day=DAY)["found"] is True
