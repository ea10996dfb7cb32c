"""Secrets, keyed hashes and the numbers that people read out."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from stdnum import luhn

from haihe.base import sealing
from haihe.base.actor import Actor
from haihe.base.settings import settings

DIGITS = 8


def new_token() -> str:
    """A secret of 128 bits, as it stands in a link."""
    return secrets.token_urlsafe(16)


def keyed(sort: str, value: str) -> bytes:
    """The keyed hash of a token, device, account or address: 16 bytes."""
    key = sealing.key(settings().keys_path, "snap")
    return hmac.new(key, f"{sort}:{value}".encode(), hashlib.sha256).digest()[:16]


def visitor(token: str) -> Actor:
    """Whoever holds a secret: the opener of an anonymous report."""
    return Actor("visitor", keyed("token", token).hex())


def new_number() -> str:
    """A number by chance with its check digit, so that no other can be guessed from it."""
    plain = f"{secrets.randbelow(9 * 10 ** (DIGITS - 1)) + 10 ** (DIGITS - 1)}"
    return plain + luhn.calc_check_digit(plain)


def read_number(text: str) -> str:
    """Nine digits as somebody typed them, or nothing if they can't be a report's number.

    >>> read_number("1234 5678-2"), read_number("123456783")
    ('123456782', '')
    """
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())
    return digits if len(digits) == DIGITS + 1 and luhn.is_valid(digits) else ""


def spoken(number: str) -> str:
    """A number in threes, as it is read out.

    >>> spoken("123456782")
    '123 456 782'
    """
    return " ".join(number[at : at + 3] for at in range(0, len(number), 3))


def seal_phone(number: str) -> bytes:
    """A telephone number, sealed for its column."""
    return sealing.seal(number, key=_sealing_key(), field="snap.phone")


def shown_phone(sealed: bytes | None) -> str:
    """The number that was left, unsealed: for whoever looked the report up with a purpose."""
    if sealed is None:
        return ""
    return sealing.unseal(bytes(sealed), key=_sealing_key(), field="snap.phone")


def _sealing_key() -> bytes:
    return sealing.key(settings().keys_path, "snap_phones")
