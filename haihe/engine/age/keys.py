"""Whom a file is encrypted to, and who opens it: today X25519; others are further classes here.

A recipient wraps the key of one file into a stanza of the file's header; an identity unwraps it.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from haihe.engine.age.bech32 import decode, encode
from haihe.engine.age.errors import BadFile, BadKey, PrivateKeyGiven

FILE_KEY = 16
"""Bytes of a file's own key."""
_PUBLIC, _PRIVATE = "age", "age-secret-key-"
_X25519 = "X25519"
_WRAPPED = FILE_KEY + 16
_NO_NONCE = bytes(12)


@dataclass(frozen=True)
class Stanza:
    """One recipient's part of a header: its scheme, further words, the wrapped key."""

    scheme: str
    words: tuple[str, ...]
    body: bytes


class Recipient(Protocol):
    """Somebody's public key."""

    @property
    def text(self) -> str:
        """The key as its owner writes it."""
        ...

    def wrap(self, file_key: bytes) -> Stanza:
        """The file's key for this recipient alone."""
        ...


class Identity(Protocol):
    """Somebody's private key."""

    @property
    def text(self) -> str:
        """The key as its owner keeps it; secret."""
        ...

    @property
    def recipient(self) -> Recipient:
        """The public half."""
        ...

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """The file's key; None if the stanza is somebody else's. ``age.file.bad``."""
        ...


@dataclass(frozen=True)
class _X25519Recipient:
    public: bytes

    @property
    def text(self) -> str:
        return encode(_PUBLIC, self.public)

    def wrap(self, file_key: bytes) -> Stanza:
        passing = X25519PrivateKey.generate()
        share = passing.public_key().public_bytes_raw()
        shared = _exchanged(passing, self.public)
        if shared is None:
            raise BadKey
        body = ChaCha20Poly1305(_wrapping_key(shared, share, self.public)).encrypt(
            _NO_NONCE, file_key, None
        )
        return Stanza(_X25519, (unpadded(share),), body)


@dataclass(frozen=True)
class _X25519Identity:
    private: bytes

    @property
    def text(self) -> str:
        return encode(_PRIVATE, self.private).upper()

    @property
    def recipient(self) -> _X25519Recipient:
        own = X25519PrivateKey.from_private_bytes(self.private)
        return _X25519Recipient(own.public_key().public_bytes_raw())

    def unwrap(self, stanza: Stanza) -> bytes | None:
        if stanza.scheme != _X25519:
            return None
        share = from_unpadded(stanza.words[0]) if len(stanza.words) == 1 else b""
        if len(share) != 32 or len(stanza.body) != _WRAPPED:
            raise BadFile
        shared = _exchanged(X25519PrivateKey.from_private_bytes(self.private), share)
        if shared is None:
            raise BadFile
        key = _wrapping_key(shared, share, self.recipient.public)
        try:
            return ChaCha20Poly1305(key).decrypt(_NO_NONCE, stanza.body, None)
        except InvalidTag:
            return None


def new_identity() -> Identity:
    """A fresh private key."""
    return _X25519Identity(X25519PrivateKey.generate().private_bytes_raw())


def read_recipient(text: str) -> Recipient:
    """The public key that a text says; ``age.key.bad``, ``age.key.private``."""
    given = text.strip()
    if _PRIVATE in given.lower():
        raise PrivateKeyGiven
    public = decode(given, prefix=_PUBLIC)
    if len(public) != 32 or given != given.lower():
        raise BadKey
    recipient = _X25519Recipient(public)
    recipient.wrap(bytes(FILE_KEY))  # refuses points that give no secret
    return recipient


def read_identity(text: str) -> Identity:
    """The private key of a key file: its one line that is no comment; ``age.key.bad``."""
    lines = [line.strip() for line in text.splitlines()]
    told = [line for line in lines if line and not line.startswith("#")]
    private = decode(told[0], prefix=_PRIVATE) if len(told) == 1 else b""
    if len(private) != 32:
        raise BadKey(
            "This file holds no private key of age.",
            hint="Its line begins with AGE-SECRET-KEY-1; haihe export keygen writes one.",
        )
    return _X25519Identity(private)


def unpadded(data: bytes) -> str:
    """Base64 without padding, as headers have it."""
    return base64.b64encode(data).rstrip(b"=").decode()


def from_unpadded(text: str) -> bytes:
    """The bytes of canonical base64 without padding; ``age.file.bad``."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise BadFile from None
    if unpadded(data) != text:
        raise BadFile
    return data


def _exchanged(private: X25519PrivateKey, public: bytes) -> bytes | None:
    """The shared secret; None where a point of low order gives none."""
    try:
        return private.exchange(X25519PublicKey.from_public_bytes(public))
    except ValueError:
        return None


def _wrapping_key(shared: bytes, share: bytes, public: bytes) -> bytes:
    info = b"age-encryption.org/v1/X25519"
    return HKDF(hashes.SHA256(), length=32, salt=share + public, info=info).derive(shared)
