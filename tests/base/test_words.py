"""Settings, registry, actors, texts and money."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

from haihe.base.actor import CLOCK, Actor
from haihe.base.errors import BadInput, HaiheError, NotPermitted
from haihe.base.money import fen, shown
from haihe.base.registry import DeclaredTwice, MenuEntry, Permission, Registry, System
from haihe.base.settings import BadSetting, Settings, read


@pytest.mark.parametrize("name", ["money", "text"])
def test_the_examples_in_docstrings_are_true(name: str) -> None:
    module = importlib.import_module(f"haihe.base.{name}")
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed


def test_settings_are_read_from_their_variables() -> None:
    found = read({"HAIHE_PAGES_PORT": "81", "HAIHE_DEMO": "yes", "HAIHE_DATA": "~/x", "OTHER": "1"})
    assert (found.pages_port, found.demo) == (81, True)
    assert found.data == Path("~/x").expanduser()
    assert found.lake_path == str(found.data / "lake")


def test_an_empty_variable_is_as_none() -> None:
    assert read({"HAIHE_CITY": "", "HAIHE_DEMO": ""}).demo is False


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("HAIHE_PAGES_PORT", "many"),
        ("HAIHE_PAGES_PORT", "-1"),
        ("HAIHE_DEMO", "?"),
        ("HAIHE_DEMO_SCALE", "1e4"),
        ("HAIHE_LAKE", "s3://bucket/lake"),
    ],
)
def test_a_setting_that_can_not_be_used_is_named(name: str, text: str) -> None:
    with pytest.raises(BadSetting, match=name):
        read({name: text})


def test_every_setting_says_what_it_is() -> None:
    assert all(each.metadata["sentence"] for each in Settings.__dataclass_fields__.values())


def test_an_actor_without_the_permission_is_refused() -> None:
    officer = Actor("officer", "1", permissions=frozenset({"a.b"}))
    officer.must("a.b")
    with pytest.raises(NotPermitted, match=r"a\.c"):
        officer.must("a.c")
    with pytest.raises(NotPermitted):
        CLOCK.must("a.b")


def test_a_name_is_declared_once_for_one_thing() -> None:
    registry = Registry()
    permission = Permission("a.b", {"en": "b"})
    registry.add_permissions(permission, permission)
    with pytest.raises(DeclaredTwice, match=r"a\.b"):
        registry.add_permissions(Permission("a.b", {"en": "other"}))


def test_the_menu_is_in_the_order_of_ranks() -> None:
    registry = Registry()
    entries = tuple(MenuEntry({}, f"x:{n}", "officer", "", rank=n) for n in (30, 10, 20))
    registry.add(System("x", {}, menu=(*entries, MenuEntry({}, "x:c", "citizen", ""))))
    assert [entry.rank for entry in registry.menu("officer")] == [10, 20, 30]


def test_money_has_no_fractions_of_a_fen() -> None:
    assert shown(fen("0.10")) == "0.10"
    with pytest.raises(BadInput):
        fen("0.001")


def test_a_failure_is_a_sentence_with_what_to_do() -> None:
    assert str(HaiheError("It broke.", hint="Mend it.")) == "It broke. Mend it."
