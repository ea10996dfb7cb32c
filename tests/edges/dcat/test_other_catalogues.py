"""Other catalogues are read for what they say; what they get wrong is listed, one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from haihe.edges import dcat
from haihe.edges.dcat import Agent, Concept, Contact, Dataset, Page

HEAD = """
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix freq: <http://publications.europa.eu/resource/authority/frequency/> .
@prefix right: <http://publications.europa.eu/resource/authority/access-right/> .
<https://c.example/> a dcat:Catalog ; dct:title "Catalogue"@en ; dct:language "en", "de" .
"""
HERE = "https://c.example/d"
INSPIRE = "http://inspire.ec.europa.eu/metadata-codelist/MaintenanceFrequency"


def read(body: str, head: str = HEAD) -> Page:
    return dcat.read_page((head + body).encode(), media_type="text/turtle")


def one(body: str) -> tuple[Dataset, list[tuple[str, str]]]:
    """A dataset that says only this besides its number, and its faults."""
    found = read(f'<{HERE}> a dcat:Dataset ; dct:identifier "n" ; {body}')
    assert {each.dataset for each in found.faults} <= {HERE}
    return found.datasets[0], [(each.field, each.code) for each in found.faults]


@pytest.mark.parametrize(
    ("said", "cycle", "code"),
    [
        ("freq:CONT", "realtime", ""),
        ("freq:ANNUAL_2", "half_yearly", ""),
        ("<http://purl.org/cld/freq/quarterly>", "quarterly", ""),
        (f"<{INSPIRE}/annually>", "yearly", ""),
        ('"monthly"', "monthly", ""),
        ('"R/P1W"', "weekly", ""),
        ("[ a dct:Frequency ; rdfs:label 'Daily' ]", "daily", ""),
        ("freq:BIMONTHLY", "quarterly", "dcat.cycle.rounded"),
        ("freq:HOURLY", "daily", "dcat.cycle.rounded"),
        ("freq:UNKNOWN", "", "dcat.cycle.unknown"),
        ('"when the moon is full"', "", "dcat.cycle.unknown"),
    ],
)
def test_a_frequency_is_ours_or_the_slower_or_unknown(said: str, cycle: str, code: str) -> None:
    found, faults = one(f"dct:accrualPeriodicity {said} .")
    assert found.cycle == cycle
    assert faults == ([("cycle", code)] if code else [])


@pytest.mark.parametrize(
    ("said", "classes", "faults"),
    [
        ("right:PUBLIC", ("unconditional", "unconditional"), []),
        ("right:RESTRICTED", ("conditional", ""), []),
        ("right:NON_PUBLIC", ("withheld", "closed"), []),
        ('"non-public"', ("withheld", "closed"), []),
        ("<https://a.example/mine>", ("", ""), [("sharing_class", "dcat.rights.unknown")]),
    ],
)
def test_an_access_right_without_our_own_words_is_read_narrowly(
    said: str, classes: tuple[str, str], faults: list[tuple[str, str]]
) -> None:
    found, noted = one(f"dct:accessRights {said} .")
    assert ((found.sharing_class, found.open_class), noted) == (classes, faults)


def test_a_word_of_ours_that_is_none_is_left_out_and_named() -> None:
    found, faults = one('<https://w3id.org/haihe/terms#sharingClass> "everyone" .')
    assert (found.sharing_class, faults) == ("", [("sharing_class", "dcat.word.unknown")])


def test_a_dataset_without_a_number_goes_by_its_address() -> None:
    found = read(f'<{HERE}> a dcat:Dataset ; dct:title "T"@en .')
    assert found.datasets[0].identifier == HERE
    assert [(each.dataset, each.field, each.code) for each in found.faults] == [
        (HERE, "identifier", "dcat.identifier.address")
    ]


def test_a_dataset_without_number_and_address_is_left_out_and_the_others_stay() -> None:
    found = read(
        f'[] a dcat:Dataset ; dct:title "T" . [] a dcat:Dataset ; dct:identifier "7" .'
        f'<{HERE}> a dcat:Dataset ; dct:identifier "8" .'
    )
    assert sorted(each.identifier for each in found.datasets) == ["7", "8"]
    assert [each.code for each in found.faults] == ["dcat.unnamed"]


def test_a_text_without_a_language_has_the_catalogues_where_it_has_one() -> None:
    found, faults = one('dct:title "Title" .')
    assert (found.title, faults) == ({"und": "Title"}, [("title", "dcat.text.untagged")])
    alone = read(
        f'<{HERE}> a dcat:Dataset ; dct:identifier "1" ; dct:title "Haus" ; dcat:keyword "Tor" .',
        HEAD.replace(
            '"en", "de"', "<http://publications.europa.eu/resource/authority/language/DEU>"
        ),
    )
    assert alone.datasets[0].title == {"de": "Haus"}
    assert alone.datasets[0].keywords == {"de": ("Tor",)}
    assert alone.faults == ()


@pytest.mark.parametrize(
    ("said", "day", "code"),
    [
        ('"2025-08-01"^^xsd:date', date(2025, 8, 1), ""),
        ('"2025-08-01"', date(2025, 8, 1), ""),
        ('"2025-08-01Z"^^xsd:date', date(2025, 8, 1), ""),
        ('"2025-08-01T06:00:00"^^xsd:dateTime', date(2025, 8, 1), ""),
        ('"2025-08-01T06:00:00+08:00"^^xsd:dateTime', datetime(2025, 7, 31, 22, tzinfo=UTC), ""),
        ('"2025"^^xsd:gYear', date(2025, 1, 1), "dcat.day.vague"),
        ('"2025-08"^^xsd:gYearMonth', date(2025, 8, 1), "dcat.day.vague"),
        ('"2025-13-45"^^xsd:date', None, "dcat.day.unreadable"),
        ('"yesterday"', None, "dcat.day.unreadable"),
        ('"0001-01-01T00:00:00+14:00"', None, "dcat.day.unreadable"),
    ],
)
def test_a_day_is_read_in_each_of_its_forms(said: str, day: object, code: str) -> None:
    found, faults = one(f"dct:issued {said} .")
    assert found.issued == day
    assert faults == ([("issued", code)] if code else [])


def test_what_is_said_twice_is_taken_once_and_named() -> None:
    found, faults = one(
        'dct:title "B"@en, "A"@en ; dcat:version "2", "1" ; '
        'dct:publisher [ a foaf:Agent ; foaf:name "P"@en ], "Q"@en .'
    )
    assert (found.title, found.version) == ({"en": "A"}, "1")
    assert sorted(faults) == [
        ("publisher", "dcat.several"),
        ("title", "dcat.several"),
        ("version", "dcat.several"),
    ]


def test_publishers_contacts_and_themes_of_older_shapes_are_read() -> None:
    found, faults = one(
        'dct:publisher "City of C"@en ; owl:versionInfo "1.0" ; dct:license "CC0" ; '
        'dcat:contactPoint [ vcard:fn "Desk"@en ; '
        "vcard:hasEmail [ vcard:hasValue <mailto:a%20b@c.example> ] ] ; "
        'dcat:theme <https://t.example/1>, "plain" ; '
        "dcat:distribution [ dcat:accessURL 'https://c.example/f' ; dct:format 'csv' ; "
        "dcat:mediaType <http://www.iana.org/assignments/media-types/text/csv> ] ."
    )
    assert faults == []
    assert found.publisher == Agent({"en": "City of C"})
    assert found.contact == Contact({"en": "Desk"}, "a b@c.example")
    assert found.themes == (Concept("", "plain"), Concept("https://t.example/1"))
    assert found.version == "1.0"
    (way,) = found.distributions
    assert (way.mode, way.access, way.format, way.licence) == (
        "file",
        "https://c.example/f",
        "csv",
        "CC0",
    )


def test_a_service_that_serves_a_dataset_is_a_way_of_its_delivery() -> None:
    found = read(
        f'<{HERE}> a dcat:Dataset ; dct:identifier "1" . '
        f'<https://c.example/s> a dcat:DataService ; dct:title "S"@en ; '
        f"dcat:endpointURL <https://c.example/api> ; dcat:servesDataset <{HERE}> ."
    )
    (way,) = found.datasets[0].distributions
    assert (way.mode, way.access) == ("interface", "https://c.example/api")
    assert way.service
    assert way.service.title == {"en": "S"}


@pytest.mark.parametrize(
    "said",
    ["PartialCollectionView ; hydra:next <{}>", "PagedCollection ; hydra:nextPage '{}'"],
)
def test_the_next_page_is_found_by_the_newer_and_the_older_words(said: str) -> None:
    after = "https://c.example/?page=2"
    view = f"a hydra:{said.format(after)} ; hydra:totalItems 12"
    found = read(f"<https://c.example/?page=1> {view} .")
    assert (found.next, found.total) == (after, 12)


def test_a_page_that_names_itself_as_the_next_ends() -> None:
    here = "https://c.example/?page=1"
    assert read(f"<{here}> a hydra:PartialCollectionView ; hydra:next <{here}> .").next == ""


def test_relative_addresses_are_relative_to_where_the_page_was_got() -> None:
    content = HEAD.encode() + b"<d/1> a dcat:Dataset ."
    found = dcat.read_page(content, media_type="text/turtle", address="https://c.example/all.ttl")
    assert found.datasets[0].address == "https://c.example/d/1"


def test_a_document_without_a_catalogue_still_gives_its_datasets() -> None:
    head = HEAD[: HEAD.index("<https://c.example/>")]
    found = read(f'<{HERE}> a dcat:Dataset ; dct:identifier "1" .', head)
    assert [each.identifier for each in found.datasets] == ["1"]
    assert [(each.dataset, each.field) for each in found.faults] == [("", "catalogue")]


def test_every_code_of_a_fault_has_its_sentence_and_long_finds_are_cut() -> None:
    found = read(f"<{HERE}> a dcat:Dataset ; dct:identifier 'n' ; dct:issued '{'x' * 500}' .")
    (fault,) = found.faults
    assert fault.message.startswith(dcat.SENTENCES[fault.code])
    assert len(fault.message) < 150
