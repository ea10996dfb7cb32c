"""The sequencer numbers every settled entry once, publishes what is backed, survives crashes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from haihe.edges.tlog.checkpoints import read_checkpoint
from haihe.edges.tlog.notes import ED25519, SigningKey
from haihe.edges.tlog.tiles import TileName, read_bundle
from haihe.engine.merkle.numbering import NoLedger
from haihe.engine.merkle.tree import EMPTY_ROOT, Frontier, consistency_path, is_consistent
from haihe.kernel.ledger.errors import LogBroken, SequencerRuns
from haihe.kernel.ledger.log_files import LogFiles
from haihe.kernel.ledger.models import Checkpoint, Numbered
from haihe.kernel.ledger.sequencing import Sequencer
from tests.ledger import kit
from tests.plugin import SERVER

pytestmark = pytest.mark.django_db(transaction=True)


def test_entries_are_numbered_and_published_with_their_tiles(tmp_path: Path) -> None:
    log = kit.sequencer(tmp_path)
    made = kit.write(3)
    assert log.step() == 3
    head = read_checkpoint(LogFiles(tmp_path).checkpoint() or "", key=kit.KEY.verifier)
    assert head.size == 3
    numbered = Numbered.objects.order_by("number")
    assert [row.entry for row in numbered] == sorted(made)
    entries = read_bundle(LogFiles(tmp_path).read(TileName(None, 0, 3)) or b"")
    assert [entry[:16] for entry in entries] == [row.entry.bytes for row in numbered]
    assert log.step() == 0
    log.close()


def test_each_checkpoint_extends_every_earlier_one(tmp_path: Path) -> None:
    log = kit.sequencer(tmp_path)
    heads = []
    for count in (1, 2, 300, 5, 256):
        kit.fill(count)
        assert log.step() == count
        heads.append(read_checkpoint(LogFiles(tmp_path).checkpoint() or "", key=kit.KEY.verifier))
    log.close()
    tree = LogFiles(tmp_path).tree(heads[-1].size)
    for old in heads:
        path = consistency_path(tree.lookup, old.size, tree.size)
        assert is_consistent(
            old=old.size, old_root=old.root, new=tree.size, new_root=heads[-1].root, path=path
        )


def test_a_second_sequencer_is_refused(tmp_path: Path) -> None:
    first, second = kit.sequencer(tmp_path), kit.sequencer(tmp_path)
    first.resume()
    with pytest.raises(SequencerRuns):
        second.resume()
    first.close()
    second.resume()
    second.close()


@pytest.mark.parametrize("lost", ["everything", "tile", "checkpoint", "cut"])
def test_lost_files_are_made_again_from_the_numbers(tmp_path: Path, lost: str) -> None:
    log = kit.sequencer(tmp_path)
    kit.fill(260)
    log.step()
    log.close()
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    if lost == "everything":
        shutil.rmtree(tmp_path)
    elif lost == "cut":
        (tmp_path / "tile/0/001.p/4").write_bytes(b"x" * 17)
    else:
        (tmp_path / {"tile": "tile/0/001.p/4", "checkpoint": "checkpoint"}[lost]).unlink()
    log.resume()
    log.close()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_database_behind_the_published_checkpoint_stops_the_log(tmp_path: Path) -> None:
    log = kit.sequencer(tmp_path)
    kit.write(2)
    log.step()
    log.close()
    kit.as_owner("delete from ledger_checkpoint")
    with pytest.raises(LogBroken):
        log.resume()
    log.close()


def test_another_key_than_the_logs_own_signs_nothing(tmp_path: Path) -> None:
    log = kit.sequencer(tmp_path)
    kit.write(2)
    log.step()
    log.close()
    other = SigningKey(kit.KEY.name, ED25519, b"o" * 32)
    thief = Sequencer(kit.url(), files=LogFiles(tmp_path), key=other)
    with pytest.raises(LogBroken, match="not signed by this installation's key"):
        thief.step()
    thief.close()


def test_a_database_without_tables_is_told(tmp_path: Path) -> None:
    log = Sequencer(SERVER.url("postgres"), files=LogFiles(tmp_path), key=kit.KEY)
    with pytest.raises(NoLedger):
        log.step()


def test_an_empty_log_publishes_nothing(tmp_path: Path) -> None:
    log = kit.sequencer(tmp_path)
    assert log.step() == 0
    log.close()
    assert LogFiles(tmp_path).checkpoint() is None
    assert not Checkpoint.objects.exists()
    assert Frontier().root() == EMPTY_ROOT
