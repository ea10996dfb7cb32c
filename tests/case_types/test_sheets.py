"""The page of a case type says the same as its document."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.http import QueryDict

from haihe.base.registry import registry
from haihe.kernel.cases.types.documents import checked
from haihe.systems.case_types.patterns import SIMPLE
from haihe.systems.case_types.sheets import (
    add_row,
    document_of_sheet,
    read_sheet,
    sheet_of,
    wrong_numbers,
)
from tests.case_types.builders import plain

CITIES = Path(__file__).parents[2] / "haihe" / "cities"
PACKED = sorted(CITIES.glob("*/case_types/*.yaml"))


def shipped() -> list[Any]:
    """Every type of the house and of its packs."""
    packed = [checked(yaml.safe_load(path.read_text("utf-8"))) for path in PACKED]
    return [*registry.case_types.values(), *packed]


def test_the_packs_bring_types() -> None:
    assert len(PACKED) == 2


@pytest.mark.parametrize("of", shipped(), ids=lambda each: each.name)
def test_a_type_goes_over_its_page_and_back_unchanged(of: Any) -> None:
    document = plain(of)
    assert checked(document_of_sheet(sheet_of(document))) == of


def sent(**values: Any) -> QueryDict:
    found = QueryDict(mutable=True)
    for name, value in values.items():
        found.setlist(name.replace("__", "."), value if isinstance(value, list) else [value])
    return found


def test_a_new_row_gets_its_code_from_its_english_name_and_keeps_it() -> None:
    first = read_sheet(sent(en="Lost pet", states__0__zh="待寻", states__0__en="Sought!"))
    assert (first["code"], first["states"][0]["code"]) == ("city.lost_pet", "sought")
    again = read_sheet(
        sent(code="city.lost_pet", en="Pets", states__0__code="sought", states__0__en="Looked for")
    )
    assert (again["code"], again["states"][0]["code"]) == ("city.lost_pet", "sought")


def test_two_rows_of_one_name_get_two_codes() -> None:
    found = read_sheet(sent(states__0__en="Here", states__1__en="Here", states__2__zh="只有中文"))
    assert [row["code"] for row in found["states"]] == ["here", "here_2", "n"]


def test_a_row_that_is_marked_to_go_goes_and_an_empty_one_says_nothing() -> None:
    found = read_sheet(
        sent(states__0__en="A", states__0__goes="yes", states__1__en="B", states__7__en="")
    )
    assert list(document_of_sheet(found)["states"]) == ["b"]


def test_rows_are_added_to_the_page_and_to_a_row() -> None:
    sheet = sheet_of(SIMPLE)
    add_row(sheet, "actions.1.fields")
    add_row(sheet, "clocks")
    assert len(sheet["actions"][1]["fields"]) == 1
    assert sheet["clocks"][2]["levels"] == []


@pytest.mark.parametrize("way", ["moons", "states.99.fields", "states.0.kind", "a.b.c"])
def test_a_list_that_is_not_there_takes_no_row(way: str) -> None:
    with pytest.raises((KeyError, IndexError, ValueError, TypeError, StopIteration)):
        add_row(sheet_of(SIMPLE), way)


def test_what_is_no_number_is_named_by_its_column() -> None:
    sheet = read_sheet(sent(clocks__0__limit="soon", clocks__0__en="A", reopenings="2.5"))
    assert [each.name for each in wrong_numbers(sheet)] == ["reopenings", "limit"]


def test_hostile_names_of_inputs_break_nothing() -> None:
    found = QueryDict("states=x&states.0=y&states.0.zh=a&actions.x.en=b&a.b.c=1&.=2&clocks.-1.en=z")
    assert read_sheet(found)["actions"] == []


def test_choices_of_one_word_are_all_kept() -> None:
    question = {"actions.0.en": "Ask", "actions.0.fields.0.en": "Which"}
    text = "是 | Yes\n确定 | Yes\n否\n不"
    found = QueryDict(mutable=True)
    for name, value in {**question, "actions.0.fields.0.choices": text}.items():
        found[name] = value
    field = document_of_sheet(read_sheet(found))["actions"]["ask"]["fields"]["which"]
    assert list(field["choices"]) == ["yes", "yes_2", "n", "n_2"]


def test_a_part_takes_no_more_rows_than_a_procedure_has() -> None:
    sheet = sheet_of(SIMPLE)
    while len(sheet["states"]) < 60:
        add_row(sheet, "states")
    with pytest.raises(IndexError):
        add_row(sheet, "states")
    assert len(sheet["states"]) == 60
