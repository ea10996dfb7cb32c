"""Notes, checkpoints, cosignatures and tile paths as C2SP's specifications give them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haihe.edges.tlog.checkpoints import (
    Checkpoint,
    read_checkpoint,
    read_checkpoint_text,
    signed_checkpoint,
)
from haihe.edges.tlog.cosignatures import cosign, cosignatures
from haihe.edges.tlog.notes import (
    COSIGNATURE,
    ED25519,
    BadNote,
    SigningKey,
    must_be_signed,
    read_note,
    read_verifier_key,
    sign,
)
from haihe.edges.tlog.tiles import BadTile, TileName, bundle, read_bundle, read_path
from haihe.edges.tlog.witnesses import add_checkpoint_body, read_add_checkpoint

LOG = SigningKey("here.example/log", ED25519, b"l" * 32)
WITNESS = SigningKey("there.example/witness", COSIGNATURE, b"w" * 32)
HEAD = Checkpoint("here.example/log", 20852163, bytes(range(32)))

GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""  # noqa: E501 - the note's own line
"""The example of golang.org/x/mod/sumdb/note, the reference implementation."""


def test_a_note_of_the_reference_implementation_verifies() -> None:
    must_be_signed(read_note(GO_NOTE), keys=[read_verifier_key(GO_KEY)])


def test_a_verifier_key_is_written_as_it_is_read() -> None:
    assert read_verifier_key(GO_KEY).text == GO_KEY
    assert read_verifier_key(LOG.verifier.text) == LOG.verifier


def test_a_checkpoint_is_read_as_it_was_signed() -> None:
    text = signed_checkpoint(HEAD, key=LOG)
    assert read_checkpoint(text, key=LOG.verifier) == HEAD
    assert text.split("\n")[:3] == [
        "here.example/log",
        "20852163",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    ]


def test_a_cosignature_verifies_under_the_checkpoint_and_no_other() -> None:
    text = signed_checkpoint(HEAD, key=LOG)
    line = cosign(HEAD.text, key=WITNESS, time=1679315147)
    (found,) = cosignatures(read_note(text + line), keys=[WITNESS.verifier])
    assert (found.witness, found.time) == (WITNESS.name, 1679315147)
    other = signed_checkpoint(Checkpoint(HEAD.origin, 1, HEAD.root), key=LOG)
    assert cosignatures(read_note(other + line), keys=[WITNESS.verifier]) == []
    assert read_checkpoint(text + line, key=LOG.verifier) == HEAD


def _unsigned(text: str) -> str:
    return text.split("\n\n", maxsplit=1)[0] + "\n"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("20852163", "20852164"),
        lambda text: text.replace("20852163", "020852163"),
        lambda text: text.replace("here.example/log\n2", "other.example/log\n2"),
        lambda text: text.replace("\n\n", "\n"),
        lambda text: text[:-1],
        lambda text: text.replace("—", "-"),
        lambda text: text + "\x00",
        lambda text: text.replace("=\n\n", "\n\n"),
        _unsigned,
        lambda text: "",
        lambda text: HEAD.text + "\n" + sign(HEAD.text, key=SigningKey("x", ED25519, b"x" * 32)),
    ],
)
def test_a_changed_checkpoint_is_refused(change: Callable[[str], str]) -> None:
    with pytest.raises(BadNote):
        read_checkpoint(change(signed_checkpoint(HEAD, key=LOG)), key=LOG.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n\n",
        "a\n1\nAA==\n",
        "\n1\nAA==\n",
        f"a\n-1\n{'A' * 43}=\n",
        f"a\n1_0\n{'A' * 43}=\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        read_checkpoint_text(text)


@pytest.mark.parametrize(
    "text", ["", "a+b", "a+00000000+AA==", "a b+c74f20a3+AA==", GO_KEY.replace("c74f", "c74e")]
)
def test_what_is_no_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(BadNote):
        read_verifier_key(text)


def test_a_known_keys_wrong_signature_spoils_the_note() -> None:
    text = signed_checkpoint(HEAD, key=LOG)
    wrong = sign("something else\n", key=LOG)
    with pytest.raises(BadNote):
        must_be_signed(read_note(text + wrong), keys=[LOG.verifier])


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (TileName(0, 0), "tile/0/000"),
        (TileName(0, 1234067), "tile/0/x001/x234/067"),
        (TileName(3, 1000, 17), "tile/3/x001/000.p/17"),
        (TileName(None, 999, 255), "tile/entries/999.p/255"),
    ],
)
def test_tiles_have_the_paths_of_the_specification(tile: TileName, path: str) -> None:
    assert tile.path == path
    assert read_path(path) == tile


@given(st.none() | st.integers(0, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_every_tile_has_one_path(level: int | None, index: int, width: int) -> None:
    tile = TileName(level, index, width)
    assert read_path(tile.path) == tile


@given(st.text(max_size=40))
def test_any_other_path_is_refused(text: str) -> None:
    try:
        assert read_path(text).path == text
    except BadTile as refused:
        assert refused.status == 404  # noqa: PT017 - either outcome is right


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_is_read_as_it_was_written(entries: list[bytes]) -> None:
    assert read_bundle(bundle(entries)) == entries


def test_a_cut_bundle_is_refused() -> None:
    for cut in (bundle([b"abc"])[:-1], b"\0"):
        with pytest.raises(BadTile):
            read_bundle(cut)


def test_a_request_to_a_witness_is_read_as_it_was_written() -> None:
    note = signed_checkpoint(HEAD, key=LOG)
    body = add_checkpoint_body(old=7, proof=[bytes(32), b"\1" * 32], checkpoint=note)
    asked = read_add_checkpoint(body)
    assert (asked.old, asked.proof, asked.checkpoint) == (7, (bytes(32), b"\1" * 32), note)
    assert body.startswith(b"old 7\nAAAA")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old\n\nx",
        b"old -1\n\nx",
        b"old 1\nAA==\n\nx",
        b"\xff\n\n",
        b"old 1" + b"\n" + b"AA" * 10,
        b"old 1\n" + b"A" * 43 + b"=\n" * 64 + b"\n",
    ],
)
def test_what_is_no_request_is_refused(body: Any) -> None:
    with pytest.raises(BadNote):
        read_add_checkpoint(body)
