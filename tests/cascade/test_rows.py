"""A dataset that a row holds comes back as it was read, but for whom to ask there."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given

from haihe.edges.dcat import Page
from haihe.systems.cascade.rows import dataset_of, kept
from tests.edges.dcat.made_up import pages, parcels


@given(pages())
def test_a_dataset_comes_back_from_json_as_it_was(made: Page) -> None:
    for each in made.datasets:
        held = json.loads(json.dumps(kept(each)))
        assert kept(dataset_of(held)) == held
        assert repr(kept(replace(each, contact=None))) == repr(held)


def test_all_that_a_dataset_says_comes_back_but_for_whom_to_ask() -> None:
    held = json.loads(json.dumps(kept(parcels())))
    assert "data@land.example" not in str(held)
    assert dataset_of(held) == replace(parcels(), contact=None)
