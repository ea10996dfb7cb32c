"""The examples in the docstrings are true; a list that contradicts itself can't be declared."""

from __future__ import annotations

import doctest
import importlib
from string import Formatter
from typing import Any

import pytest

from haihe.edges.sheets import SENTENCES, Fault, Field, Sheet
from haihe.edges.sheets.values import Cell

A, B = Field("a", ("甲", "A")), Field("b", ("乙",))


@pytest.mark.parametrize("name", ["dates", "delimited", "forms", "values", "words", "workbooks"])
def test_the_examples_in_docstrings_are_true(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"haihe.edges.sheets.{name}"))
    assert found.attempted
    assert not found.failed


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (Field, {"key": "a", "titles": ()}),
        (Field, {"key": "a", "titles": ("甲",), "kind": "choice"}),
        (Field, {"key": "a", "titles": ("甲",), "choices": {"x": ("一",)}}),
        (
            Field,
            {
                "key": "a",
                "titles": ("甲",),
                "kind": "choice",
                "choices": {"x": ("一",), "y": ("一 ",)},
            },
        ),
        (Field, {"key": "a", "titles": ("甲",), "kind": "many", "choices": {"x": ("一、二",)}}),
        (Sheet, {"name": "s", "titles": (), "fields": (A, A)}),
        (Sheet, {"name": "s", "titles": (), "fields": (A,), "key": ("b",)}),
        (Sheet, {"name": "s", "titles": (), "fields": (A, Field("c", (" a",)))}),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(kind: Any, given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        kind(**given)


def test_titles_are_told_in_the_language_asked_for_if_there_is_one() -> None:
    assert (A.title("zh-hans"), A.title("en"), B.title("en")) == ("甲", "A", "乙")


def test_a_sentence_is_filled_in_with_its_parameters() -> None:
    fault = Fault(
        Cell("a", 1, 1), "sheets.cell.too_long", parameters={"title": "甲", "chars": 9, "most": 5}
    )
    assert fault.said == "甲 has 9 characters. Shorten it to 5 at most."
    named = {
        name for text in SENTENCES.values() for _, name, _, _ in Formatter().parse(text) if name
    }
    assert named == {"title", "chars", "most", "exact", "choices", "first", "titles"}
