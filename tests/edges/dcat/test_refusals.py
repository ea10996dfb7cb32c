"""What is no catalogue is refused with a code, and nothing is fetched for anybody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haihe.base.errors import HaiheError
from haihe.edges import dcat
from haihe.edges.dcat import graphs
from tests.edges.dcat.made_up import page, parcels

TURTLE, JSON_LD, XML = "text/turtle", "application/ld+json", "application/rdf+xml"
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
HOLE = f'<rdf:RDF {RDF} xmlns:d="http://purl.org/dc/terms/">{{}}</rdf:RDF>'


def refused(content: bytes, media_type: str, **limits: Any) -> str:
    """The code with which a document is refused; empty if it is read."""
    try:
        dcat.read_page(content, media_type=media_type, **limits)
    except HaiheError as error:
        return error.code
    return ""


@pytest.fixture
def visited() -> Iterator[tuple[str, list[str]]]:
    """A server that would answer any context, and what was asked of it."""
    asked: list[str] = []

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"@context": {"dct": "http://purl.org/dc/terms/"}}')

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/c.jsonld", asked
    server.shutdown()
    server.server_close()


def test_a_context_that_lies_elsewhere_is_refused_and_never_fetched(
    visited: tuple[str, list[str]],
) -> None:
    where, asked = visited
    inside = {"dct": "http://purl.org/dc/terms/"}
    documents: list[Any] = [
        {"@context": where, "@id": "urn:x:y"},
        {"@context": [inside, where]},
        {"@context": [[where]]},
        {"@context": {"@context": [inside, [where]]}},
        [{"@context": where}],
        {"@context": {"@import": where}},
        {"@context": {"dct": {"@id": "urn:x:p", "@context": where}}, "dct": {"@id": "urn:x:z"}},
        {"@context": inside, "dct:relation": {"@context": where, "@id": "urn:x:y"}},
        {"@graph": [{"@context": [inside, {"@import": where}]}]},
    ]
    codes = {refused(json.dumps(each).encode(), JSON_LD) for each in documents}
    assert codes == {"dcat.remote_context"}
    read = json.dumps({"@context": inside, "@id": where, "dct:relation": {"@id": where}})
    assert refused(read.encode(), JSON_LD) == ""
    turtle = f"@prefix x: <{where}#> . @base <{where}> . <> a x:a ; x:b <{where}> ."
    assert refused(turtle.encode(), TURTLE, address=where) == ""
    assert refused(HOLE.format(f'<d:x rdf:about="{where}"/>').encode(), XML) == ""
    assert asked == []


def test_an_external_entity_is_refused_and_its_file_stays_unread(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    kinds = (
        f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>',
        f'<!DOCTYPE r [<!ENTITY % x SYSTEM "{secret.as_uri()}"> %x;]>',
        f'<!DOCTYPE r SYSTEM "{secret.as_uri()}">',
        '<!DOCTYPE r [<!ENTITY a "aa"><!ENTITY b "&a;&a;"><!ENTITY x "&b;&b;">]>',
    )
    hole = HOLE.format('<rdf:Description rdf:about="urn:a:b"><d:t>&x;</d:t></rdf:Description>')
    assert {refused((each + hole).encode(), XML) for each in kinds} == {"dcat.declares_entities"}
    wide = (kinds[0] + hole).encode("utf-16")
    assert refused(wide, XML) == "dcat.declares_entities"


def test_an_inclusion_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a secret")
    where = (tmp_path / "secret").as_uri()
    included = f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{where}"/>'
    content = HOLE.format(f'<rdf:Description rdf:about="urn:a:b">{included}</rdf:Description>')
    graph = graphs.read_graph(content.encode(), media_type=XML, base="")
    assert "a secret" not in graph.serialize(format="nt")


def test_a_document_larger_than_a_page_may_be_is_refused() -> None:
    content = dcat.write_page(page())
    assert refused(content, TURTLE, largest=len(content)) == ""
    assert refused(content, TURTLE, largest=len(content) - 1) == "dcat.too_large"


@pytest.mark.parametrize("form", dcat.FORMATS)
def test_more_statements_than_a_page_may_hold_are_refused(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = dcat.write_page(page(*(parcels(number) for number in range(20))), form=form)
    kind = dcat.FORMATS[form]
    assert refused(content, kind) == ""
    monkeypatch.setattr(graphs, "MOST_FACTS", 200)
    assert refused(content, kind) == "dcat.too_large"


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"<html>hello</html>", "text/html", "dcat.unknown_format"),
        (b"a,b", "text/csv; charset=utf-8", "dcat.unknown_format"),
        (b"This is no Turtle", TURTLE, "dcat.unreadable"),
        (b'<urn:a:b> <urn:a:c> "open', TURTLE, "dcat.unreadable"),
        (b"\xff\xfe\x00", TURTLE, "dcat.unreadable"),
        (b"{", JSON_LD, "dcat.unreadable"),
        (b'"text"', JSON_LD, "dcat.unreadable"),
        (b'{"@context": 7}', JSON_LD, "dcat.unreadable"),
        (b"", XML, "dcat.unreadable"),
        (b"<a>", XML, "dcat.unreadable"),
        (b"<rdf:RDF/>", XML, "dcat.unreadable"),
        (b'<?xml version="1.0" encoding="no-such"?><a/>', XML, "dcat.unreadable"),
        (b"[" * 100_000, JSON_LD, "dcat.unreadable"),
        (b'{"@id":' * 50_000, JSON_LD, "dcat.unreadable"),
        (b"[ <urn:a:b> " * 50_000, TURTLE, "dcat.unreadable"),
        (b"<urn:a:b> <urn:a:c> " + b"(" * 50_000, TURTLE, "dcat.unreadable"),
    ],
)
def test_what_is_no_rdf_is_refused_with_its_code(
    content: bytes, media_type: str, code: str
) -> None:
    assert refused(content, media_type) == code


def test_a_server_that_does_not_say_what_it_sends_is_understood() -> None:
    for form in dcat.FORMATS:
        content = dcat.write_page(page(), form=form)
        for kind in ("", "text/plain; charset=utf-8", "application/octet-stream"):
            assert dcat.read_page(content, media_type=kind).datasets == (parcels(),)


CODES = {"dcat.unreadable", "dcat.declares_entities", "dcat.remote_context"}
WRITTEN = {form: dcat.write_page(page(), form=form) for form in dcat.FORMATS}


@given(
    st.sampled_from(list(WRITTEN)),
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 9), st.binary(max_size=4)), min_size=1, max_size=6
    ),
)
def test_a_damaged_page_is_read_or_refused_with_a_code_and_nothing_else(
    form: str, damages: list[tuple[float, int, bytes]]
) -> None:
    content = WRITTEN[form]
    for where, cut, put in damages:
        start = int(where * len(content))
        content = content[:start] + put + content[start + cut :]
    assert refused(content, dcat.FORMATS[form]) in {"", *CODES}


def test_nothing_of_another_city_reaches_our_log(caplog: pytest.LogCaptureFixture) -> None:
    content = b"""@prefix dct: <http://purl.org/dc/terms/> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <http://a.example/a b> dct:issued "Zhang San"^^xsd:date ; dct:x "x"^^xsd:integer ."""
    assert refused(content, TURTLE) == ""
    assert refused(HOLE.format('<d:x rdf:about="http://a b"/>').encode(), XML) == ""
    assert caplog.text == ""
