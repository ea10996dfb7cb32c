"""A small city for the pages: the pack riverton, officers who may do everything, batches."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from haihe.base.actor import Actor
from haihe.base.clock import now
from haihe.base.registry import registry
from haihe.kernel.exchange.models import Batch, Link, Quarantined, Serving
from haihe.kernel.org.models import Account, Department, Officer, Post, Posting
from haihe.kernel.org.queries import actor_of
from haihe.kernel.people.actions import proof, register_person
from haihe.kernel.people.queries import subject_key
from haihe.project.pack.load import load_city


def officer(department: str, name: str, *, permissions: tuple[str, ...] | None = None) -> Account:
    """An officer of a department whose post holds the permissions; all there are by default."""
    named = registry.permissions if permissions is None else permissions
    account = Account.objects.create(username=name.lower())
    person = Officer.objects.create(account=account, department_id=department, name=name)
    post = Post.objects.create(department_id=department, title={"en": name})
    post.permissions.model.objects.bulk_create(
        post.permissions.model(post=post, permission=each) for each in named
    )
    Posting.objects.create(officer=person, post=post)
    return account


def client_of(account: Account) -> Client:
    """A client that is signed in."""
    client = Client()
    client.force_login(account, backend="haihe.ui.sign_in.backend.Backend")
    session = client.session
    session["second_factor"] = True
    session.save()
    return client


def actor(account: Account) -> Actor:
    """The actor behind an account."""
    return actor_of(account)


@pytest.fixture
def city(db: None) -> None:
    """Riverton, loaded through the actions; one batch was reconciled and one failed."""
    load_city("riverton")
    assert Department.objects.exists()
    link = Link.objects.create(code="registry.person", resource_id="registry.person", mode="full")
    done = Batch.objects.create(
        link=link,
        state="done",
        ended_at=now(),
        rows_read=1003,
        rows_written=1001,
        rows_quarantined=2,
        rows_held=1001,
        source_hash=991,
        target_hash=990,
        quarantine_hash=1,
        is_reconciled=True,
    )
    for ordinal in (1, 2):
        Quarantined.objects.create(
            batch=done,
            ordinal=ordinal,
            reason="exchange.row.bad_check_digit",
            column="person_number",
            row={},
            row_hash=1,
        )
    Batch.objects.create(
        link=link,
        state="failed",
        started_at=now() - timedelta(days=1),
        error_code="exchange.source.unreachable",
        error="The source did not answer.",
    )
    Serving.objects.create(
        subject=b"0" * 16, resource="registry.person", rows=[{"division": "D01W01"}], batch=done.pk
    )


NUMBER = "1000000008"


@pytest.fixture
def citizen(city: None) -> Account:
    """A citizen on whom the register holds a row, and at whose data nobody has looked yet."""
    account = Account.objects.create(username="wang")
    by = Actor(kind="citizen", name=str(account.pk))
    person = register_person(
        by=by, number=NUMBER, name="Wang Li", scheme="luhn.person", account=account, proofing=1
    )
    counter = Actor(kind="officer", name="1", permissions=frozenset({"people.person.proof"}))
    proof(by=counter, person=person)
    Serving.objects.create(
        subject=subject_key(person),
        resource="registry.person",
        rows=[{"person_number": NUMBER, "name": "Wang Li", "division": "D01W01"}],
        batch=Batch.objects.first().pk,
    )
    return account
