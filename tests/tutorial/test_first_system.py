"""The tutorial "your first system": typed as it is written, in a city and a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.plugin import SERVER
from tests.tutorial.blocks import ROOT, commands, files

PAGE = "docs/tutorials/your-first-system.md"
DATABASE = "haihe_tutorial"


@dataclass(frozen=True)
class Lakeside:
    """The tutorial's folder, as it stands after the last step."""

    folder: Path

    def run(self, *command: str, typed: str | None = None, place: Lakeside | None = None) -> str:
        """Run a command there, for ``place``; what it printed. Fails the test if it fails."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=(place or self).environment(),
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def environment(self) -> dict[str, str]:
        """A plain environment with this Haihe's programs first."""
        programs = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        return {
            "PATH": programs,
            "HOME": str(self.folder),
            "HAIHE_CITY": str(self.folder / "city"),
            "HAIHE_DATA": str(self.folder / "var"),
            "HAIHE_DATABASE_URL": SERVER.url(DATABASE),
            "HAIHE_LOG_LEVEL": "warning",
            "DJANGO_SETTINGS_MODULE": "haihe.project.settings",
            "PYTHONPATH": f"{self.folder}:{ROOT}",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def visit(self) -> dict[str, object]:
        """Visit its pages; see ``visit``."""
        script = "import django, runpy; django.setup(); runpy.run_module('tests.tutorial.visit', "
        printed = self.run(sys.executable, "-c", script + "run_name='__main__')")
        found: dict[str, object] = json.loads(printed)
        return found


@pytest.fixture(scope="module")
def lakeside(tmp_path_factory: pytest.TempPathFactory) -> Lakeside:
    """Lakeside, after every step of the page but the last two: sign in, look."""
    base = tmp_path_factory.mktemp("first system")
    (base / "checkout").mkdir()
    SERVER.ensure_database(DATABASE)
    there = Lakeside(base / "lakeside")
    _, make_city, _, make_folders, *switch_on, administrators = commands(PAGE)
    Lakeside(base / "checkout").run("bash", "-c", make_city, place=there)
    there.run("bash", "-c", make_folders)
    for name, text in files(PAGE).items():
        (there.folder / name).write_text(text, encoding="utf-8")
    for block in switch_on:
        there.run("bash", "-ec", block)
    for line in administrators.splitlines():
        if line != "haihe up":
            there.run("bash", "-c", line, typed="water over the old bridge 7\n")
    return there


@pytest.fixture(scope="module")
def seen(lakeside: Lakeside) -> dict[str, Any]:
    """What its pages showed."""
    return lakeside.visit()


def test_the_whole_system_has_under_100_lines() -> None:
    lines = [line for text in files(PAGE).values() for line in text.splitlines() if line.strip()]
    assert len(lines) < 100


def test_the_board_speaks_both_languages(seen: dict[str, Any]) -> None:
    for language, words in (("zh-hans", "暂无公告"), ("en", "No notices yet")):
        status, page = seen[f"board {language}"]
        assert status == 200
        assert words in page


def test_the_menu_entry_stands_in_the_frame(seen: dict[str, Any]) -> None:
    assert 'href="/noticeboard/"' in seen["board en"][1]
    assert "公告栏" in seen["board zh-hans"][1]


def test_the_door_is_shut_without_the_permission(seen: dict[str, Any]) -> None:
    assert seen["reader posts"] == 403
    assert 'action="/noticeboard/post"' not in seen["board en"][1]


def test_a_posted_notice_is_shown_and_stands_in_the_ledger(seen: dict[str, Any]) -> None:
    assert seen["editor posts"] == 302
    assert "Bridge closed" in seen["editor sees"]
    assert [department for department, _ in seen["entries"]] == ["bureau"]


def test_switched_off_it_leaves_no_menu_entry_and_no_address(lakeside: Lakeside) -> None:
    toml = lakeside.folder / "city" / "city.toml"
    kept = toml.read_text(encoding="utf-8")
    assert "lakeside.noticeboard" in kept
    toml.write_text(kept.replace(', "lakeside.noticeboard"', ""), encoding="utf-8")
    try:
        found = lakeside.visit()
    finally:
        toml.write_text(kept, encoding="utf-8")
    assert "noticeboard" not in str(found["systems"])
    assert found["board en"][0] == 404
    assert "/noticeboard/" not in found["frame en"]
