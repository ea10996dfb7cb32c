"""The catalogue written out: what everybody gets, what officers and callers get, page by page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from io import BytesIO
from itertools import islice
from typing import Any

import pyshacl
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode
from rdflib import Graph

from haihe.base.clock import now
from haihe.edges import dcat
from haihe.edges.dcat.graphs import read_graph
from haihe.kernel.catalogue.models import Resource
from haihe.kernel.services.actions import end_caller, make_caller
from haihe.kernel.services.models import Caller
from haihe.systems.cascade.queries import written
from haihe.systems.cascade.queries.whole import write_whole
from haihe.systems.cascade.queries.written import Audience
from tests import needs
from tests.cascade.builders import BOSS, forbid, publish
from tests.cascade.conftest import HERE
from tests.edges.dcat.test_other_parsers import DCT, quads, said
from tests.pages.cities import client_of, officer

pytestmark = pytest.mark.django_db
ENDINGS = (".ttl", ".jsonld", ".rdf")
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency"


def page(address: str, *, client: Client | None = None, **headers: str) -> dcat.Page:
    """A page as our own reader reads it."""
    answer = (client or Client()).get(address.removeprefix(HERE), headers=headers)
    assert answer.status_code == 200, answer.content
    return dcat.read_page(
        answer.content, media_type=answer.headers["Content-Type"], address=address
    )


def walk(address: str, **given: Any) -> Iterator[dcat.Page]:
    """All pages, by their links."""
    while address:
        found = page(address, **given)
        yield found
        address = found.next


def codes(pages: Iterator[dcat.Page]) -> list[str]:
    """The codes of all datasets, in the order of the pages."""
    found = [each.address for one in pages for each in one.datasets]
    return [each.removeprefix(f"{HERE}/dcat/resource/") for each in found]


@cache
def shapes() -> Graph:
    return Graph().parse(needs.settings().test_data / "dcat" / "dcat-ap-SHACL.ttl", format="turtle")


@needs.data("dcat")
@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("path", ["/dcat", "/dcat/shared"])
def test_each_page_of_the_city_s_catalogue_conforms_and_says_what_must_be_said(
    city: None, path: str, ending: str
) -> None:
    for number in range(3):
        publish(number)
    answer = client_of(officer("land", "Ann")).get(path + ending)
    graph = read_graph(answer.content, media_type=answer.headers["Content-Type"], base="")
    conforms, _, report = pyshacl.validate(graph, shacl_graph=shapes(), inference="none")
    assert conforms, report
    found = dcat.read_page(answer.content, media_type=answer.headers["Content-Type"])
    assert len(found.datasets) == found.total
    assert len(found.datasets) >= 3
    assert not found.faults
    assert not dcat.missing(found)


@pytest.mark.parametrize("ending", ENDINGS)
def test_another_parser_reads_titles_codes_and_cycles_back(city: None, ending: str) -> None:
    client = client_of(officer("land", "Ann"))
    content = client.get(f"/dcat/shared{ending}").content
    found = quads(content, ending[1:])
    cycles = {"daily": "DAILY", "monthly": "MONTHLY", "yearly": "ANNUAL", "weekly": "WEEKLY"}
    published = Resource.objects.filter(state="published")
    assert published.count() > 5
    for each in published:
        where = f"{HERE}/dcat/resource/{each.code}"
        assert said(found, where, f"{DCT}title") == {
            Literal(text, language=language) for language, text in each.title.items()
        }
        assert said(found, where, f"{DCT}identifier") == {Literal(each.national_code or each.code)}
        if each.cycle in cycles:
            cycle = NamedNode(f"{FREQUENCY}/{cycles[each.cycle]}")
            assert said(found, where, f"{DCT}accrualPeriodicity") == {cycle}


@pytest.mark.parametrize("ending", ENDINGS)
def test_nobody_without_a_session_or_key_sees_what_is_not_opened(city: None, ending: str) -> None:
    publish(1)
    publish(2, opened="conditional")
    publish(3, opened="closed", title={"en": "Not for all"})
    publish(4, opened="closed", sharing_class="withheld", title={"en": "Kept inside"})
    assert set(codes(walk(f"{HERE}/dcat{ending}"))) == {"land/r0001", "land/r0002"}
    whole = Client().get(f"/dcat{ending}").content.decode()
    closed = Resource.objects.filter(open_class="closed").values_list("code", "table")
    assert not [word for code in closed for word in code if word in whole]
    assert "Not for all" not in whole
    for path in (f"/dcat/shared{ending}", f"/dcat/shared{ending}?passed="):
        assert Client().get(path).status_code == 401
        bad = {"Authorization": "Bearer haihe_wrong"}
        assert Client().get(path, headers=bad).status_code == 401
    for code in ("land/r0003", "land/r0004"):
        assert Client().get(f"/dcat/resource/{code}").status_code == 404


@pytest.mark.parametrize("ending", ENDINGS)
def test_of_an_opened_resource_only_columns_are_named_that_everybody_may_know(
    city: None, ending: str
) -> None:
    forbid(publish(1), "listed")
    found = page(f"{HERE}/dcat{ending}").datasets[0]
    assert [each.name for each in found.items] == ["number", "firm", "place"]
    content = Client().get(f"/dcat{ending}").content.decode()
    shown = Client().get("/dcat/resource/land/r0001", headers={"Accept": "text/html"})
    for word in ("phone_of", "Phone", "keeper", "secret", "listed", "luhn.person", "land.r0001"):
        assert word not in content
        assert word not in shown.content.decode()
    whole = page(f"{HERE}/dcat/shared{ending}", client=client_of(officer("land", "Ann")))
    mine = next(each for each in whole.datasets if each.address.endswith("land/r0001"))
    assert len(mine.items) == 8
    assert [each.name for each in mine.items if each.is_personal] == ["who", "phone_of"]


def test_a_caller_s_key_opens_the_whole_catalogue_until_it_is_ended(city: None) -> None:
    publish(1, opened="closed")
    key = make_caller(by=BOSS, department="land", subsystem="reader")
    headers = {"Authorization": f"Bearer {key}"}
    found = codes(walk(f"{HERE}/dcat/shared.ttl", **headers))
    assert set(found) == set(
        Resource.objects.filter(state="published").values_list("pk", flat=True)
    )
    end_caller(by=BOSS, caller=Caller.objects.get())
    assert Client().get("/dcat/shared.ttl", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml, text/turtle;q=0.5", "application/rdf+xml; charset=utf-8"),
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("*/*", "text/turtle; charset=utf-8"),
        ("text/html,*/*;q=0.1", "text/turtle; charset=utf-8"),
    ],
)
def test_the_format_is_the_one_that_the_client_likes_best(
    city: None, accept: str, kind: str
) -> None:
    answer = Client().get("/dcat", headers={"Accept": accept})
    assert answer.headers["Content-Type"] == kind
    assert "Accept" in answer.headers["Vary"]
    assert Client().get("/dcat", headers={"Accept": "image/png"}).status_code == 406


def test_what_has_not_changed_is_not_sent_again_and_a_head_says_how_long_it_is(city: None) -> None:
    made = publish(1)
    first = Client().get("/dcat.ttl")
    etag = first.headers["ETag"]
    assert first.headers["Last-Modified"]
    again = Client().get("/dcat.ttl", headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    head = Client().head("/dcat.ttl")
    assert head.headers["ETag"] == etag
    assert (head.content, head.headers["Content-Length"]) == (b"", str(len(first.content)))
    assert Client().get("/dcat.jsonld").headers["ETag"] != etag
    forbid(made, "place")
    changed = Client().get("/dcat.ttl", headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert b"place" not in changed.content
    assert Client().post("/dcat.ttl").status_code == 405


def test_a_resource_has_a_page_of_its_own_for_people_and_for_programs(city: None) -> None:
    publish(1)
    where = f"{HERE}/dcat/resource/land/r0001"
    shown = Client().get("/dcat/resource/land/r0001", headers={"Accept": "text/html"})
    assert "宗地1" in shown.content.decode() or "Parcels 1" in shown.content.decode()
    found = page(where, Accept="application/ld+json")
    assert [each.address for each in found.datasets] == [where]
    assert found.datasets[0].landing_page == where


@given(
    size=st.integers(1, 7),
    begun=st.lists(st.integers(0, 30), unique=True, max_size=20),
    changes=st.lists(st.tuples(st.booleans(), st.integers(0, 30)), max_size=12),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_and_goes_between_pages_what_stays_is_seen_once_and_in_order(
    city: None, size: int, begun: list[int], changes: list[tuple[bool, int]]
) -> None:
    Resource.objects.filter(pk__startswith="land/r").update(open_class="closed")
    for number in begun:
        publish(number)
    reader, cursor = Audience(HERE, is_open=True), written.Cursor()
    seen: list[str] = []
    touched = {number for _, number in changes}
    left = iter(changes)
    while True:
        found = written.page(reader, cursor, where="https://x.example/dcat", size=size)
        seen += [each.address.rpartition("/r")[2] for each in found.datasets]
        assert len(found.datasets) <= size
        for is_opened, number in islice(left, 2):
            publish(number, opened="unconditional" if is_opened else "closed")
        if not found.next:
            break
        cursor = written.Cursor(code=f"land/r{seen[-1]}")
    assert seen == sorted(set(seen))
    assert {f"{each:04}" for each in begun if each not in touched} <= set(seen)
    assert {int(each) for each in seen} <= {*begun, *touched}


def test_every_link_of_a_long_catalogue_leads_on_until_all_were_seen(
    city: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(7):
        publish(number)
    monkeypatch.setattr(written.page, "__kwdefaults__", {"size": 3})
    pages = list(walk(f"{HERE}/dcat.jsonld"))
    assert [len(each.datasets) for each in pages] == [3, 3, 1]
    assert codes(iter(pages)) == [f"land/r{each:04}" for each in range(7)]
    assert {each.first for each in pages} == {f"{HERE}/dcat.jsonld"}
    assert {each.total for each in pages} == {7}


def test_a_closed_negative_entry_names_the_column_again(city: None) -> None:
    made = publish(1)
    forbid(made, "place")
    entry = made.columns.get(name="place").negative_entries.get()
    assert "place" not in [each.name for each in page(f"{HERE}/dcat.ttl").datasets[0].items]
    type(entry).objects.filter(pk=entry.pk).update(valid_until=now().date() - timedelta(days=2))
    assert "place" in [each.name for each in page(f"{HERE}/dcat.ttl").datasets[0].items]


@pytest.mark.parametrize("form", dcat.FORMATS)
def test_the_whole_catalogue_is_one_document_however_many_pages_it_was_written_in(
    city: None, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    for number in range(7):
        publish(number)
    monkeypatch.setattr(written.pages, "__kwdefaults__", {"size": 3})
    to = BytesIO()
    assert write_whole(to, form=form, address=HERE, is_open=True) == 7
    found = dcat.read_page(to.getvalue(), media_type=dcat.FORMATS[form])
    assert sorted(codes(iter([found]))) == [f"land/r{each:04}" for each in range(7)]
    assert not dcat.missing(found)
    assert len(quads(to.getvalue(), form)) > 100


def test_json_ld_carries_its_context_and_nothing_is_fetched_for_it(city: None) -> None:
    publish(1)
    found = json.loads(Client().get("/dcat.jsonld").content)
    assert isinstance(found["@context"], dict)
