"""Other catalogues are read over real HTTP: once all is there it counts, else all stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from haihe.base.clock import now
from haihe.base.errors import HaiheError, NotPermitted
from haihe.base.settings import settings
from haihe.kernel.catalogue.models import Resource
from haihe.kernel.ledger.models import Entry as LedgerEntry
from haihe.systems.cascade import actions, jobs
from haihe.systems.cascade.drivers.fetching import fetch
from haihe.systems.cascade.errors import BadAddress, BadSource, LedElsewhere
from haihe.systems.cascade.models import Entry, Reading, Source, Staged
from haihe.systems.cascade.queries import entries
from tests import needs
from tests.cascade.builders import BOSS, document, harvest, source
from tests.cascade.remote import Remote

pytestmark = pytest.mark.django_db


def two_pages(remote: Remote) -> str:
    """A catalogue of five datasets on two pages; its address."""
    remote.put("2.ttl", document(4, 5, total=5))
    return remote.put("1.ttl", document(1, 2, 3, after="2.ttl", total=5))


def live() -> set[str]:
    return set(Entry.objects.filter(gone_at__isnull=True).values_list("identifier", flat=True))


def rows() -> list[dict[str, Any]]:
    return list(Entry.objects.order_by("key").values())


def numbers(*given: int) -> set[str]:
    return {f"c-{each}" for each in given}


def test_a_catalogue_is_read_page_by_page_and_a_second_reading_changes_nothing(
    db: None, remote: Remote
) -> None:
    found = source(two_pages(remote))
    first = harvest(found)
    assert (first.state, first.pages, first.new) == ("done", 2, 5)
    assert live() == numbers(1, 2, 3, 4, 5)
    before = rows()
    second = harvest(found)
    assert (second.state, second.new, second.changed, second.gone) == ("done", 0, 0, 0)
    assert rows() == before
    assert not Staged.objects.exists()
    entry = Entry.objects.get(identifier="c-1")
    assert entry.title == {"en": "Trees of street 1", "zh": "行道树1"}
    assert entry.content["landing_page"] == f"{remote.address}/about/1"
    assert not Resource.objects.exists()
    kinds = LedgerEntry.objects.values_list("kind", flat=True)
    assert list(kinds).count("cascade.catalogue.read") == 2


def test_what_changed_is_changed_what_vanished_is_gone_and_what_comes_back_is_there(
    db: None, remote: Remote
) -> None:
    found = source(two_pages(remote))
    harvest(found)
    untouched = Entry.objects.get(identifier="c-5")
    remote.put("1.ttl", document(1, after="2.ttl", more='; dct:issued "2026-01-01"'))
    remote.put("2.ttl", document(4, 5, total=3))
    reading = harvest(found)
    assert (reading.new, reading.changed, reading.gone) == (0, 1, 2)
    assert live() == numbers(1, 4, 5)
    gone = Entry.objects.get(identifier="c-2")
    assert gone.gone_at is not None
    assert entries.entries(is_gone=True).count() == 2
    assert Entry.objects.get(identifier="c-5").changed_at == untouched.changed_at
    two_pages(remote)
    reading = harvest(found)
    assert (reading.new, reading.changed, reading.gone) == (0, 3, 0)
    assert Entry.objects.get(pk=gone.pk).first_at == gone.first_at
    assert live() == numbers(1, 2, 3, 4, 5)


def test_a_reading_that_was_cut_leaves_all_as_it_was_and_goes_on_where_it_stood(
    db: None, remote: Remote
) -> None:
    found = source(two_pages(remote))
    harvest(found)
    before = rows()
    remote.put("1.ttl", document(1, 7, after="2.ttl", total=4))
    remote.put("2.ttl", document(4, 5, total=4))
    remote.rule(**{"2.ttl": {"cut": 300}})
    cut = harvest(found)
    assert (cut.state, cut.reason, cut.pages) == ("open", "cascade.down", 1)
    assert rows() == before
    assert Source.objects.get(pk=found.pk).next_at > now()
    remote.rule()
    asked = len(remote.asked())
    whole = harvest(found)
    assert (whole.pk, whole.state) == (cut.pk, "done")
    assert remote.asked()[asked:] == ["/2.ttl"]
    assert live() == numbers(1, 4, 5, 7)
    assert Source.objects.get(pk=found.pk).reason == ""


def test_a_reading_that_was_cut_long_ago_begins_anew(db: None, remote: Remote) -> None:
    found = source(two_pages(remote))
    remote.rule(**{"2.ttl": {"status": 503}})
    cut = harvest(found)
    Reading.objects.filter(pk=cut.pk).update(began_at=now() - timedelta(days=2))
    remote.rule()
    assert harvest(found).pk != cut.pk
    assert Reading.objects.get(pk=cut.pk).state == "failed"
    assert live() == numbers(1, 2, 3, 4, 5)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<p>Sorry</p>", "dcat.unreadable"),
        (document(1, 2, total=100), "cascade.short"),
        ("", "cascade.short"),
        (document(1, after="1.ttl"), "cascade.circle"),
        (document(1).replace("HERE/?v", "https://else.example/?v"), ""),
    ],
)
def test_what_comes_and_can_t_be_right_changes_nothing(
    db: None, remote: Remote, content: str, reason: str
) -> None:
    found = source(two_pages(remote))
    harvest(found)
    before = rows()
    remote.put("1.ttl", content)
    reading = harvest(found)
    assert reading.reason == reason
    if reason:
        assert reading.state == "failed"
        assert rows() == before
        assert Source.objects.get(pk=found.pk).reason == reason
        assert not Staged.objects.exists()


def test_faults_stand_with_the_entry_that_has_them_and_the_others_are_read_all_the_same(
    db: None, remote: Remote
) -> None:
    remote.put("1.ttl", document(1, 2, more='; dct:issued "yesterday"'))
    found = source(f"{remote.address}/1.ttl")
    assert harvest(found).entries == 2
    entry = Entry.objects.get(identifier="c-1")
    told = {(each["field"], each["code"]) for each in entry.faults}
    assert ("issued", "dcat.day.unreadable") in told
    assert ("sharing_class", "dcat.missing") in told
    assert all(each["message"] for each in entry.faults)
    assert entries.entries_with_faults(found).count() == 2


@pytest.mark.parametrize("words", ["行道树1", "Trees", "xds", "c-1"])
def test_entries_are_found_as_resources_are(db: None, remote: Remote, words: str) -> None:
    harvest(source(two_pages(remote)))
    assert "c-1" in {each.identifier for each in entries.entries(words)}
    assert not entries.entries("公积金").exists()
    assert not entries.entries("、").exists()


@pytest.mark.parametrize(
    "where",
    ["http://169.254.169.254/latest", "http://0.0.0.0/", "http://[ff02::1]/", "http://[::]/"],
)
def test_nothing_is_fetched_from_addresses_of_nobody(where: str) -> None:
    with pytest.raises(BadAddress):
        fetch(where, house=where)


@pytest.mark.parametrize(
    "where", ["ftp://a.example/", "file:///etc/passwd", "https://", "http://u:p@a.example/", "a"]
)
def test_only_addresses_of_http_are_named(db: None, where: str) -> None:
    with pytest.raises(BadAddress):
        source(where)
    assert not Source.objects.exists()


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"])
def test_this_machine_is_asked_for_trials_alone(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("HAIHE_TRIAL", "no")
    settings.cache_clear()
    with pytest.raises(BadAddress):
        fetch(f"http://{name}:9/", house=f"http://{name}:9/")


def test_a_redirect_is_followed_within_its_house_and_nowhere_else(db: None, remote: Remote) -> None:
    two_pages(remote)
    remote.rule(old={"status": 301, "to": "/1.ttl"}, out={"status": 302, "to": "http://10.0.0.1/"})
    assert harvest(source(f"{remote.address}/old")).entries == 5
    out = source(f"{remote.address}/out", "out")
    assert harvest(out).reason == "cascade.address.elsewhere"
    with pytest.raises(LedElsewhere):
        fetch(f"{remote.address}/out", house=remote.address)


def test_a_next_page_in_another_house_is_not_asked_for(db: None, remote: Remote) -> None:
    content = document(1, after="x").replace("HERE/x", "http://127.0.0.2:80/x")
    remote.put("1.ttl", content)
    assert harvest(source(f"{remote.address}/1.ttl")).reason == "cascade.address.elsewhere"
    assert not Entry.objects.exists()


@needs.data("dcat")
def test_each_real_document_of_dcat_is_read_whatever_it_holds(db: None, remote: Remote) -> None:
    documents = sorted((needs.settings().test_data / "dcat").glob("*.ttl"))
    assert documents
    for number, path in enumerate(documents):
        address = remote.put(path.name, path.read_bytes())
        found = source(address, f"real-{number}")
        reading = harvest(found)
        assert reading.state == "done", path
        # Its rules for catalogues hold no catalogue: then nothing is taken, and it is said why.
        assert reading.entries == entries.entries(source=found.pk).count()
        assert reading.entries or {each["code"] for each in reading.faults} >= {"dcat.missing"}
        assert harvest(found).changed == 0


def test_only_what_is_complete_can_be_named_and_only_by_who_may(db: None) -> None:
    for given in (
        {"kind": "below"}, {"kind": "sideways"}, {"title": " "}, {"code": "A b"},
    ):  # fmt: skip
        with pytest.raises(BadSource):
            source("https://a.example/", **given)
    nobody = type(BOSS)("officer", "1")
    with pytest.raises(NotPermitted):
        actions.name_source(by=nobody, code="a", title="A", kind="dcat", address="https://a.e/")
    made = source("https://a.example/", key="very secret")
    with pytest.raises(BadSource):
        source("https://b.example/")
    assert b"secret" not in bytes(made.key_sealed or b"")
    assert entries.key_of(made) == "very secret"


def test_a_stopped_catalogue_is_read_no_more_until_it_is_resumed(db: None, remote: Remote) -> None:
    found = source(two_pages(remote))
    actions.stop_source(by=BOSS, source=found)
    with pytest.raises(HaiheError, match="stopped"):
        harvest(found)
    assert jobs.exchange() == 0
    actions.resume_source(by=BOSS, source=found)
    assert jobs.exchange() == 1
    assert jobs.exchange() == 0  # it is due again tomorrow
    assert len(live()) == 5
