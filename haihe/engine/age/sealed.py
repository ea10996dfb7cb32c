"""An age file: its header of stanzas under a MAC, then the content in sealed pieces of 64 KiB."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from haihe.engine.age.errors import BadFile, NotForThisKey
from haihe.engine.age.keys import FILE_KEY, Identity, Recipient, Stanza, from_unpadded, unpadded

_VERSION = b"age-encryption.org/v1\n"
_PIECE = 64 * 1024
_TAG = 16
_NONCE = 16
_COLUMNS = 64
_MOST_HEADER = 64 * 1024


class Sealing:
    """Writes one file for its recipients: ``write`` as often as needed, then ``close`` once.

    ``into`` stays open. Memory: a piece.
    """

    def __init__(self, into: BinaryIO, *, recipients: Sequence[Recipient]) -> None:
        file_key, nonce = secrets.token_bytes(FILE_KEY), secrets.token_bytes(_NONCE)
        self._into = into
        self._held = bytearray()
        self._number = 0
        self._cipher = _payload_cipher(file_key, nonce)
        into.write(_header(file_key, [each.wrap(file_key) for each in recipients]) + nonce)

    def write(self, data: bytes) -> None:
        """Seal what makes whole pieces; the last one is kept, for it bears a mark."""
        self._held += data
        while len(self._held) > _PIECE:
            self._put(bytes(self._held[:_PIECE]), is_last=False)
            del self._held[:_PIECE]

    def close(self) -> None:
        """Seal the last piece, which says that nothing follows."""
        self._put(bytes(self._held), is_last=True)

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        nonce = _piece_nonce(self._number, is_last=is_last)
        self._into.write(self._cipher.encrypt(nonce, piece, None))
        self._number += 1


def opened(source: BinaryIO, *, identity: Identity) -> Iterator[bytes]:
    """The content, piece by piece, each checked before it is given.

    A file that was cut off shows at its end: what came before it is then to be thrown away.
    Errors: ``age.file.bad``, ``age.file.not_for_this_key``.
    """
    file_key = _file_key(source, identity)
    nonce = source.read(_NONCE)
    if len(nonce) != _NONCE:
        raise BadFile
    cipher = _payload_cipher(file_key, nonce)
    number, piece = 0, source.read(_PIECE + _TAG)
    while True:
        after = source.read(_PIECE + _TAG)
        try:
            content = cipher.decrypt(_piece_nonce(number, is_last=not after), piece, None)
        except InvalidTag:
            raise BadFile from None
        if not content and number:
            raise BadFile
        yield content
        if not after:
            return
        number, piece = number + 1, after


def _header(file_key: bytes, stanzas: Sequence[Stanza]) -> bytes:
    lines = [_VERSION]
    for each in stanzas:
        lines.append(f"-> {' '.join((each.scheme, *each.words))}\n".encode())
        body = unpadded(each.body)
        # The last line is shorter than the others, empty if need be: so its end is known.
        cut = range(0, len(body) + 1, _COLUMNS)
        lines += [f"{body[at : at + _COLUMNS]}\n".encode() for at in cut]
    covered = b"".join(lines) + b"---"
    mac = _header_mac(file_key, covered)
    return covered + f" {unpadded(mac.finalize())}\n".encode()


def _file_key(source: BinaryIO, identity: Identity) -> bytes:
    stanzas, covered, mac = _read_header(source)
    found = (identity.unwrap(each) for each in stanzas)
    file_key = next((key for key in found if key is not None), None)
    if file_key is None:
        raise NotForThisKey
    try:
        _header_mac(file_key, covered).verify(mac)
    except InvalidSignature:
        raise BadFile from None
    return file_key


def _read_header(source: BinaryIO) -> tuple[list[Stanza], bytes, bytes]:
    """The stanzas, the bytes under the MAC, and the MAC."""
    if source.read(len(_VERSION)) != _VERSION:
        raise BadFile("The file is none of age's.")
    covered = bytearray(_VERSION)
    stanzas: list[Stanza] = []
    while len(covered) < _MOST_HEADER:
        line = _line(source)
        words = line.split(" ")
        if words[0] == "---" and len(words) == 2:
            return stanzas, bytes(covered) + b"---", from_unpadded(words[1])
        if words[0] != "->" or len(words) < 2 or not all(words):
            raise BadFile
        covered += f"{line}\n".encode()
        body = [_line(source)]
        while len(body[-1]) == _COLUMNS:
            body.append(_line(source))
        covered += "".join(f"{each}\n" for each in body).encode()
        stanzas.append(Stanza(words[1], tuple(words[2:]), from_unpadded("".join(body))))
    raise BadFile


def _line(source: BinaryIO) -> str:
    line = source.readline(_MOST_HEADER)
    if not line.endswith(b"\n") or not line.isascii():
        raise BadFile
    return line[:-1].decode()


def _header_mac(file_key: bytes, covered: bytes) -> HMAC:
    key = HKDF(hashes.SHA256(), length=32, salt=None, info=b"header").derive(file_key)
    mac = HMAC(key, hashes.SHA256())
    mac.update(covered)
    return mac


def _payload_cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    key = HKDF(hashes.SHA256(), length=32, salt=nonce, info=b"payload").derive(file_key)
    return ChaCha20Poly1305(key)


def _piece_nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
