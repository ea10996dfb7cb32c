"""Bech32, in which age writes its keys. Source: BIP 173; age lifts its limit of 90 signs."""

from __future__ import annotations

from collections.abc import Iterable

from haihe.engine.age.errors import BadKey

_SIGNS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKED = 6


def encode(prefix: str, data: bytes) -> str:
    """The data under a prefix, in small letters.

    >>> encode("age", bytes(2))
    'age1qqqqsyn9t7'
    """
    values = _regrouped(data, 8, 5, is_padded=True)
    joined = [*values, *_checksum(prefix, values)]
    return f"{prefix}1{''.join(_SIGNS[value] for value in joined)}"


def decode(text: str, *, prefix: str) -> bytes:
    """The data of a text in small or in capital letters; ``age.key.bad``."""
    lowered = text.lower()
    if text not in {lowered, text.upper()} or not lowered.startswith(f"{prefix}1"):
        raise BadKey
    values = [_SIGNS.find(sign) for sign in lowered[len(prefix) + 1 :]]
    is_whole = -1 not in values and len(values) >= _CHECKED
    if not is_whole or _polymod([*_spread(prefix), *values]) != 1:
        raise BadKey
    return bytes(_regrouped(values[:-_CHECKED], 5, 8, is_padded=False))


def _polymod(values: Iterable[int]) -> int:
    sum_ = 1
    for value in values:
        top = sum_ >> 25
        sum_ = (sum_ & 0x1FFFFFF) << 5 ^ value
        for place, generator in enumerate(_GENERATORS):
            sum_ ^= generator if top >> place & 1 else 0
    return sum_


def _spread(prefix: str) -> list[int]:
    return [*(ord(sign) >> 5 for sign in prefix), 0, *(ord(sign) & 31 for sign in prefix)]


def _checksum(prefix: str, values: list[int]) -> list[int]:
    sum_ = _polymod([*_spread(prefix), *values, *[0] * _CHECKED]) ^ 1
    return [sum_ >> 5 * (5 - place) & 31 for place in range(_CHECKED)]


def _regrouped(values: Iterable[int], width: int, into: int, *, is_padded: bool) -> list[int]:
    """The same bits in groups of another width; padding of zeros, less than a group."""
    held, bits, found = 0, 0, []
    for value in values:
        held, bits = held << width | value, bits + width
        while bits >= into:
            bits -= into
            found.append(held >> bits & (1 << into) - 1)
        held &= (1 << bits) - 1
    if is_padded and bits:
        found.append(held << into - bits)
    elif not is_padded and (bits >= width or held):
        raise BadKey
    return found
