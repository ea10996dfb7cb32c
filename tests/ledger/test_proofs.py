"""Proofs of inclusion and promises lead from an entry to what the log has signed."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import transaction

from haihe.base.clock import now
from haihe.base.settings import settings
from haihe.edges.tlog.checkpoints import read_checkpoint
from haihe.engine.merkle.promise import verify_promise
from haihe.engine.merkle.tree import root_from_inclusion
from haihe.kernel.ledger import actions, queries
from haihe.kernel.ledger.errors import NoEntry
from haihe.kernel.ledger.keys import log_files, log_key
from haihe.kernel.ledger.sequencing import Sequencer
from tests.ledger import kit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def log(clear_log: None) -> Sequencer:
    return Sequencer(kit.url(), files=log_files(settings()), key=log_key(settings()))


def test_an_entrys_path_leads_to_the_published_root(log: Sequencer) -> None:
    made = kit.write(7)
    log.step()
    for entry in made:
        proof = queries.inclusion(entry)
        assert proof is not None
        root = root_from_inclusion(
            proof.leaf_hash, index=proof.number, size=proof.size, path=proof.path
        )
        assert root == read_checkpoint(proof.checkpoint, key=log_key(settings()).verifier).root
    log.close()


def test_an_entry_waits_until_it_is_numbered(log: Sequencer) -> None:
    (entry,) = kit.write(1)
    assert queries.inclusion(entry) is None
    assert queries.summary().waiting == 1
    log.step()
    assert queries.inclusion(entry) is not None
    state = queries.summary()
    assert (state.size, state.waiting, state.is_cosigned) == (1, 0, False)
    assert state.awaited_since is not None
    log.close()


def test_an_unknown_entry_has_no_proof_and_no_promise() -> None:
    for ask in (queries.inclusion, queries.promise_of):
        with pytest.raises(NoEntry):
            ask(uuid.uuid4())


def test_a_promise_is_given_only_once_the_entry_is_committed() -> None:
    with transaction.atomic():
        entry = actions.record(by=kit.OFFICER, kind="test.looked")
        with pytest.raises(NoEntry):
            queries.promise_of(entry)
    promise = queries.promise_of(entry)
    key = log_key(settings())
    verify_promise(promise, key=key.private.public_key(), origin=key.name)
    assert promise == queries.promise_of(entry)


def test_the_auditors_page_is_paged_newest_first() -> None:
    made = sorted(kit.write(5), reverse=True)
    first = queries.entries(queries.Filter(department="d01"), limit=2)
    assert [line.entry for line in first] == made[:2]
    second = queries.entries(limit=2, before=first[-1].entry)
    assert [line.entry for line in second] == made[2:4]


def test_the_auditors_page_of_one_kind_is_paged_by_moment() -> None:
    kit.write(5)
    of_kind = queries.Filter(kind="test.looked", since=now() - timedelta(minutes=1), until=now())
    whole = queries.entries(of_kind)
    assert [line.at for line in whole] == sorted((line.at for line in whole), reverse=True)
    assert len(whole) == 5
    first = queries.entries(of_kind, limit=2)
    assert first + queries.entries(of_kind, before=first[-1].entry) == whole


def test_the_auditors_page_is_filtered() -> None:
    kit.write(2)
    assert queries.entries(queries.Filter(kind="test.ruled")) == []
    assert queries.entries(queries.Filter(until=now() - timedelta(minutes=1))) == []
    assert queries.entries(queries.Filter(purpose="none", actor="officer:17")) == []
