"""The log's public addresses show what its published checkpoint covers, and nothing else."""

from __future__ import annotations

import pytest
from django.test import Client

from haihe.base.settings import settings
from haihe.edges.tlog.checkpoints import read_checkpoint
from haihe.edges.tlog.notes import read_verifier_key
from haihe.edges.tlog.tiles import read_bundle
from haihe.engine.merkle.tree import Frontier, leaf_hash
from haihe.kernel.ledger.keys import log_files, log_key
from haihe.kernel.ledger.sequencing import Sequencer
from tests.ledger import kit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def published(clear_log: None) -> None:
    log = Sequencer(kit.url(), files=log_files(settings()), key=log_key(settings()))
    kit.fill(258)
    log.step()
    log.close()


@pytest.mark.usefixtures("published")
def test_a_stranger_rebuilds_the_root_from_the_public_addresses_alone() -> None:
    client = Client()
    key = read_verifier_key(client.get("/ledger/key").content.decode())
    head = read_checkpoint(client.get("/ledger/checkpoint").content.decode(), key=key)
    entries = []
    for name in ("entries/000", "entries/001.p/2"):
        entries += read_bundle(client.get(f"/ledger/tile/{name}").content)
    frontier = Frontier()
    frontier.extend(leaf_hash(entry) for entry in entries)
    assert (frontier.size, frontier.root()) == (head.size, head.root)


@pytest.mark.usefixtures("published")
def test_tiles_are_cached_for_good_and_checkpoints_are_not() -> None:
    client = Client()
    assert "immutable" in client.get("/ledger/tile/0/000")["Cache-Control"]
    assert client.get("/ledger/checkpoint")["Cache-Control"] == "public, max-age=1"


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    "name",
    [
        "0/../../../keys/log.key",
        "0/..%2f..%2fcheckpoint",
        "/etc/passwd",
        "0/001",
        "0/001.p/3",
        "0/001.p/02",
        "0/001.p/256",
        "0/000.p/0",
        "0/0",
        "0/x000/000",
        "00/000",
        "64/000",
        "2/000.p/1",
        "entries/002.p/1",
        "0/.000.new",
        "0/\u0660\u0660\u0660",
    ],
)
def test_no_other_address_shows_anything(name: str) -> None:
    assert Client().get(f"/ledger/tile/{name}").status_code == 404


@pytest.mark.usefixtures("clear_log")
def test_before_the_first_checkpoint_there_is_none() -> None:
    assert Client().get("/ledger/checkpoint").status_code == 404
    assert Client().get("/ledger/tile/0/000.p/1").status_code == 404
    assert Client().post("/ledger/checkpoint").status_code == 405
