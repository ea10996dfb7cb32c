"""The tutorial "your first system": typed as it is written, in a city and a process of its own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tutorial.blocks import commands, files
from tests.tutorial.place import PASSWORD, Lakeside

VISIT = "tests.tutorial.visit"
PAGE = "docs/tutorials/your-first-system.md"


@pytest.fixture(scope="module")
def lakeside(tmp_path_factory: pytest.TempPathFactory) -> Lakeside:
    """Lakeside, after every step of the page but the last two: sign in, look."""
    base = tmp_path_factory.mktemp("first system")
    there = Lakeside(base / "lakeside", database="haihe_tutorial")
    _, make_city, _, make_folders, *switch_on, administrators = commands(PAGE)
    there.begin("bash", "-ec", make_city)
    there.run("bash", "-c", make_folders)
    for name, text in files(PAGE).items():
        (there.folder / name).write_text(text, encoding="utf-8")
    for block in switch_on:
        there.run("bash", "-ec", block)
    for line in administrators.splitlines():
        if line != "haihe up":
            there.run("bash", "-c", line, typed=PASSWORD)
    return there


@pytest.fixture(scope="module")
def seen(lakeside: Lakeside) -> dict[str, Any]:
    """What its pages showed."""
    return lakeside.visit(VISIT)


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
    assert 'action="/noticeboard/post"' in seen["editor sees"]
    assert [department for department, _ in seen["entries"]] == ["bureau"]


def test_switched_off_it_leaves_no_menu_entry_and_no_address(lakeside: Lakeside) -> None:
    toml = lakeside.folder / "city" / "city.toml"
    kept = toml.read_text(encoding="utf-8")
    assert "lakeside.noticeboard" in kept
    toml.write_text(kept.replace(', "lakeside.noticeboard"', ""), encoding="utf-8")
    try:
        found = lakeside.visit(VISIT)
    finally:
        toml.write_text(kept, encoding="utf-8")
    assert "noticeboard" not in str(found["systems"])
    assert found["board en"][0] == 404
    assert "/noticeboard/" not in found["frame en"]
