"""Canonical bytes, commitments and promises: one definition, stable for good."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from haihe.base import sealing
from haihe.base.settings import settings as ours
from haihe.engine.merkle.entries import (
    EntryRow,
    canonical,
    commit,
    commitment,
    insert_entries,
)
from haihe.engine.merkle.promise import (
    BadPromise,
    make_promises,
    promise_text,
    read_promise,
    verify_promise,
)
from haihe.engine.merkle.secrets import SubjectSecrets
from haihe.kernel.ledger import queries
from haihe.kernel.ledger.models import Entry, SubjectSecret
from tests.ledger import kit

ROW = EntryRow(
    id=UUID("01890a5d-ac96-774b-bcce-b302099a8057"),
    kind="test.looked",
    at=datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC),
    actor="officer:17",
    department="d01",
    purpose="住房",
    grant=UUID("01890a5d-ac96-774b-bcce-b302099a8058"),
    subject=bytes(range(16)),
    body={"b": 1, "a": [True, None, {"d": "é", "c": -5}]},
)


def test_canonical_bytes_never_change() -> None:
    assert canonical(ROW).decode() == (
        '{"actor":"officer:17","at":"2026-01-02T03:04:05.000006Z",'
        '"body":{"a":[true,null,{"c":-5,"d":"é"}],"b":1},"department":"d01",'
        '"grant":"01890a5d-ac96-774b-bcce-b302099a8058",'
        '"id":"01890a5d-ac96-774b-bcce-b302099a8057","kind":"test.looked","purpose":"住房",'
        '"subject":"000102030405060708090a0b0c0d0e0f","subjects_root":null}'
    )


def test_a_commitment_is_salted_by_the_subjects_secret_and_the_entrys_id() -> None:
    salt = hmac.new(b"s" * 32, ROW.id.bytes, hashlib.sha256).digest()
    expected = hmac.new(salt, canonical(ROW), hashlib.sha256).digest()
    assert commitment(ROW, secret=b"s" * 32) == expected
    public = hmac.new(b"haihe ledger: no subject", ROW.id.bytes, hashlib.sha256).digest()
    assert commitment(ROW, secret=None) == hmac.new(public, canonical(ROW), hashlib.sha256).digest()


def test_the_moment_is_the_same_in_every_zone() -> None:
    elsewhere = replace(ROW, at=ROW.at.astimezone(timezone(timedelta(hours=8))))
    assert canonical(elsewhere) == canonical(ROW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0")
    ),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), each, max_size=3
    ),
    max_leaves=8,
)  # fmt: skip


@pytest.mark.django_db
@given(st.dictionaries(st.sampled_from(["a", "b", "Z", "ü"]), JSON))
@settings(max_examples=60, deadline=None)
def test_a_body_has_the_same_bytes_after_the_database(body: dict[str, Any]) -> None:
    row = replace(ROW, body=body)
    with connection.cursor() as cursor:
        cursor.execute("select %s::jsonb::text", [json.dumps(body)])
        (text,) = cursor.fetchone()
    assert canonical(replace(row, body=json.loads(text))) == canonical(row)


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    # In a thread of its own: a browser's test may keep a loop in this one.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


@pytest.fixture
def secrets() -> SubjectSecrets:

    return SubjectSecrets(sealing.key(ours().keys_path, "ledger"))


async def _insert(rows: list[EntryRow], secrets: SubjectSecrets) -> None:
    own = await asyncpg.connect(kit.url())
    try:
        await insert_entries(own, rows, secrets=secrets)
    finally:
        await own.close()


def _rows(people: list[bytes | None]) -> list[EntryRow]:
    return [
        EntryRow(kind="test.looked", actor="system:c1", subject=person, body={"n": number})
        for number, person in enumerate(people)
    ]


@pytest.mark.django_db(transaction=True)
def test_rows_of_the_hot_path_verify_like_the_kernels_own(
    tmp_path: Any, secrets: SubjectSecrets
) -> None:
    people = [os.urandom(16) for _ in range(20)]
    kit.write(1, subject=people[0])
    rows = _rows([*people, *people, None])
    _run(_insert(rows, secrets))
    log = kit.sequencer(tmp_path)
    assert log.step() == 42
    log.close()
    assert kit.audit(tmp_path).findings == []
    assert len(queries.access_record(people[0])) == 3
    # Entries of one millisecond stand in no order among themselves.
    assert {each.body["n"] for each in queries.access_record(people[5])} == {5, 25}


@pytest.mark.django_db(transaction=True)
def test_a_remembered_secret_that_was_destroyed_is_not_used_again(
    tmp_path: Any, secrets: SubjectSecrets
) -> None:
    person = os.urandom(16)
    _run(_insert(_rows([person]), secrets))
    SubjectSecret.objects.filter(subject=person).delete()
    rows = _rows([person, None])
    _run(_insert(rows, secrets))
    fresh = secrets.opened(bytes(SubjectSecret.objects.get(subject=person).secret))
    assert bytes(Entry.objects.get(id=rows[0].id).leaf) == commitment(rows[0], secret=fresh)
    assert Entry.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_writers_who_meet_a_person_first_at_once_agree_on_one_secret(
    tmp_path: Any, secrets: SubjectSecrets
) -> None:
    people = [os.urandom(16) for _ in range(50)]
    others = [SubjectSecrets(secrets._key) for _ in range(6)]

    async def all_at_once() -> None:
        await asyncio.gather(*(_insert(_rows(people[::-1]), each) for each in others))

    _run(all_at_once())
    log = kit.sequencer(tmp_path)
    assert log.step() == 300
    log.close()
    assert kit.audit(tmp_path).findings == []


@pytest.mark.django_db(transaction=True)
def test_more_persons_than_are_remembered_are_entered_all_the_same(secrets: SubjectSecrets) -> None:
    forgetful = SubjectSecrets(secrets._key, most=7)
    people = [os.urandom(16) for _ in range(5)]
    _run(_insert(_rows(people), forgetful))
    _run(_insert(_rows([*people[:3], *(os.urandom(16) for _ in range(20))]), forgetful))
    assert Entry.objects.count() == 28


KEY = Ed25519PrivateKey.generate()


@pytest.mark.parametrize("size", [1, 2, 3, 32, 33])
def test_every_promise_of_a_batch_verifies_alone(size: int) -> None:
    rows = _rows([None] * size)
    commit(rows, used={})
    promises = make_promises(rows, key=KEY, origin="here/log")
    assert len({promise.signature for promise in promises}) == 1
    for row, promise in zip(rows, promises, strict=True):
        again = read_promise(promise_text(promise))
        verify_promise(again, key=KEY.public_key(), origin="here/log")
        assert (again.entry, again.leaf_hash) == (row.id, row.leaf_hash)
    assert promises[0].path == () or size > 1


@pytest.mark.parametrize(
    "changed",
    [
        {"entry": UUID(int=7)},
        {"leaf": "00" * 32},
        {"at": "2026-01-01T00:00:00.000000Z"},
        {"index": 1},
        {"size": 3},
        {"path": ()},
        {"leaf": "zz"},
        {"signature": "AA=="},
        {"origin": "there/log"},
        {"signature": "!"},
    ],
)
def test_a_changed_promise_is_refused(changed: dict[str, Any]) -> None:
    rows = _rows([None] * 4)
    commit(rows, used={})
    first = json.loads(promise_text(make_promises(rows, key=KEY, origin="here/log")[0]))
    text = json.dumps({**first, **changed}, default=str).encode()
    with pytest.raises(BadPromise):
        verify_promise(read_promise(text), key=KEY.public_key(), origin="here/log")


@pytest.mark.parametrize("text", [b"", b"{}", b"[1]", b"\xff", b'{"origin":1}'])
def test_what_is_no_promise_is_refused(text: bytes) -> None:
    with pytest.raises(BadPromise):
        read_promise(text)
