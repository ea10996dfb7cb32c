"""GeoReport's documents: what is written is read the same, in both formats, whatever it says."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st

from haihe.edges import open311
from haihe.edges.open311 import (
    Accepted,
    Attribute,
    Definition,
    Fault,
    Request,
    Service,
    Token,
    Unreadable,
    Update,
)

FORMS = st.sampled_from(["json", "xml"])
SIGNS = st.characters(
    exclude_categories=("Cs",), exclude_characters=[*map(chr, range(32)), "\ufffe", "\uffff"]
) | st.sampled_from("\t\n\r&<>\"']")
WORDS = st.text(SIGNS, max_size=30)
CODES = st.text(SIGNS, max_size=12).map(str.strip)
NUMBERS = CODES.filter(bool)
MOMENTS = st.none() | st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - the zone is given beside
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.just(UTC),
)
DEGREES = st.none() | st.floats(-180, 180)
KEYWORDS = st.lists(NUMBERS.filter(lambda k: "," not in k), max_size=3).map(tuple)
SERVICES = st.builds(
    Service, NUMBERS, WORDS, WORDS, st.booleans(), st.sampled_from(["realtime", "batch"]),
    KEYWORDS, WORDS,
)  # fmt: skip
ATTRIBUTES = st.builds(
    Attribute, CODES, WORDS, st.sampled_from(["string", "number", "singlevaluelist"]),
    st.booleans(), st.booleans(), st.integers(1, 99), WORDS,
    st.lists(st.tuples(CODES, WORDS), max_size=3).map(tuple),
)  # fmt: skip
DEFINITIONS = st.builds(Definition, CODES, st.lists(ATTRIBUTES, max_size=3).map(tuple))
REQUESTS = st.builds(
    Request, NUMBERS, st.sampled_from(["open", "closed"]), WORDS, CODES, WORDS, WORDS, WORDS,
    WORDS, MOMENTS, MOMENTS, MOMENTS, WORDS, DEGREES, DEGREES, CODES, CODES, CODES,
)  # fmt: skip
UPDATES = st.builds(Update, CODES, NUMBERS, CODES, WORDS, MOMENTS, CODES, CODES)


@given(st.lists(SERVICES, max_size=4), FORMS)
def test_services_are_read_as_they_were_written(found: list[Service], form: str) -> None:
    assert open311.read_services(open311.write_services(found, form=form), form=form) == found


@given(DEFINITIONS, FORMS)
def test_a_definition_is_read_as_it_was_written(found: Definition, form: str) -> None:
    assert open311.read_definition(open311.write_definition(found, form=form), form=form) == found


@given(st.lists(REQUESTS, max_size=4), FORMS)
def test_requests_are_read_as_they_were_written(found: list[Request], form: str) -> None:
    assert open311.read_requests(open311.write_requests(found, form=form), form=form) == found


@given(st.lists(UPDATES, max_size=4), FORMS)
def test_updates_are_read_as_they_were_written(found: list[Update], form: str) -> None:
    assert open311.read_updates(open311.write_updates(found, form=form), form=form) == found


@given(NUMBERS, WORDS, CODES, st.booleans(), FORMS)
def test_an_answer_is_read_as_it_was_written(
    number: str, notice: str, account: str, of_update: bool, form: str
) -> None:
    found = Accepted(number) if of_update else Accepted(number, "", notice, account)
    written = open311.write_accepted(found, form=form, of_update=of_update)
    assert open311.read_accepted(written, form=form, of_update=of_update) == found


@given(st.lists(st.builds(Fault, NUMBERS, WORDS), max_size=3), FORMS)
def test_faults_are_read_as_they_were_written(found: list[Fault], form: str) -> None:
    assert open311.read_faults(open311.write_faults(found, form=form), form=form) == found


@given(st.lists(st.builds(Token, CODES, CODES), max_size=3), FORMS)
def test_tokens_are_read_as_they_were_written(found: list[Token], form: str) -> None:
    assert open311.read_tokens(open311.write_tokens(found, form=form), form=form) == found


@given(st.lists(REQUESTS, min_size=2, max_size=3))
def test_both_formats_say_the_same_to_a_foreign_reader(found: list[Request]) -> None:
    as_json = json.loads(open311.write_requests(found, form="json"))
    as_xml = xmltodict.parse(open311.write_requests(found, form="xml"))["service_requests"]
    for ours, theirs in zip(as_json, as_xml["request"], strict=True):
        assert ours.keys() == theirs.keys()
        # The foreign reader strips what stands at a text's ends.
        said = {k: (str(v).strip() or None if v is not None else None) for k, v in ours.items()}
        assert said == {k: v.strip() or None if v else None for k, v in theirs.items()}


@given(st.binary(max_size=200), FORMS)
def test_no_bytes_bring_a_reader_down(content: bytes, form: str) -> None:
    for read in (
        open311.read_services,
        open311.read_definition,
        open311.read_requests,
        open311.read_updates,
        open311.read_accepted,
        open311.read_tokens,
    ):
        try:
            read(content, form=form)  # type: ignore[operator]
        except Unreadable:
            continue


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><services>&b;</services>',
        b'<!DOCTYPE a SYSTEM "http://192.0.2.1/x.dtd"><services/>',
        b"<services>" * 40 + b"</services>" * 40,
        b"<services><service></services>",
        b"",
    ],
)
def test_a_document_with_a_dtd_too_deep_or_broken_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        open311.read_services(content, form="xml")


def test_what_servers_that_are_about_send_is_read() -> None:
    loose = b"""{"service_requests": [{"service_request_id": 638344, "status": "closed",
        "service_code": 1, "lat": "37.76", "long": -122.42, "requested_datetime": null,
        "updated_datetime": "2010-04-14T06:37:38-08:00"}]}"""
    [found] = open311.read_requests(loose, form="json")
    assert (found.id, found.service_code, found.lat, found.lon) == ("638344", "1", 37.76, -122.42)
    assert found.updated == datetime(2010, 4, 14, 14, 37, 38, tzinfo=UTC)
    spaced = b"""<?xml version="1.0" encoding="utf-8"?>
        <service_requests_updates>
          <request_update><update_id>638344</update_id>
            <service_request_id> 1 </service_request_id><status>open</status>
            <description>This is a note</description><updated_datetime/></request_update>
        </service_requests_updates>"""
    [update] = open311.read_updates(spaced, form="xml")
    assert update == Update("638344", "1", "open", "This is a note")


def test_every_status_is_open_or_closed_and_read_whatever_its_spelling() -> None:
    assert len(open311.STATUSES) == 13
    for status in open311.STATUSES:
        assert open311.read_status(status.lower().replace("_", " ")) == status
        assert open311.basic(status) == ("open" if open311.is_open(status) else "closed")
    assert not set(open311.OPEN_STATUSES) & set(open311.CLOSED_STATUSES)
