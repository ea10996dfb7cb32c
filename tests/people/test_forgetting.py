"""A subject is erased by two, with a basis, after the legal term: rows and key, or neither."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.errors import NotPermitted
from haihe.kernel.ledger.errors import NoBasis, SecondPersonMissing, TooEarly
from haihe.kernel.ledger.models import Entry, SubjectSecret
from haihe.kernel.people import actions, queries
from haihe.kernel.people.actions.forgetting import Forgotten
from haihe.kernel.people.errors import BadNumber
from haihe.kernel.people.models import Consent, Enterprise, Person
from tests.ledger import kit
from tests.people.test_subjects import ENTERPRISE, PERSON, clerk, number

pytestmark = pytest.mark.django_db(transaction=True)
ERASE = frozenset({"ledger.subject.erase"})
FIRST = Actor("officer", "91", permissions=ERASE)
SECOND = Actor("officer", "92", permissions=ERASE)


def forget(**changes: object) -> Forgotten:
    given = {
        "by": FIRST,
        "approved_by": SECOND,
        "number": number(),
        "scheme": PERSON,
        "basis": "PIPL 47",
    }
    return actions.forget_subject(**{**given, **changes})


def aged(*, days: int) -> None:
    """Every entry so far was made so many days ago."""
    for (entry,) in Entry.objects.values_list("id"):
        kit.as_owner("update ledger_entry set at = at - %s where id = %s",
                     [timedelta(days=days), entry])  # fmt: skip
        kit.reseal(entry)


def registered() -> Person:
    person = actions.register_person(by=clerk(), number=number(), name="王敏", scheme=PERSON)
    Consent.objects.create(person=person, purpose="housing", text="yes")
    return person


def test_a_person_is_erased_whole_and_the_ledger_stays_whole(tmp_path: Path) -> None:
    key = queries.subject_key(registered())
    aged(days=1200)

    done = forget()

    assert done.rows == 2
    assert not Person.objects.exists()
    assert not Consent.objects.exists()
    assert not SubjectSecret.objects.filter(subject=key).exists()
    body = Entry.objects.get(id=done.entry).body
    assert (body["entries"], body["rows"], body["basis"]) == (1, 2, "PIPL 47")
    assert number() not in str(body)
    log = kit.sequencer(tmp_path)
    log.step()
    log.close()
    report = kit.audit(tmp_path)
    assert (report.findings, report.erased) == ([], 1)


def test_a_look_within_its_term_keeps_everything() -> None:
    registered()
    aged(days=1000)
    with pytest.raises(TooEarly):
        forget()
    assert Person.objects.exists()
    assert Consent.objects.exists()
    assert SubjectSecret.objects.exists()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"by": clerk()}, NotPermitted),
        ({"approved_by": clerk()}, NotPermitted),
        ({"approved_by": FIRST}, SecondPersonMissing),
        ({"basis": " "}, NoBasis),
        ({"number": "123"}, BadNumber),
    ],
)
def test_an_erasure_is_refused_without(change: dict[str, object], error: type[Exception]) -> None:
    registered()
    aged(days=1200)
    with pytest.raises(error):
        forget(**change)
    assert Person.objects.exists()
    assert SubjectSecret.objects.exists()


def test_one_persons_business_is_erased_and_a_company_stays() -> None:
    for stem, is_individual in ((1, True), (2, False)):
        actions.register_enterprise(
            by=clerk(),
            code=number(stem, digits=9),
            name="Shop",
            scheme=ENTERPRISE,
            is_individual=is_individual,
        )
    aged(days=1200)
    assert forget(number=number(1, digits=9), scheme=ENTERPRISE).rows == 1
    assert forget(number=number(2, digits=9), scheme=ENTERPRISE).rows == 0
    assert Enterprise.objects.get().name == "Shop"


def test_the_entry_is_of_now_and_names_both() -> None:
    registered()
    aged(days=1200)
    entry = Entry.objects.get(id=UUID(str(forget().entry)))
    assert (entry.actor, entry.body["approved_by"]) == ("officer:91", "officer:92")
    assert now() - entry.at < timedelta(minutes=5)
