"""Keyed hashes of subjects in bulk: the same 16 bytes as `base.sealing.subject_key`, in SQL."""

from __future__ import annotations

_BLOCK = 64


def _blob(data: bytes) -> str:
    return "'" + "".join(f"\\x{byte:02X}" for byte in data) + "'::blob"


def subject_key_sql(number: str, *, scheme: str, key: bytes) -> str:
    """DuckDB expression: HMAC-SHA256 of ``scheme:NUMBER`` cut to 16 bytes, a blob.

    ``number`` is an expression of text; spaces are dropped and letters raised as Python does.
    The expression holds the key: it is never logged nor stored. Source: RFC 2104.
    """
    padded = key.ljust(_BLOCK, b"\0")
    inner = _blob(bytes(byte ^ 0x36 for byte in padded))
    outer = _blob(bytes(byte ^ 0x5C for byte in padded))
    normal = f"upper(regexp_replace({number}, '[\\s\\v\\x1c-\\x1f\\x85\\p{{Z}}]', '', 'g'))"
    message = f"encode('{scheme}:' || {normal})"
    first = f"unhex(sha256({inner} || {message}))"
    return f"unhex(left(sha256({outer} || {first}), 32))"
