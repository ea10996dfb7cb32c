"""Sealing: identity numbers, addresses of sources and the like are stored sealed.

A sealed value is AES-256-GCM over the text, with the field's name as associated data, so that a
value moved to another field does not open. Numbers are found only by a keyed hash: HMAC-SHA256,
cut to 16 bytes. Keys are 32 random bytes each in the data folder, readable by the owner only.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from haihe.base.errors import HaiheError
from haihe.base.ids import SubjectKey

_NONCE = 12


class CannotOpen(HaiheError):
    """A sealed value does not open with this key."""

    code = "sealing.cannot_open"
    message = "A sealed value does not open with this installation's key."
    hint = "Restore the key folder that belongs to this database."


def key(folder: Path, name: str) -> bytes:
    """The 32-byte key of that name; made at first use, never overwritten."""
    path = folder / f"{name}.key"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = folder / f".{name}.{secrets.token_hex(8)}"
        made.touch(mode=0o600)
        made.write_bytes(secrets.token_bytes(32))
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path.read_bytes()


def seal(text: str, *, key: bytes, field: str) -> bytes:
    """Seal a text for one field."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), field.encode())


def unseal(sealed: bytes, *, key: bytes, field: str) -> str:
    """Open what ``seal`` made; ``sealing.cannot_open`` if the key or field differs."""
    try:
        return (
            AESGCM(key).decrypt(bytes(sealed[:_NONCE]), bytes(sealed[_NONCE:]), field.encode())
        ).decode()
    except InvalidTag:
        raise CannotOpen from None


def subject_key(number: str, *, scheme: str, key: bytes) -> SubjectKey:
    """Keyed hash of a subject's number under an identifier scheme (see ``base.identifiers``).

    HMAC-SHA256 of ``scheme:NUMBER`` in capitals without spaces, first 16 bytes. The same value
    is computed in bulk inside DuckDB; see ``engine.lake``.
    """
    normal = "".join(number.split()).upper()
    message = f"{scheme}:{normal}".encode()
    return SubjectKey(hmac.new(key, message, hashlib.sha256).digest()[:16])
