"""age files: what the standard tool writes opens here, what is written here opens there."""

from __future__ import annotations

import base64
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haihe.base.errors import HaiheError
from haihe.engine.age import Identity, Sealing, new_identity, opened, read_identity, read_recipient
from tests import needs

PIECE = 64 * 1024
KEY = "AGE-SECRET-KEY-1YEZ05GK9Y0DG8SRPM2EWDAEC9KZFAQ8ME50C4AMJ87Y68HC58ECSY7PKUE"
"""Made by age-keygen 1.1.1 for this test alone; it opens nothing else."""
BY_AGE = base64.b64decode(
    "YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSAxVy82eXFZdm9WZTU0S1Q3Yjd2ZWNMM2xBaGMzT3VSbVBteTRm"
    "Vkt2cUhvCkNGbUJzR0VRYTlNbytMZEl2K0t4T01FN3J0RXZiN1Zqa2JHNDNGYnA0bEkKLS0tIDJhQnJSLys3WXBpaUZn"
    "OTRTRWN1WlJxR1F5OGpYdG10aUlMcWpSaTNOazAKD9TKrLS76/E7ZWitAOJ3nM842F6+GeZ2Kh/CkqSlAitLUfnrwwqG"
    "vaU="
)


def sealed(content: bytes, *identities: Identity, cut: int = 1 << 16) -> bytes:
    """The content as a file for these keys, written in parts of ``cut`` bytes."""
    into = BytesIO()
    sealing = Sealing(into, recipients=[each.recipient for each in identities])
    for at in range(0, len(content), cut):
        sealing.write(content[at : at + cut])
    sealing.close()
    return into.getvalue()


def read(file: bytes, identity: Identity) -> bytes:
    """The content of a file."""
    return b"".join(opened(BytesIO(file), identity=identity))


def code_of(file: bytes, identity: Identity) -> str:
    """The code of the error that opening a file raises."""
    with pytest.raises(HaiheError) as raised:
        read(file, identity)
    return raised.value.code


def test_what_the_standard_tool_wrote_opens_here() -> None:
    assert read(BY_AGE, read_identity(f"# made for a test\n{KEY}\n")) == "名字,1\n".encode()


@given(st.binary(max_size=200), st.integers(1, 300_000), st.integers(0, 3))
def test_what_is_sealed_opens_whole(seed: bytes, cut: int, pieces: int) -> None:
    identity = new_identity()
    whole = bytes(PIECE * pieces) + seed
    assert read(sealed(whole, identity, cut=cut), identity) == whole


def test_each_of_several_receivers_opens_it_and_nobody_else() -> None:
    first, second = new_identity(), new_identity()
    file = sealed(b"rows", first, second)
    assert read(file, first) == read(file, second) == b"rows"
    assert code_of(file, new_identity()) == "age.file.not_for_this_key"


@given(st.data())
def test_one_turned_bit_or_a_cut_end_is_told(data: st.DataObject) -> None:
    identity = new_identity()
    file = bytearray(sealed(bytes(PIECE + 10), identity))
    file[data.draw(st.integers(0, len(file) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert code_of(bytes(file), identity).startswith("age.file.")
    whole = sealed(bytes(PIECE + 10), identity)
    cut = data.draw(st.integers(0, len(whole) - 1))
    assert code_of(whole[:cut], identity).startswith("age.file.")


def test_pieces_that_change_places_or_are_dropped_are_told() -> None:
    identity = new_identity()
    file = sealed(bytes(PIECE) + bytes([1]) * PIECE + b"end", identity)
    start = len(file) - 2 * (PIECE + 16) - (3 + 16)
    first, second = file[start : start + PIECE + 16], file[start + PIECE + 16 : -19]
    assert code_of(file[:start] + second + first + file[-19:], identity) == "age.file.bad"
    assert code_of(file[:start] + first + file[-19:], identity) == "age.file.bad"
    assert code_of(file[:start] + first + second, identity) == "age.file.bad"


def test_keys_are_read_as_they_are_written_and_nothing_else_is() -> None:
    identity = new_identity()
    public = identity.recipient.text
    assert read_recipient(f" {public}\n").text == public
    assert read_identity(identity.text).recipient.text == public
    wrong = {
        "": "age.key.bad",
        "age1": "age.key.bad",
        public[:-1]: "age.key.bad",
        public.upper(): "age.key.bad",
        public.replace(public[20], "q" if public[20] != "q" else "p", 1): "age.key.bad",
        identity.text: "age.key.private",
        f"# key\n{identity.text.lower()}": "age.key.private",
    }
    for text, code in wrong.items():
        with pytest.raises(HaiheError) as raised:
            read_recipient(text)
        assert raised.value.code == code, text


@needs.age
def test_the_standard_tool_opens_what_is_written_here(tmp_path: Path) -> None:
    identity = new_identity()
    (tmp_path / "key").write_text(identity.text)
    for size in (0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE):
        (tmp_path / "file").write_bytes(sealed(bytes(size), identity))
        asked = [needs.AGE, "-d", "-i", str(tmp_path / "key"), str(tmp_path / "file")]
        assert subprocess.run(asked, capture_output=True, check=True).stdout == bytes(size)
