"""Others' RDF is read in a process of its own: what eats memory or time ends there."""

from __future__ import annotations

import os
import resource
import threading
import time

import pytest

from haihe.base.errors import HaiheError
from haihe.edges import dcat
from haihe.systems.cascade.drivers import parsing, read_apart
from tests.edges.dcat.made_up import page, parcels

TURTLE = "text/turtle"


def refusal(content: bytes, media_type: str = TURTLE) -> str:
    """The code of the error that reading raises."""
    with pytest.raises(HaiheError) as raised:
        read_apart(content, media_type=media_type)
    return raised.value.code


def written(form: str) -> bytes:
    """A page of one dataset that says all that one can."""
    return dcat.write_page(page(parcels()), form=form)


@pytest.mark.parametrize("form", [*dcat.FORMATS])
def test_a_page_comes_back_as_it_would_here(form: str) -> None:
    content, kind = written(form), dcat.FORMATS[form]
    assert read_apart(content, media_type=kind) == dcat.read_page(content, media_type=kind)


def test_faults_neighbours_and_a_total_of_none_come_back_too() -> None:
    page = read_apart(
        b"@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix hydra:"
        b" <http://www.w3.org/ns/hydra/core#> . <urn:c> a dcat:Catalog ; hydra:totalItems 0 ;"
        b" dcat:dataset [ a dcat:Dataset ] .",
        media_type=TURTLE,
    )
    assert page.total == 0
    assert "dcat.unnamed" in {each.code for each in page.faults}


def test_what_can_not_be_read_is_named_as_here() -> None:
    assert refusal(b"<<<") == "dcat.unreadable"
    assert refusal(b"x", "application/pdf") == "dcat.unknown_format"
    entities = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>'
    assert refusal(entities, "application/rdf+xml") == "dcat.declares_entities"


def test_a_page_that_eats_memory_is_refused_and_leaves_ours_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parsing, "PARSE_MIB", 120)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lines = b"".join(b"<urn:s%d> <urn:p> <urn:o%d> .\n" % (i, i) for i in range(400_000))
    assert refusal(lines) == "dcat.too_heavy"
    grown_mib = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown_mib < 150


def test_a_page_that_eats_time_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "PARSE_S", 1)
    lines = b"".join(b"<urn:s%d> <urn:p> <urn:o%d> .\n" % (i, i) for i in range(400_000))
    before, begun = _children(), time.process_time()
    assert refusal(lines) == "dcat.too_heavy"
    # Our own process has spent next to nothing of the second that the other one was given.
    assert time.process_time() - begun < 1
    assert _children() == before


def _children() -> list[str]:
    with open(f"/proc/self/task/{os.getpid()}/children") as children:
        return children.read().split()


def test_who_finds_no_place_free_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "PARSE_WAIT_S", 0)
    monkeypatch.setattr(parsing, "_free", threading.BoundedSemaphore(1))
    with parsing._free:
        assert refusal(written("ttl")) == "cascade.busy"
    assert read_apart(written("ttl"), media_type=TURTLE).datasets
