"""The witness cosigns what extends what it saw, and refuses every other history."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from haihe.edges.tlog.checkpoints import Checkpoint, signed_checkpoint
from haihe.edges.tlog.notes import ED25519, SigningKey, VerifierKey, read_verifier_key
from haihe.edges.tlog.witnesses import add_checkpoint_body
from haihe.engine.merkle.tree import Tree, consistency_path, leaf_hash
from haihe.kernel.ledger import queries
from haihe.kernel.ledger.errors import WitnessRefused
from haihe.kernel.ledger.log_files import LogFiles
from haihe.kernel.ledger.models import Cosignature
from haihe.kernel.ledger.witnessing import NoWitness, Witness
from tests.ledger import kit


@contextlib.contextmanager
def standin(state: Path, log: VerifierKey = kit.KEY.verifier) -> Iterator[Witness]:
    """The stand-in as a process of its own, on a free port."""
    command = [sys.executable, "-m", "standins.witness", "--port", "0", "--state", str(state)]
    with subprocess.Popen(
        [*command, "--log-key", log.text], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        key, url = process.stdout.readline(), process.stdout.readline()
        try:
            yield Witness(url.strip(), key=read_verifier_key(key))
        finally:
            process.terminate()


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    with standin(tmp_path / "witness") as found:
        yield found


def _tree(size: int, salt: bytes = b"") -> Tree:
    return Tree(leaf_hash(salt + bytes([number])) for number in range(size))


def _note(tree: Tree, key: SigningKey = kit.KEY) -> str:
    return signed_checkpoint(Checkpoint(key.name, tree.size, tree.root()), key=key)


def _status(witness: Witness, old: int, proof: list[bytes], checkpoint: str) -> int:
    body = add_checkpoint_body(old=old, proof=proof, checkpoint=checkpoint)
    return witness._call("/add-checkpoint", body)[0]


def test_it_cosigns_a_growing_log(witness: Witness) -> None:
    tree = _tree(0)
    for size in (1, 2, 7, 8, 8, 20):
        tree = _tree(size)
        found = witness.cosign(
            _note(tree), prove=lambda old, new, tree=tree: consistency_path(tree.lookup, old, new)
        )
        assert found.witness == witness.key.name
    head = witness.head(kit.KEY.name)
    assert head is not None
    assert (head[1].size, head[1].root) == (20, tree.root())


def test_it_remembers_across_its_own_restart(tmp_path: Path) -> None:
    tree = _tree(9)
    with standin(tmp_path / "w") as first:
        first.cosign(_note(_tree(5)), prove=lambda old, new: [])
    with standin(tmp_path / "w") as again:
        assert again.key == first.key
        again.cosign(_note(tree), prove=lambda old, new: consistency_path(tree.lookup, old, new))


def test_it_refuses_another_history(witness: Witness) -> None:
    witness.cosign(_note(_tree(5)), prove=lambda old, new: [])
    for size in (5, 9):
        other = _tree(size, salt=b"other")
        with pytest.raises(WitnessRefused):
            witness.cosign(
                _note(other),
                prove=lambda old, new, tree=other: consistency_path(tree.lookup, old, new),
            )
    with pytest.raises(WitnessRefused):
        witness.cosign(_note(_tree(4)), prove=lambda old, new: [])


def test_it_answers_with_the_statuses_of_the_specification(witness: Witness) -> None:
    tree = _tree(6)
    stranger = SigningKey("riverton.example/ledger", ED25519, b"s" * 32)
    elsewhere = SigningKey("other.example/ledger", ED25519, b"s" * 32)
    assert _status(witness, 0, [], _note(tree, elsewhere)) == 404
    assert _status(witness, 0, [], _note(tree, stranger)) == 403
    assert _status(witness, 7, [], _note(tree)) == 400
    assert _status(witness, 3, [], _note(tree)) == 409
    assert _status(witness, 0, [b"x" * 32], _note(tree)) == 422
    assert _status(witness, 0, [], "no note") == 400
    assert _status(witness, 0, [], _note(tree)) == 200
    assert _status(witness, 6, [], _note(_tree(6, salt=b"o"))) == 409


def test_two_witnesses_never_share_a_folder(tmp_path: Path) -> None:
    with standin(tmp_path / "w"):
        second = subprocess.run(
            [sys.executable, "-m", "standins.witness", "--port", "0", "--state", tmp_path / "w"],
            capture_output=True,
            check=False,
        )
    assert second.returncode == 1


@pytest.mark.django_db(transaction=True)
def test_the_log_is_published_with_its_cosignature(tmp_path: Path) -> None:
    with standin(tmp_path / "w") as witness:
        log = kit.sequencer(tmp_path / "log", witness=witness)
        for count in (1, 3, 300):
            kit.fill(count)
            log.step()
            assert f"— {witness.key.name} " in (LogFiles(tmp_path / "log").checkpoint() or "")
        log.close()
    assert list(Cosignature.objects.values_list("size", flat=True)) == [1, 4, 304]
    assert queries.summary().is_cosigned


@pytest.mark.django_db(transaction=True)
def test_a_missing_witness_shows_and_stops_nothing(tmp_path: Path) -> None:
    absent = Witness("http://127.0.0.1:9", key=kit.KEY.verifier)
    with pytest.raises(NoWitness):
        absent.head("any")
    log = kit.sequencer(tmp_path / "log", witness=absent)
    kit.write(2)
    assert log.step() == 2
    assert LogFiles(tmp_path / "log").checkpoint() is not None
    state = queries.summary()
    assert not state.is_cosigned
    assert state.awaited_since is not None
    with standin(tmp_path / "w") as witness:
        log.witness, log._patience._until = witness, 0.0
        assert log.step() == 0
    assert queries.summary().is_cosigned
    log.close()


@pytest.mark.django_db(transaction=True)
def test_a_lost_tile_that_a_proof_needs_is_made_again(tmp_path: Path) -> None:
    with standin(tmp_path / "w") as witness:
        log = kit.sequencer(tmp_path / "log", witness=witness)
        kit.fill(5)
        log.step()
        log.witness = None
        kit.fill(300)
        log.step()
        (tmp_path / "log/tile/0/000").unlink()
        log.witness = witness
        log.step()
        log.step()
        log.close()
    assert queries.summary().is_cosigned
    assert kit.audit(tmp_path / "log").findings == []
    assert (tmp_path / "log/tile/0/000").exists()
