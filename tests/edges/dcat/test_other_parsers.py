"""Parsers that share no code with ours read the pages: Oxigraph (Rust) and PyLD."""

from __future__ import annotations

import json
from typing import Any, NoReturn

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyld import jsonld
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Literal, NamedNode, RdfFormat, parse

from haihe.edges import dcat
from haihe.edges.dcat import Page
from haihe.edges.dcat.terms import address
from haihe.edges.dcat.vocabulary import CYCLES
from tests.edges.dcat.made_up import CITY, TAILS, page, pages, parcels

DCT = "http://purl.org/dc/terms/"


def fetch_nothing(url: str, _: Any) -> NoReturn:
    raise AssertionError(f"asked for {url}")


def quads(content: bytes, form: str) -> Dataset:
    """A document's statements, its blank nodes named by what they say."""
    if form == "jsonld":
        told = jsonld.to_rdf(
            json.loads(content),
            {"format": "application/n-quads", "documentLoader": fetch_nothing},
        )
        found = Dataset(parse(told.encode(), format=RdfFormat.N_QUADS))
    else:
        kind = RdfFormat.TURTLE if form == "ttl" else RdfFormat.RDF_XML
        found = Dataset(parse(content, format=kind))
    found.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return found


def said(found: Dataset, subject: str, property: str) -> set[Any]:
    chosen = found.quads_for_subject(NamedNode(subject))
    return {each.object for each in chosen if each.predicate == NamedNode(property)}


@given(pages())
@settings(max_examples=40)
def test_all_three_formats_say_the_same_to_other_parsers(given: Page) -> None:
    turtle, json_ld, xml = (
        quads(dcat.write_page(given, form=form), form) for form in ("ttl", "jsonld", "rdf")
    )
    assert set(turtle) == set(xml) == set(json_ld)
    assert len(turtle) > 0


@pytest.mark.parametrize("form", dcat.FORMATS)
def test_titles_codes_and_cycles_are_read_by_another_parser(form: str) -> None:
    datasets = [
        parcels(number, cycle=cycle, title={"zh": f"宗地“{number}”\n", "en": cycle})
        for number, cycle in enumerate(CYCLES, 1)
    ]
    (written,) = dcat.write_pages(CITY, datasets, form=form)
    found = quads(written, form)
    for each in datasets:
        assert said(found, each.address, f"{DCT}title") == {
            Literal(each.title["zh"], language="zh"),
            Literal(each.title["en"], language="en"),
        }
        assert said(found, each.address, f"{DCT}identifier") == {Literal(each.identifier)}
        assert said(found, each.address, f"{DCT}accrualPeriodicity") == {
            NamedNode(
                f"http://publications.europa.eu/resource/authority/frequency/{CYCLES[each.cycle]}"
            )
        }
    listed = said(found, CITY.address, "http://www.w3.org/ns/dcat#dataset")
    assert listed == {NamedNode(each.address) for each in datasets}


def test_the_comparison_sees_a_difference() -> None:
    one, other = (dcat.write_page(page(parcels(version=each))) for each in ("1", "2"))
    assert set(quads(one, "ttl")) != set(quads(other, "ttl"))


@given(st.sampled_from(["https://", "http://[", "urn:", "x:/", "mailto:", ""]), TAILS)
@example("https://", "[::::]/")
@example("https://", "[::1]:80/")
@example("https://", "h.example/\xa0%zz#[#]")
def test_an_address_is_one_that_another_parser_takes_as_it_stands(scheme: str, rest: str) -> None:
    found = address(scheme + rest)
    assert address(found) == found
    if found:
        (told,) = parse(f"<{found}> <urn:a:b> 1 .".encode(), format=RdfFormat.TURTLE)
        assert told.subject.value == found


def test_an_address_that_is_right_stays_as_it_is() -> None:
    for right in ("https://u@h.example:80/宗?a=%E5&b#c", "urn:uuid:1-2", "http://[2001:db8::1]/"):
        assert address(right) == right
