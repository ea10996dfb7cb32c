"""Subjects' secrets, which salt the commitments of entries about them.

Stored sealed; kept opened in memory for the subjects that were last met. A secret from memory is
never trusted alone: the insert of entries checks that it is still the stored one.
"""

from __future__ import annotations

import secrets as random
from collections.abc import Iterable
from typing import Any, NamedTuple

from haihe.base import sealing
from haihe.engine.postgres.rows import copy_lines, copy_text

_FIELD = "ledger.subjectsecret"


class Opened(NamedTuple):
    """A subject's secret (32 bytes), with the sealed form in which it is stored."""

    sealed: bytes
    secret: bytes


class SubjectSecrets:
    """Opens and makes secrets with one sealing key; remembers at most ``most`` subjects."""

    def __init__(self, key: bytes, *, most: int = 50_000) -> None:
        self._key = key
        self._most = most
        self._known: dict[bytes, Opened] = {}

    def known(self, subjects: Iterable[bytes]) -> dict[bytes, Opened]:
        """Those of the subjects' secrets that are in memory."""
        return {subject: self._known[subject] for subject in subjects if subject in self._known}

    def unknown(self, subjects: Iterable[bytes]) -> list[bytes]:
        """Those of the subjects whose secrets are not in memory."""
        return [subject for subject in subjects if subject not in self._known]

    def learn(self, stored: Iterable[Any]) -> dict[bytes, Opened]:
        """Take (subject, sealed secret) pairs as stored; gives them opened.

        Errors: ``sealing.cannot_open``.
        """
        learnt = {
            bytes(subject): Opened(bytes(sealed), self.opened(sealed)) for subject, sealed in stored
        }
        if len(self._known) + len(learnt) > self._most:
            self._known.clear()
        self._known |= learnt
        return learnt

    def forget(self, subjects: Iterable[bytes]) -> None:
        """Drop subjects from memory."""
        for subject in subjects:
            self._known.pop(subject, None)

    def made_for(self, subjects: Iterable[bytes]) -> dict[bytes, bytes]:
        """New sealed secrets, to be stored unless another process was first."""
        return {
            subject: sealing.seal(random.token_hex(32), key=self._key, field=_FIELD)
            for subject in sorted(subjects)  # one order for all: two writers never deadlock
        }

    def opened(self, sealed: bytes) -> bytes:
        """One sealed secret, opened.

        Errors: ``sealing.cannot_open``.
        """
        return bytes.fromhex(sealing.unseal(sealed, key=self._key, field=_FIELD))


_WANTED = """
create temporary table if not exists wanted_secret (subject bytea, made bytea) on commit drop;
truncate wanted_secret
"""
_STORED = "select subject, secret from ledger_subjectsecret join wanted_secret using (subject)"
_MAKE = """
insert into ledger_subjectsecret (subject, secret)
select subject, made from wanted_secret order by subject on conflict do nothing
"""


def secrets_of_many(
    connection: Any, subjects: set[bytes], *, sealer: SubjectSecrets
) -> dict[bytes, bytes]:
    """Sealed secrets of subjects by the hundred thousand, made where there are none.

    ``connection`` is a psycopg connection in a transaction: rows go through a table of its own.
    """
    known = _asked(connection, dict.fromkeys(subjects, b""))
    if missing := subjects - known.keys():
        known |= _asked(connection, sealer.made_for(missing), is_new=True)
    return known


def _asked(
    connection: Any, wanted: dict[bytes, bytes], *, is_new: bool = False
) -> dict[bytes, bytes]:
    lines = (f"{copy_text(subject)}\t{copy_text(made)}" for subject, made in wanted.items())
    with connection.cursor() as cursor:
        cursor.execute(_WANTED)
        copy_lines(connection, "wanted_secret", ["subject", "made"], lines)
        if is_new:
            cursor.execute(_MAKE)
        cursor.execute(_STORED)
        return {bytes(subject): bytes(sealed) for subject, sealed in cursor.fetchall()}
