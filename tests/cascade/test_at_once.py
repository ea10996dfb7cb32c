"""A catalogue that comes twice at once counts once, and nothing in it goes missing."""

from __future__ import annotations

import threading
import time
from typing import Any
from uuid import uuid4

import pytest
from django.db import close_old_connections, connection, transaction

from haihe.base.errors import HaiheError
from haihe.edges import dcat
from haihe.systems.cascade import actions
from haihe.systems.cascade.models import Entry, Reading, Source, Staged
from haihe.systems.cascade.readings import give_up, put_aside, take
from tests.cascade.builders import BOSS, publish, source
from tests.cascade.remote import Remote
from tests.cascade.test_levels import NORTH, dataset, level, live, send, written

FIRST = written(NORTH, dataset(NORTH, 1), next=f"{NORTH}/2")
LAST = written(NORTH, dataset(NORTH, 2))


def receive(content: bytes, number: object) -> actions.Taken:
    return actions.receive_page(
        by=BOSS, source=Source.objects.get(pk="north"), number=number,  # type: ignore[arg-type]
        content=content, media_type="text/turtle",
    )  # fmt: skip


def wait_until_somebody_waits() -> None:
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        with connection.cursor() as cursor:
            cursor.execute("select pg_stat_clear_snapshot()")
            cursor.execute(
                "select exists (select from pg_stat_activity"
                " where datname = current_database() and wait_event_type = 'Lock')"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("Nobody waits for the source.")


@pytest.mark.django_db(transaction=True)
def test_the_last_page_sent_again_while_it_is_taken_is_answered_as_taken(city: None) -> None:
    north, number = level("north", "oldbridge"), uuid4()
    send(FIRST, north, number)
    answers: list[Any] = []

    def again() -> None:
        try:
            answers.append(send(LAST, north, number).json())
        finally:
            close_old_connections()
            connection.close()

    sender = threading.Thread(target=again)
    with transaction.atomic():
        assert receive(LAST, number).is_done
        sender.start()
        wait_until_somebody_waits()
    sender.join(timeout=30)
    assert answers == [{"entries": 2, "done": True}]
    assert live("north") == {"1", "2"}
    assert Reading.objects.get(pk=number).pages == 2


@pytest.mark.django_db
def test_a_reading_that_has_ended_takes_no_page_and_is_not_taken_again(city: None) -> None:
    north, number = level("north", "oldbridge"), uuid4()
    send(FIRST, north, number)
    stale = Reading.objects.get(pk=number)
    send(LAST, north, number)
    page = dcat.read_page(LAST, media_type="text/turtle")
    found = Source.objects.get(pk="north")
    for late in (lambda: put_aside(found, stale, page), lambda: take(found, stale)):
        with pytest.raises(HaiheError) as raised:
            late()
        assert raised.value.code == "cascade.reading.other"
    give_up(stale, "cascade.down")
    assert Reading.objects.get(pk=number).state == "done"
    assert live("north") == {"1", "2"}


@pytest.mark.django_db
def test_a_reading_of_which_not_all_lies_ready_marks_nothing_as_gone(city: None) -> None:
    north, number = level("north", "oldbridge"), uuid4()
    send(written(NORTH, dataset(NORTH, 1), dataset(NORTH, 2)), north)
    send(FIRST, north, number)
    Staged.objects.filter(reading=number).delete()
    assert send(LAST, north, number).status_code == 400
    assert Reading.objects.get(pk=number).reason == "cascade.short"
    assert live("north") == {"1", "2"}
    assert not Entry.objects.filter(gone_at__isnull=False).exists()


@pytest.mark.django_db
def test_our_catalogue_is_sent_by_one_process_at_a_time(city: None, remote: Remote) -> None:
    publish(1)
    above = source(f"{remote.address}/shared.ttl", "above", kind="above", key="k")
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(hashtextextended('cascade:above', 330))")
        held.set()
        done.wait(30)
        connection.close()

    reader = threading.Thread(target=hold)
    reader.start()
    assert held.wait(20)
    try:
        assert actions.send_catalogue(by=BOSS, source=above) is None
    finally:
        done.set()
        reader.join(timeout=30)
    assert remote.asked() == []
