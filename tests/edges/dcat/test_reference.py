"""The reference names a property for every field that a catalogue has."""

from __future__ import annotations

from dataclasses import fields

import pytest

from haihe.project.reference import dcat


@pytest.mark.parametrize("title", [title for title, _, _ in dcat._PARTS])
def test_every_field_has_its_property_in_the_reference(title: str) -> None:
    (whole,) = (whole for name, whole, _ in dcat._PARTS if name == title)
    section = dcat.dcat_page().partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = [line.split(" | ") for line in section.splitlines() if line.startswith("| `")]
    told = {row[0].strip("|` "): row[1].strip("| ") for row in rows}
    # Where a page lies is all that a page says of its catalogue; the rest is the catalogue's.
    left = {"catalogue", "datasets", "faults"} if title.startswith("Page") else set()
    assert {each.name for each in fields(whole)} - left == {name for name in told if told[name]}
