"""Each rule of presence is broken by one planted gap, and by nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from haihe.edges import dcat
from haihe.edges.dcat import Agent, Concept, DataService, Dataset, Distribution, Page
from tests.edges.dcat.made_up import CITY, LAND, page, parcels

BARE = {"zh": " \0"}
TABLE = Distribution("table", "https://a.example/")
SERVED = Distribution("interface", "https://a.example/")
NOWHERE = replace(SERVED, service=DataService("", {"en": "x"}))
NAMELESS = replace(SERVED, service=DataService("urn:x:y", {}))


def gaps(given: Page) -> list[tuple[str, str]]:
    return [(each.dataset, each.field) for each in dcat.missing(given)]


def test_a_full_page_lacks_nothing() -> None:
    assert dcat.missing(page()) == []


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"identifier": " "}, "identifier"),
        ({"title": {}}, "title"),
        ({"title": BARE}, "title"),
        ({"description": BARE}, "description"),
        ({"publisher": None}, "publisher"),
        ({"publisher": replace(LAND, name={})}, "publisher.name"),
        ({"publisher": replace(LAND, identifier="")}, "publisher.identifier"),
        ({"themes": ()}, "themes"),
        ({"themes": (Concept("", "3-02"),)}, "themes"),
        ({"sharing_class": ""}, "sharing_class"),
        ({"sharing_class": "public"}, "sharing_class"),
        ({"sharing_condition": ""}, "sharing_condition"),
        ({"cycle": ""}, "cycle"),
        ({"cycle": "often"}, "cycle"),
        ({"issued": None}, "issued"),
        ({"distributions": ()}, "distributions"),
        ({"distributions": (replace(TABLE, access=""),)}, "distributions.access"),
        ({"distributions": (replace(TABLE, access="lake.t"),)}, "distributions.access"),
        ({"distributions": (SERVED,)}, "service"),
        ({"distributions": (NOWHERE,)}, "service.endpoint"),
        ({"distributions": (NAMELESS,)}, "service.title"),
    ],
)
def test_a_gap_in_a_dataset_is_named(changed: dict[str, Any], field: str) -> None:
    lacking = parcels(2, **changed)
    assert gaps(page(parcels(), lacking)) == [(lacking.address, field)]


def test_a_dataset_without_an_address_is_named_by_its_number() -> None:
    assert gaps(page(parcels(address="lake.t"), parcels(2, address=""))) == [
        ("lake.t", "address"),
        ("302/000002", "address"),
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"address": ""}, "catalogue.address"),
        ({"title": {}}, "catalogue.title"),
        ({"description": {}}, "catalogue.description"),
        ({"publisher": None}, "catalogue.publisher"),
        ({"publisher": Agent({}, identifier="1")}, "catalogue.publisher.name"),
    ],
)
def test_a_gap_in_the_catalogue_is_named(changed: dict[str, Any], field: str) -> None:
    assert gaps(page(catalogue=replace(CITY, **changed))) == [("", field)]


def test_a_withheld_dataset_needs_no_way_of_delivery_and_no_condition() -> None:
    assert (
        gaps(page(parcels(sharing_class="withheld", sharing_condition="", distributions=()))) == []
    )


def test_two_datasets_of_one_number_are_both_named() -> None:
    twin: Dataset = parcels(2, identifier=parcels().identifier)
    found = dcat.missing(page(parcels(), twin, parcels(3)))
    assert [(each.dataset, each.code) for each in found] == [
        (parcels().address, "dcat.identifier.repeated"),
        (twin.address, "dcat.identifier.repeated"),
    ]


def test_a_page_without_datasets_is_right_only_in_an_empty_catalogue() -> None:
    assert [each.code for each in dcat.missing(Page(CITY))] == ["dcat.page.empty"]
    assert dcat.missing(Page(CITY, total=0)) == []
