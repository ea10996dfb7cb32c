"""Written pages conform to DCAT-AP 3.0.1's own shapes; what breaks a rule does not."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pyshacl
import pytest
from hypothesis import given, settings
from rdflib import Graph

from haihe.edges import dcat
from haihe.edges.dcat import Agent, Catalogue, DataService, Page
from haihe.edges.dcat.graphs import read_graph
from tests import needs
from tests.edges.dcat.made_up import CITY, LAND, page, pages, parcels

pytestmark = needs.data("dcat")
HOLDER = parcels().distributions[1]
SERVED = parcels().distributions[0]
ENDLESS = replace(SERVED, service=DataService("", {"en": "No endpoint"}))
NO_PUBLISHER = replace(CITY, publisher=None)


@cache
def shapes() -> Graph:
    return Graph().parse(needs.settings().test_data / "dcat" / "dcat-ap-SHACL.ttl", format="turtle")


def broken_rules(content: bytes, form: str = "ttl") -> str:
    """The report of what does not conform; empty if all does."""
    graph = read_graph(content, media_type=dcat.FORMATS[form], base="")
    conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes(), inference="none")
    return "" if conforms else report


@pytest.mark.parametrize("form", dcat.FORMATS)
def test_a_written_page_conforms_in_each_format(form: str) -> None:
    datasets = [parcels(number) for number in range(1, 6)]
    for content in dcat.write_pages(CITY, datasets, 2, form=form):
        assert broken_rules(content, form) == ""


SAID = {"zh": "有"}


def completed(given: Page) -> Page:
    """Any page, with what the shapes demand filled in."""
    catalogue = replace(given.catalogue, title=SAID, description=SAID, publisher=LAND)
    datasets = []
    for each in given.datasets:
        publisher = each.publisher and replace(each.publisher, name=SAID)
        ways = [
            replace(
                way,
                access="https://a.example/",
                service=way.service and replace(way.service, title=SAID, endpoint="urn:x:y"),
            )
            for way in each.distributions
        ]
        themes = tuple(replace(theme, name=SAID) for theme in each.themes)
        datasets.append(
            replace(
                each, title=SAID, description=SAID, publisher=publisher, distributions=tuple(ways),
                themes=themes,
            )
        )  # fmt: skip
    return Page(catalogue, tuple(datasets))


@given(pages())
@settings(max_examples=20)
def test_whatever_else_a_page_says_it_conforms(given: Page) -> None:
    assert broken_rules(dcat.write_page(completed(given))) == ""


@pytest.mark.parametrize(
    ("given", "property"),
    [
        (page(parcels(title={})), "dct:title"),
        (page(parcels(description={})), "dct:description"),
        (page(parcels(distributions=(replace(HOLDER, access="lake.parcels"),))), "dcat:accessURL"),
        (page(parcels(publisher=Agent({}))), "foaf:name"),
        (page(catalogue=replace(CITY, title={})), "dct:title"),
        (page(catalogue=replace(CITY, description={})), "dct:description"),
        (page(catalogue=NO_PUBLISHER), "dct:publisher"),
        (page(parcels(distributions=(ENDLESS,))), "dcat:endpointURL"),
    ],
)
def test_what_the_shapes_demand_and_is_not_said_breaks_them(given: Page, property: str) -> None:
    assert property in broken_rules(dcat.write_page(given))


@pytest.mark.parametrize(
    ("property", "value"),
    [
        ("dct:accessRights", "<https://a.example/open>"),
        ("dct:publisher", "<https://a.example/other>"),
        ("dct:accrualPeriodicity", "<https://a.example/often>"),
        ("dct:modified", '"2020-01-01"^^xsd:date'),
        ("dcat:version", '"4"'),
        ("dcat:theme", '"land"'),
        ("dct:license", '"free"'),
    ],
)
def test_one_value_too_many_or_of_the_wrong_kind_breaks_them(property: str, value: str) -> None:
    where = "dcat:Distribution" if property == "dct:license" else "dcat:Dataset"
    content = dcat.write_page(page()).replace(
        f"a {where} ;".encode(), f"a {where} ; {property} {value} ;".encode(), 1
    )
    assert property in broken_rules(content)


def test_the_shapes_alone_pass_what_our_own_rules_do_not() -> None:
    silent = parcels(publisher=None, themes=(), sharing_class="", open_class="", cycle="")
    written = dcat.write_page(page(replace(silent, identifier="")))
    twice = dcat.write_page(page()).replace(
        b'dct:identifier "302/000001"', b'dct:identifier "302/000001", "7"'
    )
    assert [broken_rules(each) for each in (b"", written, twice)] == ["", "", ""]
    empty = dcat.read_page(b"", media_type="text/turtle")
    assert dcat.missing(empty)
    assert dcat.missing(dcat.read_page(written, media_type="text/turtle"))
    (found,) = dcat.read_page(twice, media_type="text/turtle").faults
    assert (found.field, found.code) == ("identifier", "dcat.several")


def test_an_empty_catalogue_conforms() -> None:
    (written,) = dcat.write_pages(Catalogue(CITY.address, SAID, SAID, LAND), [])
    assert broken_rules(written) == ""
