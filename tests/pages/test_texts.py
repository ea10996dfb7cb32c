"""Every text of the pages is said in both languages, and none stands bare in a template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django.utils import translation

from haihe.base.registry import registry
from haihe.ui.doors import OfficersOnly
from haihe.ui.failures import told
from haihe.ui.sign_in.adapter import WRONG
from tools import texts

TEMPLATES = sorted(path for package in texts.PACKAGES for path in package.rglob("*.html"))
_CODE = re.compile(
    r"\{% block \w+_class %\}.*?\{% endblock %\}|\{%\s*blocktrans.*?endblocktrans\s*%\}"
    r"|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<pre.*?</pre>"
    r"|<script.*?</script>|<[^>]*>|&\w+;",
    re.S,
)
_SAID = re.compile(r"\b(?:aria-label|title|placeholder|alt)=\"([^\"{]*)\"")


@pytest.mark.parametrize("package", texts.PACKAGES, ids=lambda package: package.name)
def test_every_text_is_said_in_chinese(package: Path) -> None:
    assert texts.untranslated(package) == [], "run tools/texts.py, then fill the .po file"


@pytest.mark.parametrize("package", texts.PACKAGES, ids=lambda package: package.name)
def test_translations_keep_the_variables(package: Path) -> None:
    variable = re.compile(r"%\(\w+\)[sd]")
    for message in texts.read(texts.po_of(package)):
        if message.id:
            assert set(variable.findall(_one(message.id))) == set(
                variable.findall(_one(message.string))
            ), message.id


def test_one_text_is_said_in_one_way_everywhere() -> None:
    """The catalogues of all packages are one to Django: of two translations one would win."""
    said: dict[tuple[str | None, str], dict[str, str]] = {}
    for package in texts.PACKAGES:
        for message in texts.read(texts.po_of(package)):
            if message.id:
                key = (message.context, _one(message.id))
                said.setdefault(key, {})[_one(message.string)] = package.name
    assert {key: ways for key, ways in said.items() if len(ways) > 1} == {}


def _one(text: Message | str | tuple[str, ...]) -> str:
    return text[0] if isinstance(text, (list, tuple)) else str(text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_text_stands_bare_in_a_template(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    bare = _CODE.sub(" ", source) + " ".join(_SAID.findall(source))
    assert re.findall(r"[^\W\d_]{2,}", bare) == []


def test_everything_declared_is_named_in_both_languages() -> None:
    declared = [*registry.permissions.values(), *registry.ledger_kinds.values()]
    declared += [entry for system in registry.systems.values() for entry in system.menu]
    assert [each for each in declared if not (each.title.get("zh") and each.title.get("en"))] == []


def test_a_failure_is_told_in_the_readers_language() -> None:
    with translation.override("zh-hans"):
        assert told(OfficersOnly()).message == "该页面仅供工作人员使用。"
        assert str(WRONG).startswith("登录名")
    with translation.override("en"):
        assert told(OfficersOnly()).message == "This page is for officers."
