"""Entries are recorded in the transaction of what they record, and stand in access records."""

from __future__ import annotations

import os

import pytest
from django.db import DatabaseError, connection, transaction

from haihe.base.errors import HaiheError
from haihe.engine.merkle.entries import UnfitBody
from haihe.engine.merkle.subjects import subjects_root
from haihe.kernel.ledger import actions, queries
from haihe.kernel.ledger.errors import NoTransaction, UnknownKind
from haihe.kernel.ledger.models import Entry, SubjectEntry, SubjectSecret
from tests.ledger.kit import OFFICER

pytestmark = pytest.mark.django_db


def test_a_look_stands_in_the_persons_access_record() -> None:
    person = os.urandom(16)
    entry = actions.record(
        by=OFFICER, kind="test.looked", purpose="housing", subject=person, body={"rows": 1}
    )
    (line,) = queries.access_record(person)
    assert (line.entry, line.department, line.purpose) == (entry, "d01", "housing")
    assert line.body == {"rows": 1}
    assert line.number is None
    assert line.actor == "officer:17"


def test_an_access_record_is_paged_newest_first() -> None:
    person = os.urandom(16)
    made = [actions.record(by=OFFICER, kind="test.looked", subject=person) for _ in range(5)]
    first = queries.access_record(person, limit=2)
    second = queries.access_record(person, limit=2, before=first[-1].entry)
    newest_first = sorted(made, reverse=True)
    assert [line.entry for line in first + second] == newest_first[:4]


def test_kinds_that_a_subject_does_not_see_stay_out_of_the_access_record() -> None:
    person = os.urandom(16)
    actions.record(by=OFFICER, kind="test.ruled", subject=person)
    assert queries.access_record(person) == []


def test_a_delivery_stands_in_each_subjects_access_record() -> None:
    people = [os.urandom(16) for _ in range(1000)]
    entry = actions.record_delivery(by=OFFICER, kind="test.looked", subjects=[*people, *people])
    assert all(queries.access_record(person)[0].entry == entry for person in people[::100])
    assert SubjectEntry.objects.filter(entry=entry).count() == 1000
    assert bytes(Entry.objects.get(id=entry).subjects_root) == subjects_root(sorted(people))


def test_an_undeclared_kind_is_refused() -> None:
    with pytest.raises(UnknownKind):
        actions.record(by=OFFICER, kind="test.undeclared")


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(NoTransaction):
        actions.record(by=OFFICER, kind="test.looked")


@pytest.mark.django_db(transaction=True)
def test_an_entry_goes_with_the_transaction_that_it_stood_in() -> None:
    person = os.urandom(16)
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012 - the end undoes all
        actions.record(by=OFFICER, kind="test.looked", subject=person)
        raise RuntimeError
    assert queries.access_record(person) == []
    assert not SubjectSecret.objects.filter(subject=person).exists()


def test_a_secret_is_stored_sealed_and_kept() -> None:
    person = os.urandom(16)
    actions.record(by=OFFICER, kind="test.looked", subject=person)
    first = bytes(SubjectSecret.objects.get(subject=person).secret)
    actions.record(by=OFFICER, kind="test.looked", subject=person)
    assert bytes(SubjectSecret.objects.get(subject=person).secret) == first
    assert len(first) > 64


@pytest.mark.parametrize("body", [{"a": 0.5}, {"a": "x\0"}, {1: "a"}, {"a": 2**63}, {"a": [1.0]}])
def test_a_body_that_does_not_read_back_exactly_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(UnfitBody):
        actions.record(by=OFFICER, kind="test.looked", body=body)


@pytest.mark.parametrize(
    "statement",
    [
        "update ledger_entry set purpose = 'other'",
        "delete from ledger_entry",
        "update ledger_numbered set number = 1",
        "delete from ledger_subjectentry",
        "delete from ledger_checkpoint",
    ],
)
def test_the_tables_refuse_changes(statement: str) -> None:
    actions.record(by=OFFICER, kind="test.looked", subject=os.urandom(16))
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_errors_carry_their_codes() -> None:
    with pytest.raises(HaiheError) as caught:
        actions.record(by=OFFICER, kind="test.undeclared")
    assert caught.value.code == "ledger.kind.unknown"
